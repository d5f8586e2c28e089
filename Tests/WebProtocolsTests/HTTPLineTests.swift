import Bytes
import Testing

@testable import WebProtocols

// A macro cannot take a span: text out of ranges, and parsers over arrays.
extension Array where Element == UInt8 {
  func text(_ range: OctetRange) -> String { span.extracting(span.bounds(range)).text() }
}
extension HTTPRequestLine {
  static func parse(_ line: [UInt8]) -> HTTPRequestLine? { parse(line.span) }
}
extension HTTPStatusLine {
  static func parse(_ line: [UInt8]) -> HTTPStatusLine? { parse(line.span) }
}
extension HTTPField {
  static func parse(_ line: [UInt8]) -> HTTPField? { parse(line.span) }
}

@Suite struct HTTPLineTests {
  @Test(arguments: [
    ("GET / HTTP/1.1", "GET", "/", "HTTP/1.1"), ("POST /a?b=c HTTP/1.0\r\n", "POST", "/a?b=c", "HTTP/1.0"),
    ("get  /x  http/1.1\n", "get", "/x", "http/1.1"), ("GET /old", "GET", "/old", ""),
    ("\r\nGET /a b HTTP/1.1", "GET", "/a b", "HTTP/1.1"), ("OPTIONS * HTTP/1.1", "OPTIONS", "*", "HTTP/1.1"),
  ])
  func requestLine(_ line: String, _ method: String, _ target: String, _ version: String) throws {
    let octets = Array(line.utf8)
    let parsed = try #require(HTTPRequestLine.parse(octets))
    #expect(octets.text(parsed.method) == method)
    #expect(octets.text(parsed.target) == target)
    #expect(octets.text(parsed.version) == version)
  }
  @Test(arguments: ["", "GET", "GET ", "GET HTTP/1.1", "<a> b HTTP/1.1", ": / HTTP/1.1", "\u{16}\u{3}\u{1} x"])
  func noRequestLine(_ line: String) { #expect(HTTPRequestLine.parse(Array(line.utf8)) == nil) }

  @Test(arguments: [
    ("HTTP/1.1 200 OK", 200, "OK"), ("HTTP/1.1 404 Not Found\r\n", 404, "Not Found"), ("HTTP/1.0 204", 204, ""),
    ("http/1.1  302 ", 302, ""), ("HTTP/1.1 999 \u{e9}", 999, "\u{e9}"),
  ])
  func statusLine(_ line: String, _ code: Int, _ reason: String) throws {
    let octets = Array(line.utf8)
    let parsed = try #require(HTTPStatusLine.parse(octets))
    #expect(parsed.code == code)
    #expect(octets.text(parsed.reason) == reason)
  }
  @Test(arguments: [
    "", "HTTP/1.1", "HTTP/1.1 20 OK", "HTTP/1.1 2000 OK", "HTTP/1.1 099 x", "FTP/1 200 OK", "HTTP/1.1 200OK",
  ])
  func noStatusLine(_ line: String) { #expect(HTTPStatusLine.parse(Array(line.utf8)) == nil) }

  @Test(arguments: [
    ("Host: a", "Host", "a"), ("Host:a\r\n", "Host", "a"), ("X-Y \t: \t b c \r\n", "X-Y", "b c"),
    ("Empty:", "Empty", ""),
  ])
  func field(_ line: String, _ name: String, _ value: String) throws {
    let octets = Array(line.utf8)
    let parsed = try #require(HTTPField.parse(octets))
    #expect(octets.text(parsed.name) == name)
    #expect(octets.text(parsed.value) == value)
  }
  @Test(arguments: ["", ":", " folded", "no colon", "a b: c", "\r\n"])
  func noField(_ line: String) { #expect(HTTPField.parse(Array(line.utf8)) == nil) }

  @Test func whatIsWrittenComesBack() throws {
    var writer = ByteWriter()
    HTTPRequestLine.encode(method: "PO ST", target: "/a b\r\nX: y", into: &writer)
    var wire = writer.withOctets { $0.copied() }
    let request = try #require(HTTPRequestLine.parse(wire))
    #expect(wire.text(request.method) == "POST")
    #expect(wire.text(request.target) == "/a%20b%0D%0AX:%20y")
    writer.removeAll()
    HTTPStatusLine.encode(code: 404, reason: "Not\r\nFound", into: &writer)
    wire = writer.withOctets { $0.copied() }
    let status = try #require(HTTPStatusLine.parse(wire))
    #expect(status.code == 404)
    #expect(wire.text(status.reason) == "Not  Found")
    writer.removeAll()
    HTTPField.encode(name: "X-A", value: "b\r\nSet-Cookie: c", into: &writer)
    wire = writer.withOctets { $0.copied() }
    let field = try #require(HTTPField.parse(wire))
    #expect(wire.text(field.name) == "X-A")
    #expect(wire.text(field.value) == "b  Set-Cookie: c")
  }
}
