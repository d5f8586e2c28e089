/// Mistakes that real students make, each with what is said to who makes it.
package enum StudentMistake: String, CaseIterable, Sendable, Codable {
  case missingColonOrBrackets = "missing-colon-or-brackets"
  case missingLineEnd = "missing-line-end"
  case bareLineFeed = "bare-line-feed"
  case spelledLineEnd = "spelled-line-end"
  case endOfString = "end-of-string"
  case expects250AfterDATA = "expects-250-after-data"
  case waitsInsideMessage = "waits-inside-message"
  case textInsteadOfOctets = "text-instead-of-octets"
  case mailInsteadOfRecipient = "mail-instead-of-recipient"
  case passwordTooEarly = "password-too-early"
  case oneReceiveForAll = "one-receive-for-all"
  case oneLineForAll = "one-line-for-all"
  case noHeader = "no-header"
  case listensInsteadOfConnects = "listens-instead-of-connects"
  case hardCodedServer = "hard-coded-server"
  case swappedPort = "swapped-port"
  case pickledObjects = "pickled-objects"
  case speaksFirst = "speaks-first"
  case messageTakenForResponse = "message-taken-for-response"
  case transactionForEach = "transaction-for-each"
  case triesForEver = "tries-for-ever"
  case sendsEverythingAtOnce = "sends-everything-at-once"
  case dotNotDoubled = "dot-not-doubled"
  case missingEndOfMessage = "missing-end-of-message"
  case closesWithoutQUIT = "closes-without-quit"
  case sendsBodyUnasked = "sends-body-unasked"
  case goesOnAfterRefusal = "goes-on-after-refusal"
  case notBase64 = "not-base64"
  case answersPieces = "answers-pieces"
  case oneClientOnly = "one-client-only"
  case readsTextNotCode = "reads-text-not-code"
  case clearBehindSTARTTLS = "clear-behind-starttls"
  case noEHLOInsideTLS = "no-ehlo-inside-tls"
  case secretInClear = "secret-in-clear"
  case certificateNotVerified = "certificate-not-verified"
  case losesMail = "loses-mail"
  case addressInUse = "address-in-use"
  case crashed
  case hung

  /// A sentence or two for a beginner.
  package var words: String {
    switch self {
    case .missingColonOrBrackets:
      "The command lacks its colon or its angle brackets: it is MAIL FROM:<address> and RCPT TO:<address>."
    case .missingLineEnd: "The line has no end: every line that you send ends with \\r\\n, and the server waits for it."
    case .bareLineFeed: "The line ends with \\n alone. A line of a mail protocol ends with two characters, \\r\\n."
    case .spelledLineEnd:
      "The line ends with a backslash and a letter, not with the characters that they stand for. Look at how your language writes \\r\\n in text."
    case .endOfString:
      "Your program sends the octet 0 that ends a text in C. It is no part of the line: send strlen(text) octets, and not sizeof."
    case .expects250AfterDATA:
      "After DATA the server answers 354, not 250: it means 'go on, send the message'. Your program seems to wait for 250."
    case .waitsInsideMessage:
      "Your program waits for a reply in the middle of the message. The server says nothing until the line with the single dot."
    case .textInsteadOfOctets:
      "Your program tried to send text (str) where octets (bytes) are needed. In Python, call .encode() on the text, and .decode() on what you receive."
    case .mailInsteadOfRecipient:
      "The recipient was sent with MAIL. MAIL names the sender; RCPT TO:<…> names a recipient."
    case .passwordTooEarly:
      "The password came before the server asked for it. AUTH LOGIN asks twice: one 334 for the user name, a second 334 for the password."
    case .oneReceiveForAll:
      "Your program takes what one recv() brings for a whole reply. A reply may come in several pieces: read until its last line is there."
    case .oneLineForAll:
      "Your program takes one line for a whole reply. In SMTP a hyphen behind the code says that another line follows; in POP3 a list ends with a line that is only a dot; in IMAP a reply ends with the line that begins with the tag."
    case .noHeader:
      "The message has no header: it begins with the body or with an empty line. Header fields come first, then one empty line, then the body."
    case .listensInsteadOfConnects:
      "Your program waits for connections (bind and listen). A client calls connect."
    case .hardCodedServer:
      "Your program goes to a server that is written in the program. Take host and port from the arguments."
    case .swappedPort:
      "The two octets of the port have changed places. In C, htons() puts them in the order of the network."
    case .pickledObjects:
      "Your program sends objects of Python's (pickle) instead of lines of text. Nobody else can read them: the protocol is text."
    case .speaksFirst:
      "Your program spoke first. In this protocol the server speaks first: read its greeting before you send."
    case .messageTakenForResponse:
      "A line of the message begins like the response that your program waits for, and your program took it for that. The number in braces tells how many octets belong to the message: read so many before you look for a response."
    case .transactionForEach:
      "Each recipient got a message of its own. One message to several recipients has one MAIL, a RCPT for each of them, and one DATA."
    case .triesForEver: "The server says no as often as it is asked. After some tries a program gives up."
    case .sendsEverythingAtOnce:
      "Your program sent its commands without reading the replies. Read the reply to each command before you send the next."
    case .dotNotDoubled:
      "A line of the message begins with a dot, and the dot was not doubled. The server takes one dot away, or takes the line for the end."
    case .missingEndOfMessage: "The message was not ended: its end is a line with a single dot, \\r\\n.\\r\\n."
    case .closesWithoutQUIT: "The connection was closed without QUIT."
    case .sendsBodyUnasked: "The message was sent although the server did not answer DATA with 354."
    case .goesOnAfterRefusal: "The server said no, and your program went on as if it had said yes."
    case .notBase64: "User name and password are sent in base64 here, each in one line."
    case .answersPieces:
      "Your server answered before the line was complete. One recv() may bring a part of a line: wait for \\r\\n."
    case .oneClientOnly:
      "Your server serves one client only: the second one got no answer while the first was connected."
    case .readsTextNotCode:
      "Your program seems to look at the words of a reply. The words differ from server to server: decide by the three digits."
    case .clearBehindSTARTTLS:
      "Behind 220 the server waits for TLS, and your program went on in clear. The handshake comes first."
    case .noEHLOInsideTLS:
      "Inside TLS your program went on where it was. The server has forgotten all that was said in clear: EHLO comes again."
    case .secretInClear:
      "This went over the wire in clear, and everybody on the way can read it. Without TLS, say QUIT and stop."
    case .certificateNotVerified:
      "Your program spoke to a server whose certificate is not to be believed. Let TLS check the authority and the name."
    case .losesMail:
      "The next server refused the message for good, and your server dropped it. The sender believes that it has arrived."
    case .addressInUse:
      "Your server could not be started again: the system still keeps a connection of its first run in TIME-WAIT. Until that is over, it gives the port only to a program that says that it wants it all the same (SO_REUSEADDR)."
    case .crashed: "Your program ended with an error."
    case .hung: "Your program did not go on and did not end."
    }
  }
}
