internal import Dialogues

/// What the lines of IMAP mean (RFC 9051).
enum IMAPMeanings {
  static func meaning(of step: Step) -> Meaning? {
    switch step.kind {
    case .reply: table.meaning(of: keys(ofReply: step))
    case .answer:
      table.meaning(of: [
        step.verb == "DONE" ? "DONE" : "answer \(step.verb) \(step.decoded.first?.label ?? "")",
        "answer \(step.verb)", "answer",
      ])
    case .message: table.meaning(of: ["message \(step.verb)"])
    default: table.meaning(of: [step.verb, step.verb.prefix { $0 != " " }.description, "unknown"])
    }
  }
  private static func keys(ofReply step: Step) -> [String] {
    let words = step.line.split(separator: " ", maxSplits: 4).map { String($0) }
    let isLogin = step.verb.hasPrefix("AUTHENTICATE") && step.verb != "AUTHENTICATE *"
    let verb = isLogin ? "LOGIN" : step.verb
    switch words.first {
    case "+": return ["+ \(verb)", "+"]
    case "*":
      guard words.count > 1 else { return [] }
      // `* OK [UIDNEXT 3]`: the code in brackets tells.
      if words.count > 2, words[2].hasPrefix("["), !step.isGreeting {
        let code = words[2].dropFirst().prefix { $0 != "]" }.uppercased()
        return ["[\(code)]", "* \(words[1].uppercased())"]
      }
      // `* 2 EXISTS`, `* 1 FETCH (…`: the word behind the number tells.
      let name = words[1].first?.isNumber == true && words.count > 2 ? words[2] : words[1]
      let kind = "* \(name.uppercased())"
      if step.isGreeting { return ["\(kind) greeting", kind] }
      return ["\(kind) \(kind == "* FETCH" && !tellsOnlyFlags(step.line) ? "FETCH" : verb)", kind, "*"]
    default: return ["\(step.code) \(verb)", step.code]
    }
  }
  /// What a server may tell of a message without being asked; anything else of it was asked for, though that may not have
  /// been captured.
  private static func tellsOnlyFlags(_ line: String) -> Bool {
    let line = line.uppercased()
    return line.contains("FLAGS (")
      && !["BODY", "BINARY", "ENVELOPE", "INTERNALDATE", "RFC822"].contains { line.contains($0) }
  }

  static let table = MeaningTable(
    """
    CAPABILITY : what can the server do? | RFC 9051 §6.1.1
    NOOP : is there anything new? | RFC 9051 §6.1.2
    LOGOUT : the client wants to end the conversation | RFC 9051 §6.1.3
    STARTTLS : the client wants to encrypt from here on | RFC 9051 §6.2.1
    AUTHENTICATE PLAIN : the client logs in: name and password come together | RFC 4616
    AUTHENTICATE LOGIN : the client logs in: name and password one by one
    AUTHENTICATE CRAM-MD5 : the client logs in without sending the password | RFC 2195
    AUTHENTICATE XOAUTH2, AUTHENTICATE OAUTHBEARER : the client logs in with a token | RFC 7628
    AUTHENTICATE : the client logs in | RFC 9051 §6.2.2
    LOGIN : the client logs in: name and password, in clear | RFC 9051 §6.2.3
    ENABLE : the client wants to use an extension | RFC 9051 §6.3.1
    SELECT : the client opens a folder | RFC 9051 §6.3.2
    EXAMINE : the client opens a folder, only to read | RFC 9051 §6.3.3
    CREATE : the client makes a folder on the server | RFC 9051 §6.3.4
    DELETE : the client deletes a folder | RFC 9051 §6.3.5
    RENAME : the client renames a folder | RFC 9051 §6.3.6
    SUBSCRIBE : the client wants to see this folder | RFC 9051 §6.3.7
    UNSUBSCRIBE : the client does not want to see this folder | RFC 9051 §6.3.8
    LIST : which folders are there? | RFC 9051 §6.3.9
    LSUB : which folders does the user want to see? | RFC 3501 §6.3.9
    NAMESPACE : how are the folders named? | RFC 9051 §6.3.10
    COMPRESS : the client wants both sides to compress from here on | RFC 4978
    STATUS : how many messages are in a folder? | RFC 9051 §6.3.11
    APPEND : the client puts a message into a folder | RFC 9051 §6.3.12
    IDLE : the client waits for news | RFC 9051 §6.3.13
    DONE : the client waits no longer | RFC 9051 §6.3.13
    CLOSE : the client closes the folder; what is marked deleted goes | RFC 9051 §6.4.1
    UNSELECT : the client closes the folder; nothing goes | RFC 9051 §6.4.2
    EXPUNGE, UID EXPUNGE : what is marked deleted goes now | RFC 9051 §6.4.3
    SEARCH, UID SEARCH : which messages are like this? | RFC 9051 §6.4.4
    FETCH, UID FETCH : the client wants to see this of these messages | RFC 9051 §6.4.5
    STORE, UID STORE : the client changes the flags, for all devices | RFC 9051 §6.4.6
    COPY, UID COPY : the client copies messages to another folder | RFC 9051 §6.4.7
    MOVE, UID MOVE : the client moves messages to another folder | RFC 9051 §6.4.8
    ID : the client tells its name | RFC 2971
    unknown : no command of IMAP that is known here

    answer LOGIN user name : the user name, in base64
    answer LOGIN password : the password, in base64: an encoding, no encryption | RFC 4648
    answer PLAIN user name : name and password in base64: an encoding, no encryption | RFC 4616
    answer * : the client gives the login up | RFC 9051 §6.2.2
    answer : the client's answer to the challenge

    * OK greeting : the server greets: it is ready | RFC 9051 §7.1.1
    * PREAUTH greeting : the server greets: nobody has to log in | RFC 9051 §7.1.4
    * BYE greeting : the server does not want this conversation | RFC 9051 §7.1.5
    + LOGIN : the server asks for the next answer | RFC 9051 §7.6
    + IDLE : the server will tell news as they come | RFC 9051 §6.3.13
    + : go on | RFC 9051 §7.6
    * BYE : the server says goodbye and closes the connection | RFC 9051 §7.1.5
    * CAPABILITY : what the server can do | RFC 9051 §7.2.2
    * ENABLED : the extensions that are used now | RFC 9051 §7.2.1
    * LIST : a folder, and what separates its names | RFC 9051 §7.3.1
    * LSUB : a folder that the user wants to see
    * NAMESPACE : how folders are named | RFC 9051 §7.3.2
    * STATUS : what a folder holds | RFC 9051 §7.3.3
    * SEARCH, * ESEARCH : the messages that were found | RFC 9051 §7.3.4
    * FLAGS : the flags that messages may have | RFC 9051 §7.3.5
    * EXISTS : how many messages the folder holds | RFC 9051 §7.4.1
    * RECENT : how many are new | RFC 3501 §7.3.2
    * EXPUNGE : a message is gone | RFC 9051 §7.5.1
    * FETCH FETCH, * FETCH UID FETCH : what was asked of a message; {n} announces n octets | RFC 9051 §7.5.2
    * FETCH STORE, * FETCH UID STORE : the flags that a message has now | RFC 9051 §6.4.6
    * FETCH : news: flags of a message have changed | RFC 9051 §7.5.2
    * ID : the server tells its name | RFC 2971
    [PERMANENTFLAGS] : the flags that last
    [UNSEEN] : the first message not yet read
    [UIDVALIDITY] : as long as this stays, the identifiers hold | RFC 9051 §2.3.1.1
    [UIDNEXT] : the identifier that the next message will get | RFC 9051 §2.3.1.1
    [HIGHESTMODSEQ] : a counter of changes | RFC 7162
    [ALERT] : the user should be told this
    * OK : a remark of the server
    * NO : a warning
    * BAD : an error
    OK LOGIN : the login is accepted | RFC 9051 §6.2
    NO LOGIN : the login is refused
    BAD AUTHENTICATE *, NO AUTHENTICATE * : the client has given the login up | RFC 9051 §6.2.2
    OK SELECT, OK EXAMINE : the folder is open
    OK APPEND : the message is in the folder
    OK STORE, OK UID STORE : the flags are changed
    OK LOGOUT : goodbye
    OK STARTTLS : ready: TLS may begin | RFC 9051 §6.2.1
    OK : done: the tag tells which command is answered | RFC 9051 §7.1.1
    NO : it did not work | RFC 9051 §7.1.2
    BAD : the server does not understand | RFC 9051 §7.1.3

    message FETCH : the octets that were announced | RFC 9051 §4.3
    message APPEND : the message itself, of the octets that were announced | RFC 9051 §6.3.12
    """)
}
