internal import Dialogues

/// What the lines of HTTP mean (RFC 9110). Only header fields that have a meaning here stand on a ladder.
enum HTTPMeanings {
  static func meaning(of step: Step) -> Meaning? {
    switch step.kind {
    case .reply:
      table.meaning(of: ["\(step.code.prefix(1))xx \(step.verb)", step.code, "\(step.code.prefix(1))xx"])
    case .field: table.meaning(of: ["field \(step.verb)", "field \(step.verb.prefix { $0 != " " })"])
    case .message:
      table.meaning(of: ["message \(step.isFromClient ? "request" : "response") \(step.line)", "message \(step.verb)"])
    default: table.meaning(of: [step.verb])
    }
  }

  static let table = MeaningTable(
    """
    GET : the browser asks for a page | RFC 9110 §9.3.1
    HEAD : the browser asks for a page's header only | RFC 9110 §9.3.2
    POST : the browser sends something to the server | RFC 9110 §9.3.3
    PUT : the client stores something on the server | RFC 9110 §9.3.4
    DELETE : the client deletes something on the server | RFC 9110 §9.3.5
    OPTIONS : what can the server do? | RFC 9110 §9.3.7
    CONNECT : the client wants a tunnel | RFC 9110 §9.3.6

    field host : the name of the site that is meant | RFC 9110 §7.2
    field authorization basic : user name and password in base64: an encoding, no encryption | RFC 7617
    field authorization digest : the user name, and a digest that proves the password | RFC 7616
    field authorization bearer : a token that stands for a password | RFC 6750
    field authorization ntlm : a login without sending the password
    field authorization negotiate : a login with a ticket, without sending the password | RFC 4559
    field authorization : the browser logs in | RFC 9110 §11.6.2
    field proxy-authorization basic : user name and password for the proxy, in base64 | RFC 7617
    field proxy-authorization : the browser logs in to the proxy | RFC 9110 §11.7.2
    field upgrade : another protocol is offered, or taken up | RFC 9110 §7.8
    field www-authenticate : the server wants a user name and a password | RFC 9110 §11.6.1
    field cookie : the browser shows who it is | RFC 6265 §4.2
    field set-cookie : the server gives the browser something to remember | RFC 6265 §4.1
    field location : where the browser shall go | RFC 9110 §10.2.2
    field transfer-encoding : the body comes in pieces | RFC 9112 §6.1
    field content-encoding : the body is compressed | RFC 9110 §8.4

    2xx CONNECT : the tunnel stands: what follows passes through unread | RFC 9110 §9.3.6
    101 : agreed: from here on another protocol is spoken | RFC 9110 §15.2.2
    200 : here it is | RFC 9110 §15.3.1
    201 : it is made | RFC 9110 §15.3.2
    204 : done; there is nothing to show | RFC 9110 §15.3.5
    301, 308 : it is elsewhere, for good | RFC 9110 §15.4.2
    302, 307 : it is elsewhere, for now | RFC 9110 §15.4.3
    303 : done; the browser shall fetch another page | RFC 9110 §15.4.4
    304 : nothing has changed: the browser has it already | RFC 9110 §15.4.5
    400 : the server does not understand | RFC 9110 §15.5.1
    401 : not without a user name and a password | RFC 9110 §15.5.2
    403 : this is not allowed | RFC 9110 §15.5.4
    404 : there is no such page | RFC 9110 §15.5.5
    500 : something went wrong on the server | RFC 9110 §15.6.1
    1xx : wait
    2xx : done
    3xx : go elsewhere
    4xx : the client made a mistake | RFC 9110 §15.5
    5xx : the server made a mistake | RFC 9110 §15.6

    message request application/x-www-form-urlencoded : what was typed into the form
    message request : what the browser sends
    message response text/html : the page
    message response : what the server sends
    """)
}
