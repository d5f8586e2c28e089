/// How a message travels.
package enum MessageVia: UInt8, BitwiseCopyable, Sendable {
  case data, bdat, retr, top, fetch, append, request, response

  package var name: StaticString {
    switch self {
    case .data: "DATA"
    case .bdat: "BDAT"
    case .retr: "RETR"
    case .top: "TOP"
    case .fetch: "FETCH"
    case .append: "APPEND"
    case .request: "request"
    case .response: "response"
    }
  }
}
