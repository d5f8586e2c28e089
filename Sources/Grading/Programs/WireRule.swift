/// What can be demanded of a program and is judged from its packets; `Documentation/exercises.md` tells each.
package enum WireRule: String, CaseIterable, Sendable, Codable {
  // A client's.
  case connect
  case waitGreeting = "wait-greeting"
  case waitReply = "wait-reply"
  case crlf
  case order, syntax, multiline, code
  /// The named recipients, and the sender.
  case envelope
  case end
  /// The body arrives as it was meant: stuffing.
  case body
  case headers, auth, quit, limits
  /// The program ends by itself.
  case finish
  /// After 4yz it tries again, after 5yz it does not.
  case retry
  /// Time passes before it tries again.
  case pauses
  case attachment
  /// Commands that must have been said, in order.
  case commands
  /// Each IMAP command has a tag of its own.
  case tags
  // A server's.
  case listen
  /// The server speaks first.
  case greets
  /// Every reply is what the case expects.
  case answers
  /// Replies are lines with a code, a space and CRLF.
  case replies
  /// Another client is served while one is connected.
  case together
  /// 221, then the server closes.
  case closes
  /// It comes back to its port although the system still keeps connections of its first run.
  case restarts
  /// What the server printed is the message that it took.
  case prints
  // Of both.
  /// No pickled objects, nothing but lines.
  case lines
  // Of a server that passes mail on.
  /// The message comes to the next server, once and unchanged.
  case relay
  /// With a trace of the server in it.
  case trace
  /// Who sent what cannot be passed on is told.
  case bounce
  // Of STARTTLS.
  /// EHLO, STARTTLS, 220, and then a TLS handshake.
  case startTLS = "starttls"
  /// EHLO again inside TLS.
  case greetsAgain = "ehlo-again"
  /// Neither a login nor a message in clear.
  case nothingSecretInClear = "no-clear"
  /// A certificate that is not to be believed is refused.
  case certificate
  /// The ClientHello names the server.
  case serverName = "server-name"

  /// Whether the rule looks into a dialogue, and not only at how it begins and ends on the wire.
  var readsDialogue: Bool {
    switch self {
    case .connect, .waitGreeting, .startTLS, .serverName, .finish, .nothingSecretInClear: false
    default: true
    }
  }

  package var title: String {
    switch self {
    case .connect: "Connects to the host and the port that it is given"
    case .waitGreeting: "Waits for the greeting before it says anything"
    case .waitReply: "Waits for the whole reply before the next command"
    case .crlf: "Ends every line with CRLF"
    case .order: "Says the commands in the right order"
    case .syntax: "Spells the commands as the standard does"
    case .multiline: "Reads replies of several lines, and replies that come in pieces"
    case .code: "Decides by the reply code"
    case .envelope: "Names the right sender and the right recipients"
    case .end: "Ends the message with a dot on a line of its own"
    case .body: "Brings the body over unchanged"
    case .headers: "Sends a header, an empty line, and then the body"
    case .auth: "Logs in step by step, in base64"
    case .quit: "Says QUIT, waits for the reply, then closes"
    case .limits: "Keeps to the longest line that is allowed"
    case .finish: "Ends by itself"
    case .retry: "Tries again after 4yz, and gives up after 5yz"
    case .pauses: "Waits before it tries again"
    case .attachment: "Sends the attachment, so that it can be taken out unchanged"
    case .commands: "Says the commands that the task asks for"
    case .tags: "Gives every command a tag of its own"
    case .listen: "Listens on the port that it is given"
    case .greets: "Greets first"
    case .answers: "Gives the right answers"
    case .replies: "Writes its replies as the standard does"
    case .together: "Serves two clients at once"
    case .closes: "Answers QUIT, then closes"
    case .restarts: "Can be started again at once, on the same port"
    case .prints: "Keeps the message unchanged"
    case .lines: "Speaks the protocol, in lines of text"
    case .relay: "Passes the message on, once and unchanged"
    case .trace: "Leaves its trace in the message"
    case .bounce: "Tells the sender what could not be passed on"
    case .startTLS: "Asks for TLS, waits for 220, and begins the handshake"
    case .greetsAgain: "Says EHLO again inside TLS"
    case .nothingSecretInClear: "Sends neither password nor message in clear"
    case .certificate: "Refuses a certificate that is not to be believed"
    case .serverName: "Names the server in its ClientHello"
    }
  }
  package var why: String {
    switch self {
    case .connect: "Where a server is may change from day to day, so a client is told host and port."
    case .waitGreeting: "The server speaks first: with 220 it says that it is ready, with 554 that it is not."
    case .waitReply: "SMTP is a dialogue: what comes next depends on the reply, unless the server offers PIPELINING."
    case .crlf: "A line ends with CR and LF, and neither of them stands anywhere alone."
    case .order: "The envelope comes first: greeting, sender, recipients, and only then the message."
    case .syntax: "Addresses stand in angle brackets, right behind the colon."
    case .multiline: "A hyphen behind the code says that more lines follow; a space, that this is the last."
    case .code: "The three digits are for programs and the words are for people."
    case .envelope: "The envelope, and not the header, decides where a message goes."
    case .end: "Only a line with a single dot tells the server that the message is over."
    case .body: "A dot at the beginning of a line is doubled, and the server takes one away."
    case .headers: "A message has at least the fields From and Date, and an empty line before the body."
    case .auth: "The server asks with 334 for each part, and the answer is one line of base64."
    case .quit: "QUIT lets both sides know that nothing was lost."
    case .limits: "A server need not take a longer line."
    case .finish: "Whoever waits for ever for something that does not come has to be stopped by hand."
    case .retry: "4yz means not now, 5yz means never."
    case .pauses: "Whoever asks again at once gets the same answer, and keeps a busy server busy."
    case .attachment: "MIME puts files into a message: parts between boundaries, each with its own header."
    case .commands: "Each task needs its own commands."
    case .tags: "The tag tells which command a response belongs to."
    case .listen: "Clients find a server by its port."
    case .greets: "The client waits until the server has said that it is ready."
    case .answers: "The reply code tells the client what to do next."
    case .replies: "A reply is three digits, a space, some words, and CRLF."
    case .together: "A mail server never has just one client."
    case .closes: "The server says 221 and closes; then the client knows that all was done."
    case .restarts:
      "Whoever closes first keeps the connection in TIME-WAIT for a minute or more; no mail server stays away so long."
    case .prints: "The server takes the dots of the stuffing away, and nothing else."
    case .relay: "Whoever has said 250 to a message answers for it until the next server has."
    case .trace: "Received fields tell the way of a message, and stop loops."
    case .bounce: "Mail is never lost without a word: the sender gets a message that says why."
    case .startTLS: "STARTTLS turns a connection in clear into one that nobody else can read."
    case .greetsAgain: "All that was said in clear is forgotten: somebody may have changed it on its way."
    case .nothingSecretInClear:
      "In clear everybody on the way reads along; whoever needs TLS and does not get it stops."
    case .certificate: "Without a look at the certificate, whoever is in the middle can play the server."
    case .serverName: "A machine with many names needs to know whose certificate to show."
    case .lines: "Both sides agree because both keep to the standard, and not because one person wrote both."
    }
  }
  package var rfc: String {
    switch self {
    case .connect, .listen: "RFC 9293 §3.5"
    case .waitGreeting, .greets: "RFC 5321 §4.3.1"
    case .waitReply: "RFC 5321 §4.3.1, RFC 2920 §3.1"
    case .crlf: "RFC 5321 §2.3.8"
    case .order: "RFC 5321 §4.1.4"
    case .syntax: "RFC 5321 §4.1.1.2"
    case .multiline: "RFC 5321 §4.2.1"
    case .code: "RFC 5321 §4.2"
    case .envelope: "RFC 5321 §2.3.1"
    case .end: "RFC 5321 §4.1.1.4"
    case .body, .prints: "RFC 5321 §4.5.2"
    case .headers: "RFC 5322 §3.6"
    case .auth: "RFC 4954 §4"
    case .quit, .closes: "RFC 5321 §4.1.1.10"
    case .limits: "RFC 5321 §4.5.3.1"
    case .restarts: "RFC 9293 §3.6.1"
    case .finish: "RFC 5321 §4.5.3.2"
    case .retry, .pauses: "RFC 5321 §4.5.4.1"
    case .attachment: "RFC 2046 §5.1"
    case .commands: "RFC 5321 §4.1.1"
    case .tags: "RFC 9051 §2.2.1"
    case .answers: "RFC 5321 §4.3.2"
    case .replies, .lines: "RFC 5321 §4.2"
    case .together: "RFC 5321 §4.5.4.2"
    case .relay: "RFC 5321 §4.5.4.1"
    case .trace: "RFC 5321 §4.4"
    case .bounce: "RFC 5321 §6.1"
    case .startTLS: "RFC 3207 §4"
    case .greetsAgain: "RFC 3207 §4.2"
    case .nothingSecretInClear: "RFC 4954 §4"
    case .certificate: "RFC 3207 §4.1, RFC 9525 §6"
    case .serverName: "RFC 6066 §3"
    }
  }
}
