import Bytes
import Testing

@testable import WebProtocols

@Suite struct HTTPBodyFramingTests {
  private func head(_ fields: [String]) -> HTTPHead {
    var head = HTTPHead()
    for field in fields {
      let line = Array(field.utf8)
      head.receive(line.span)
    }
    return head
  }

  @Test(arguments: [
    ([], HTTPBodyFraming.none), (["Content-Length: 5"], .length(5)), (["Content-Length: 0"], .none),
    (["content-length: 5, 5"], .length(5)), (["Transfer-Encoding: gzip, Chunked"], .chunked),
    (["Content-Length: 5", "Transfer-Encoding: chunked"], .chunked), (["Transfer-Encoding: gzip"], .untilClose),
    (["Content-Length: 99999999999999999999"], .none),
  ])
  func requests(_ fields: [String], _ framing: HTTPBodyFraming) {
    #expect(HTTPBodyFraming.ofRequest(head(fields)) == framing)
  }

  @Test(
    arguments: [
      ([], 200, HTTPMethod.get, HTTPBodyFraming.untilClose), (["Content-Length: 5"], 200, .get, .length(5)),
      (["Content-Length: 5"], 200, .head, .none), (["Content-Length: 5"], 304, .get, .none),
      (["Content-Length: 5"], 204, .get, .none), ([], 100, .post, .none), ([], 101, .get, .tunnel),
      (["Content-Length: 5"], 200, .connect, .tunnel), (["Content-Length: 5"], 403, .connect, .length(5)),
      (["Transfer-Encoding: chunked"], 200, .get, .chunked), (["Transfer-Encoding: gzip"], 200, .get, .untilClose),
      (["Transfer-Encoding: chunked"], 200, .head, .none), (["Content-Length: 0"], 200, .get, .none),
    ] as [([String], Int, HTTPMethod, HTTPBodyFraming)])
  func responses(_ fields: [String], _ status: Int, _ method: HTTPMethod, _ framing: HTTPBodyFraming) {
    #expect(HTTPBodyFraming.ofResponse(head(fields), status: status, to: method) == framing)
  }

  @Test(
    arguments: [
      (["Content-Length: 5", "Content-Length: 6"], HTTPHead.Anomalies.conflictingContentLength),
      (["Content-Length: 5, 6"], .conflictingContentLength), (["Content-Length: +5"], .invalidContentLength),
      (["Content-Length:"], .invalidContentLength), (["Transfer-Encoding: x"], .unknownTransferCoding),
      (["Transfer-Encoding: chunked", "Content-Length: 5"], .lengthAndTransferEncoding), ([" folded"], .malformedField),
      (["Content-Length: 5", "Content-Length: 5"], []),
    ] as [([String], HTTPHead.Anomalies)])
  func anomalies(_ fields: [String], _ anomalies: HTTPHead.Anomalies) { #expect(head(fields).anomalies == anomalies) }

  @Test(arguments: [
    ("text/html; charset=utf-8", HTTPHead.ContentKind.html), ("application/x-www-form-urlencoded", .form),
    ("Application/JSON", .json), ("application/problem+json", .json), ("text/plain", .plain), ("image/png", .other),
    ("multipart/form-data; boundary=x", .multipartForm), ("json", .other), ("", .other),
  ])
  func contentKind(_ value: String, _ kind: HTTPHead.ContentKind) {
    #expect(head(["Content-Type: \(value)"]).contentKind == kind)
  }

  @Test func fieldsAreGathered() {
    var head = HTTPHead()
    let lines = [
      "Host: a.example", "AUTHORIZATION: basic  QTpi ", "Connection: Keep-Alive, Upgrade", "Content-Encoding: GZIP",
    ]
    let whole = Array(lines.joined(separator: "\r\n").utf8)
    var offset = 0
    for line in lines {
      let octets = Array(line.utf8)
      head.receive(octets.span, at: offset)
      offset += octets.count + 2
    }
    #expect(whole.text(head.host) == "a.example")
    #expect(whole.text(head.authorizationBasic) == "QTpi")
    #expect(head.keepsConnection && !head.closesConnection)
    #expect(head.contentEncoding == .gzip)
  }
}
