internal import Dialogues

/// What the lines of POP3 mean (RFC 1939).
enum POP3Meanings {
  static func meaning(of step: Step) -> Meaning? {
    switch step.kind {
    case .reply: table.meaning(of: keys(ofReply: step))
    case .answer:
      table.meaning(of: ["answer \(step.verb) \(step.decoded.first?.label ?? "")", "answer \(step.verb)", "answer"])
    case .message: table.meaning(of: ["message \(step.verb)"])
    default:
      table.meaning(of: [
        hasArgument(step) ? "\(step.verb) n" : "\(step.verb) alone", step.verb,
        step.verb.prefix { $0 != " " }.description, "unknown",
      ])
    }
  }
  private static func hasArgument(_ step: Step) -> Bool { step.line.contains(" ") }
  private static func keys(ofReply step: Step) -> [String] {
    if step.isContinuation {
      if step.line == "." { return ["end"] }
      let word = step.line.prefix { $0 != " " }.uppercased()
      return step.verb == "CAPA" ? ["offer \(word)", "offer"] : ["line \(step.verb)"]
    }
    let verb =
      switch step.verb {
      case "": step.isGreeting ? "greeting" : ""
      case "AUTH": "AUTH alone"
      case "AUTH *": "AUTH *"
      default: step.verb.prefix { $0 != " " }.description
      }
    // `+OK 1 647` answers for one message, anything else announces a list.
    let isAnswer = step.line.dropFirst(4).first?.isNumber == true && step.line.last?.isNumber == true
    return [isAnswer ? "\(step.code) \(verb) n" : "", "\(step.code) \(verb)", step.code]
  }

  static let table = MeaningTable(
    """
    USER : the client names the mailbox | RFC 1939 §7
    PASS : the password, in clear | RFC 1939 §7
    APOP : the user name, and a digest that proves the password | RFC 1939 §7
    AUTH PLAIN : the client logs in: name and password come together | RFC 5034
    AUTH LOGIN : the client logs in: name and password one by one | RFC 5034
    AUTH CRAM-MD5 : the client logs in without sending the password | RFC 2195
    AUTH XOAUTH2, AUTH OAUTHBEARER : the client logs in with a token | RFC 7628
    AUTH alone : which ways to log in are there?
    AUTH : the client logs in | RFC 5034
    STAT : how many messages are there, and how large are they together? | RFC 1939 §5
    LIST n : how large is this message? | RFC 1939 §5
    LIST : how large is each message? | RFC 1939 §5
    UIDL n, UIDL : which lasting identifier does each message have? | RFC 1939 §7
    RETR : the client wants the whole message | RFC 1939 §5
    TOP : the client wants the header and some lines | RFC 1939 §7
    DELE : the client marks the message to be deleted | RFC 1939 §5
    RSET : the client takes back all marks | RFC 1939 §5
    NOOP : nothing: is the server there? | RFC 1939 §5
    CAPA : what can the server do? | RFC 2449 §5
    STLS : the client wants to encrypt from here on | RFC 2595 §4
    QUIT : the client ends; marked messages are deleted now | RFC 1939 §6
    unknown : no command of POP3

    answer LOGIN user name : the user name, in base64
    answer LOGIN password : the password, in base64: an encoding, no encryption | RFC 4648
    answer PLAIN user name : name and password in base64: an encoding, no encryption | RFC 4616
    answer * : the client gives the login up | RFC 5034 §4
    answer : the client's answer to the challenge

    +OK greeting : the server greets: it is ready | RFC 1939 §4
    +OK USER : now the password | RFC 1939 §7
    +OK PASS, +OK APOP, +OK AUTH : the login is accepted, the mailbox is open and locked | RFC 1939 §4
    +OK AUTH alone : the next lines tell the ways to log in
    +OK STAT : how many messages, and their octets together
    +OK LIST n : number and octets
    +OK UIDL n : number and lasting identifier
    +OK LIST, +OK UIDL : the list follows
    +OK RETR : the message follows
    +OK TOP : header and lines follow
    +OK DELE : marked; it is deleted at QUIT, not before | RFC 1939 §5
    +OK CAPA : the next lines tell what the server can do
    +OK STLS : ready: TLS may begin | RFC 2595 §4
    +OK QUIT : goodbye
    +OK : done
    -ERR PASS, -ERR APOP, -ERR AUTH : the login is refused
    -ERR AUTH * : the client has given the login up | RFC 5034 §4
    -ERR : refused | RFC 1939 §3
    + : the server asks for the next answer | RFC 5034 §4
    line LIST : number and octets
    line UIDL : number and lasting identifier
    line AUTH : a way to log in
    end : the list is over

    offer TOP : a header can be fetched alone
    offer UIDL : messages have lasting identifiers
    offer USER : login by USER and PASS
    offer SASL : the ways to log in | RFC 5034
    offer STLS : encryption is possible | RFC 2595
    offer PIPELINING : several commands may be sent at once
    offer RESP-CODES : refusals carry a code | RFC 2449
    offer AUTH-RESP-CODE : refused logins carry a code | RFC 3206
    offer EXPIRE : how long messages are kept | RFC 2449
    offer LOGIN-DELAY : how long to wait between logins | RFC 2449
    offer IMPLEMENTATION : the server's name
    offer UTF8 : any letters are taken | RFC 6856

    message RETR : the message, as it lies in the mailbox; a lone dot ends it | RFC 1939 §3
    message TOP : its header, and some lines | RFC 1939 §7
    """)
}
