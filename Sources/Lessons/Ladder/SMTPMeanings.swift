internal import Dialogues

/// What the lines of SMTP mean (RFC 5321).
enum SMTPMeanings {
  static func meaning(of step: Step) -> Meaning? {
    switch step.kind {
    case .reply: table.meaning(of: keys(ofReply: step))
    case .answer:
      table.meaning(of: ["answer \(step.verb) \(step.decoded.first?.label ?? "")", "answer \(step.verb)", "answer"])
    case .message: table.meaning(of: ["message \(step.verb)", "message"])
    default: table.meaning(of: [step.verb, step.verb.prefix { $0 != " " }.description, "unknown"])
    }
  }
  private static func keys(ofReply step: Step) -> [String] {
    if step.isContinuation, ["EHLO", "LHLO"].contains(step.verb) {
      let word = step.line.dropFirst(4).prefix { $0 != " " && $0 != "=" }.uppercased()
      return ["offer \(word)", "offer"]
    }
    if step.isContinuation { return ["continuation"] }
    let verb = step.isGreeting ? "greeting" : step.verb.prefix { $0 != " " }.description
    let kind = "\(step.code.prefix(1))xx"
    return ["\(kind) \(step.verb)", "\(step.code) \(verb)", step.code, kind]
  }

  static let table = MeaningTable(
    """
    EHLO : the client introduces itself and asks what the server can do | RFC 5321 §4.1.1.1
    HELO : the client introduces itself, in the old way | RFC 5321 §4.1.1.1
    LHLO : the client introduces itself; in LMTP each recipient is answered | RFC 2033 §4.1
    MAIL : the envelope's sender: where errors will be reported | RFC 5321 §4.1.1.2
    RCPT : the envelope's recipient: where the message goes | RFC 5321 §4.1.1.3
    DATA : the client wants to send the message itself | RFC 5321 §4.1.1.4
    BDAT : a piece of the message follows, of so many octets | RFC 3030 §2
    RSET : the client gives up this message and begins anew | RFC 5321 §4.1.1.5
    NOOP : nothing: the client asks whether the server is there | RFC 5321 §4.1.1.9
    QUIT : the client wants to end the conversation | RFC 5321 §4.1.1.10
    VRFY : the client asks whether a user exists | RFC 5321 §4.1.1.6
    EXPN : the client asks who is on a mailing list | RFC 5321 §4.1.1.7
    HELP : the client asks for help | RFC 5321 §4.1.1.8
    STARTTLS : the client wants to encrypt from here on | RFC 3207
    AUTH LOGIN : the client logs in: name and password one by one | RFC 4954 §4
    AUTH PLAIN : the client logs in: name and password come at once | RFC 4616
    AUTH CRAM-MD5 : the client logs in without sending the password | RFC 2195
    AUTH XOAUTH2, AUTH OAUTHBEARER : the client logs in with a token | RFC 7628
    AUTH : the client logs in | RFC 4954 §4
    ETRN : the client asks for the mail that waits for it here | RFC 1985
    TURN : both change their parts; given up: anybody could take mail | RFC 5321 appendix F.1
    unknown : no command of SMTP

    answer LOGIN user name : the user name, in base64
    answer LOGIN password : the password, in base64: an encoding, no encryption | RFC 4648
    answer PLAIN user name : name and password in base64: an encoding, no encryption | RFC 4616
    answer CRAM-MD5 user name : the user name, and a digest that proves the password | RFC 2195
    answer * : the client gives the login up | RFC 4954 §4
    answer : the client's answer to the challenge

    220 greeting : the server greets: it is ready | RFC 5321 §4.3.1
    554 greeting : the server greets: it takes no mail | RFC 5321 §3.1
    220 STARTTLS : ready: TLS may begin | RFC 3207 §4
    221 : the server says goodbye and closes the connection | RFC 5321 §4.1.1.10
    421 : the server is not available and closes the connection | RFC 5321 §4.2.3
    235 : the login is accepted | RFC 4954 §6
    334 : the server asks for the next answer | RFC 4954 §4
    535 : user name or password are wrong | RFC 4954 §6
    5xx AUTH * : the client has given the login up | RFC 4954 §4
    530 : the server wants a login first | RFC 4954 §6
    250 EHLO : hello; the next lines tell what the server can do | RFC 5321 §4.1.1.1
    250 HELO : hello
    250 LHLO : hello; the next lines tell what the server can do | RFC 2033 §4.1
    250 MAIL : the sender is accepted | RFC 5321 §3.3
    250 RCPT : the recipient is accepted | RFC 5321 §3.3
    251 RCPT : the recipient is elsewhere; the server will forward | RFC 5321 §3.4
    250 . : the message is accepted: the server is now responsible for it | RFC 5321 §6.1
    250 BDAT : the piece has arrived | RFC 3030 §2
    250 : done
    252 VRFY : the server does not say, but will take the mail | RFC 5321 §3.5.3
    354 : go on: send the message, and end it with a lone dot | RFC 5321 §4.1.1.4
    450 : the mailbox is not available now; the client shall try later | RFC 5321 §4.2.3
    451 : an error on the server; the client shall try later | RFC 5321 §4.2.3
    452 : no room at the moment; the client shall try later | RFC 5321 §4.2.3
    500 : the server does not know this command | RFC 5321 §4.2.4
    501 : the command's arguments are wrong | RFC 5321 §4.2.3
    502 : the server does not do this | RFC 5321 §4.2.4
    503 : the commands come in the wrong order | RFC 5321 §4.1.4
    504 : this argument is not supported | RFC 5321 §4.2.3
    550 : refused: there is no such mailbox, or no permission | RFC 5321 §4.2.3
    551 : the recipient is not here | RFC 5321 §3.4
    552 : too much: the message is larger than allowed | RFC 5321 §4.2.3
    553 : this is no address that may be used | RFC 5321 §4.2.3
    554 RCPT : refused | RFC 5321 §4.2.3
    554 : refused: the transaction has failed | RFC 5321 §4.2.3
    2xx : done
    3xx : go on
    4xx : not now: the client shall try later | RFC 5321 §4.2.1
    5xx : refused for good | RFC 5321 §4.2.1

    offer PIPELINING : several commands may be sent at once | RFC 2920
    offer SIZE : the largest message that is taken, in octets | RFC 1870
    offer VRFY : users may be asked for
    offer ETRN : waiting mail may be asked for | RFC 1985
    offer STARTTLS : encryption is possible | RFC 3207
    offer AUTH : the ways to log in | RFC 4954
    offer ENHANCEDSTATUSCODES : replies carry a second code, like 2.1.5 | RFC 2034
    offer 8BITMIME : octets above 127 are taken | RFC 6152
    offer DSN : notices of delivery can be asked for | RFC 3461
    offer SMTPUTF8 : addresses may hold any letters | RFC 6531
    offer CHUNKING : BDAT is understood | RFC 3030
    offer BINARYMIME : any octets are taken | RFC 3030
    offer HELP : HELP is understood
    offer DELIVERBY : a time limit may be set | RFC 2852
    offer REQUIRETLS : encryption all the way may be asked for | RFC 8689
    offer LIMITS : the server tells its limits | RFC 9422
    offer MT-PRIORITY : messages may have a priority | RFC 6710
    offer FUTURERELEASE : messages may be sent later | RFC 4865

    message DATA : the message: header, empty line, body; a lone dot ends it | RFC 5321 §4.1.1.4
    message BDAT : the message, in counted pieces | RFC 3030
    """)
}
