import Bytes
import Testing

@testable import MailProtocols

@Suite struct AddressTests {
  @Test(arguments: [
    // RFC 5322 appendix A
    ("John Doe <jdoe@machine.example>", ["John Doe|jdoe@machine.example"]),
    (
      "Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>",
      ["Mary Smith|mary@x.test", "|jdoe@example.org", "Who?|one@y.test"]
    ),
    (
      "<boss@nil.test>, \"Giant; \\\"Big\\\" Box\" <sysservices@example.net>",
      ["|boss@nil.test", "Giant; \"Big\" Box|sysservices@example.net"]
    ),
    (
      "A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
      ["A Group:", "Ed Jones|c@a.test", "|joe@where.test", "John|jdoe@one.test"]
    ), ("Undisclosed recipients:;", ["Undisclosed recipients:"]),
    ("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", ["Pete|pete@silly.test"]),
    (
      "A Group(Some people)\r\n     :Chris Jones <c@(Chris's host.)public.example>,\r\n joe@example.org;",
      ["A Group:", "Chris Jones|c@public.example", "|joe@example.org"]
    ), ("(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;", ["Hidden recipients:"]),
    (
      "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example",
      ["Mary Smith|mary@example.net", "|jdoe@test.example"]
    ), ("Joe Q. Public <john.q.public@example.com>", ["Joe Q. Public|john.q.public@example.com"]),
    // what mailers write
    ("jdoe@x.test (John Doe)", ["John Doe|jdoe@x.test"]), ("\"Doe, John\" <j@x>", ["Doe, John|j@x"]),
    ("=?iso-8859-1?q?Andr=E9?= Pirard <a@x>", ["André Pirard|a@x"]), ("\"=?utf-8?q?=C3=A9?=\" <a@x>", ["é|a@x"]),
    ("\"john doe\"@example.com", ["|\"john doe\"@example.com"]), ("\"a@b\" <c@d>", ["a@b|c@d"]),
    ("John <j@x", ["John|j@x"]),
    ("a@b; c@d", ["|a@b", "|c@d"]), ("<a@b, c@d", ["|a@b", "|c@d"]), ("\"open <a@b>", ["|\"open <a@b>"]),
    ("bob", ["|bob"]),
    ("John Doe j@x", ["John Doe|j@x"]), ("<>", ["|"]), ("<@a,@b:c@d>", ["|c@d"]), ("", []), (",,;", []),
    ("Müller <m@x>", ["Müller|m@x"]),
    ("\"Quoted\"<a@b>", ["Quoted|a@b"]), ("John\r\n <a@b>", ["John|a@b"]),
  ])
  func parses(_ value: String, _ expected: [String]) { #expect(shown(AddressList.parse(value.octets)) == expected) }

  private func shown(_ list: AddressList) -> [String] {
    func show(_ mailbox: Mailbox) -> String { "\(mailbox.displayName ?? "")|\(mailbox.address)" }
    return list.addresses.flatMap { address in
      switch address {
      case .mailbox(let mailbox): [show(mailbox)]
      case .group(let name, let members): ["\(name):"] + members.map(show)
      }
    }
  }

  @Test(arguments: [
    AddressList([.mailbox(Mailbox(address: "a@b"))]),
    AddressList([.mailbox(Mailbox(displayName: "Doe, \"J\\\"", address: "a@b"))]),
    AddressList([
      .mailbox(Mailbox(displayName: "André Größe, der Erste", address: "\"a b\"@c")),
      .group(name: "Alle: zusammen", mailboxes: [Mailbox(address: "x@y"), Mailbox(displayName: "Z", address: "z@y")]),
      .group(name: "nobody", mailboxes: []), .mailbox(Mailbox(displayName: "A. B.", address: "c@d")),
    ]), AddressList([]), AddressList([.mailbox(Mailbox(address: ""))]),
    AddressList([.mailbox(Mailbox(displayName: "two  spaces", address: "c@d"))]),
  ])
  func comesBackFromTheWire(_ list: AddressList) throws {
    var writer = ByteWriter()
    HeaderField.encode(name: "To", value: list.encode(), into: &writer)
    let wire = writer.withOctets { $0.copied() }
    let field = try #require(HeaderField.parse(wire))
    #expect(AddressList.parse(Array(wire[field.value.lower..<field.value.upper])) == list)
  }

  @Test func hostileValuesTakeLinearTimeAndReachTheLimit() {
    for piece in ["(", "<", "\"", "a,", "a:", "a:b;", "<\"", "a ", ".", "(\\", "<(", "a@"] {
      _ = AddressList.parse(String(repeating: piece, count: 50_000).octets)
    }
    #expect(AddressList.parse(String(repeating: "a,", count: 10_001).octets).reachedLimit)
  }
}
