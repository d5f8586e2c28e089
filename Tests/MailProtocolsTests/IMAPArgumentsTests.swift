import Bytes
import Testing

@testable import MailProtocols

/// What a server takes, and what it must not: each reader on what stands before `|`, with what it leaves behind.
@Suite struct IMAPArgumentsTests {
  private func left(_ arguments: IMAPArguments) -> String {
    Array(arguments.octets[arguments.offset...]).span.text()
  }

  @Test(arguments: [
    ("INBOX x", "INBOX", " x"), ("a]b)", "a]b", ")"), ("\"a b\" c", "a b", " c"), ("\"\"", "", ""),
    (#""\"\\""#, "\"\\", ""), ("{3}\r\na b c", "a b", " c"), ("{0}\r\n", "", ""), ("{2+}\r\n\r\n)", "\r\n", ")"),
    ("\"Entw\u{fc}rfe\"", "Entw\u{fc}rfe", ""),
  ])
  func astrings(_ text: String, _ value: String, _ rest: String) throws {
    var arguments = IMAPArguments(Array(text.utf8))
    let octets = try arguments.astring()
    #expect(octets == Array(value.utf8))
    #expect(left(arguments) == rest)
  }
  @Test(arguments: [
    "", " x", "(", ")", "%", "*", "\\x", "{", "{3}", "{3}\r\nab", "{-1}\r\n", "{3-}\r\nabc", "{3}x\nabc", "\"open",
    "\"a\\",
    "\"a\\b\"", "\"a\rb\"", "\"a\nb\"", "\"a\0b\"", "{3}\r\na\0b", "{99999999999999999999}\r\n", "\u{7f}", "\u{1}",
  ])
  func noAstrings(_ text: String) {
    var arguments = IMAPArguments(Array(text.utf8))
    #expect(throws: IMAPSyntaxError.self) { _ = try arguments.astring() }
  }
  @Test func aQuotedStringThatIsNotUTF8IsRefused() {
    var arguments = IMAPArguments([34, 0xFF, 34])
    #expect(throws: IMAPSyntaxError.self) { _ = try arguments.astring() }
  }
  @Test func onlyALiteral8HoldsNULs() throws {
    var arguments = IMAPArguments(Array("~{3}\r\na\0b".utf8))
    let octets = try arguments.literalOrLiteral8()
    #expect(octets == [97, 0, 98])
    var plain = IMAPArguments(Array("{3}\r\na\0b".utf8))
    #expect(throws: IMAPSyntaxError.self) { _ = try plain.literalOrLiteral8() }
  }

  @Test(
    arguments: [
      ("1", 10, [1...1]), ("2:4,7,9,12:*", 15, [2...4, 7...7, 9...9, 12...15]), ("*:4,5:7", 10, [4...10]),
      ("*", 7, [7...7]), ("4:2,3,1", 9, [1...4]), ("4294967295", 3, [4_294_967_295...4_294_967_295]),
      ("1:4294967295,5", 3, [1...4_294_967_295]), ("5:*", 3, [3...5]), ("*", 0, [0...0]),
    ] as [(String, UInt32, [ClosedRange<UInt32>])])
  func sequenceSets(_ text: String, _ largest: UInt32, _ ranges: [ClosedRange<UInt32>]) throws {
    var arguments = IMAPArguments(Array(text.utf8))
    let set = try IMAPSequenceSet.parse(&arguments)
    #expect(set.ranges(largest: largest) == ranges)
    #expect(left(arguments) == "")
  }
  @Test(arguments: [
    "", "0", "1:0", "-1", "4294967296", "18446744073709551616", "a", ",", "1,", "1:", ":1", "1,,2", "1:x",
  ])
  func noSequenceSets(_ text: String) {
    var arguments = IMAPArguments(Array(text.utf8))
    #expect(throws: IMAPSyntaxError.self) { _ = try IMAPSequenceSet.parse(&arguments) }
  }
  @Test func sequenceSetsAreWrittenShort() {
    #expect(IMAPSequenceSet.encode([2, 4, 5, 6, 7, 9]) == "2,4:7,9")
    #expect(IMAPSequenceSet.encode([]) == "")
    #expect(IMAPSequenceSet.encode([4_294_967_294, 4_294_967_295]) == "4294967294:4294967295")
  }

  @Test(
    arguments: [
      ("\"17-Jul-1996 02:44:25 -0700\"", 837_596_665), ("\" 7-Feb-1994 21:52:25 +0000\"", 760_657_945),
      ("\"29-feb-2000 23:59:60 +0000\"", 951_868_800),
    ] as [(String, Int64)])
  func datesAndTimes(_ text: String, _ seconds: Int64) throws {
    var arguments = IMAPArguments(Array(text.utf8))
    let date = try IMAPDate.parseDateTime(&arguments)
    #expect(date.secondsSinceEpoch == seconds)
  }
  @Test func dateTimesComeBack() throws {
    for text in ["17-Jul-1996 02:44:25 -0700", " 7-Feb-1994 21:52:25 +0530"] {
      var arguments = IMAPArguments(Array("\"\(text)\"".utf8))
      #expect(IMAPDate.encode(try IMAPDate.parseDateTime(&arguments)) == text)
    }
  }
  @Test(arguments: [
    "\"\"", "17-Jul-1996 02:44:25 -0700", "\"17-Jul-1996 02:44:25\"", "\"31-Feb-1996 02:44:25 -0700\"",
    "\"17-Jux-1996 02:44:25 -0700\"", "\"17-Jul-1996 24:44:25 -0700\"", "\"17-Jul-1996 02:44:25 -0760\"",
    "\"17-Jul-1996 02:44:25  0700\"", "\"00-Jul-1996 02:44:25 -0700\"", "\"17-Jul-1996 02:44:25 -9900\"",
  ])
  func noDateTimes(_ text: String) {
    var arguments = IMAPArguments(Array(text.utf8))
    #expect(throws: IMAPSyntaxError.self) { _ = try IMAPDate.parseDateTime(&arguments) }
  }
  @Test func daysMayBeQuotedOrNot() throws {
    for text in ["1-Feb-1994", "\"01-FEB-1994\""] {
      var arguments = IMAPArguments(Array(text.utf8))
      #expect(try IMAPDate.parseDay(&arguments) == 8797)
    }
  }

  @Test(arguments: [
    ("ALL", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE"), ("fast", "FLAGS INTERNALDATE RFC822.SIZE"),
    ("FULL", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY"), ("BODY[]", "BODY[]"), ("(FLAGS)", "FLAGS"),
    ("BODY", "BODY"), ("body.peek[header]<0.10>", "BODY[HEADER]<0>"), ("(UID FLAGS UID)", "UID FLAGS"),
    ("BODY[HEADER.FIELDS (DATE \"From\")]", "BODY[HEADER.FIELDS (DATE From)]"), ("BODY[4.2.2.1]", "BODY[4.2.2.1]"),
    ("BODY[HEADER.FIELDS.NOT (a)]<5.1>", "BODY[HEADER.FIELDS.NOT (a)]<5>"), ("BODY[3.HEADER]", "BODY[3.HEADER]"),
    ("BODY[1.MIME]", "BODY[1.MIME]"), ("BINARY.PEEK[1.2]<3.4>", "BINARY[1.2]<3>"), ("BINARY.SIZE[]", "BINARY.SIZE[]"),
    ("(RFC822 RFC822.HEADER RFC822.TEXT MODSEQ)", "RFC822 RFC822.HEADER RFC822.TEXT MODSEQ"),
  ])
  func fetchItems(_ text: String, _ names: String) throws {
    var arguments = IMAPArguments(Array(text.utf8))
    let items = try IMAPFetchItem.parseList(&arguments)
    #expect(items.map { $0.encode() }.joined(separator: " ") == names)
    #expect(left(arguments) == "")
  }
  @Test(arguments: [
    "", "()", "FOO", "(ALL)", "BODY[", "BODY[FOO]", "BODY[MIME]", "BODY[0]", "BODY[1.]", "BODY[1.0]", "BODY[.1]",
    "BODY[HEADER.FIELDS]", "BODY[HEADER.FIELDS ()]", "BODY[HEADER.FIELDS (a b]", "BODY[]<1>", "BODY[]<1.0>",
    "BODY[]<-1.5>",
    "BODY[]<1.5", "FLAGS[]", "ENVELOPE[1]", "BODYSTRUCTURE[]", "BINARY[TEXT]", "BINARY.SIZE[1]<0.1>)", "(FLAGS UID",
    "(FLAGS  UID)", "BODY[HEADER.FIELDS (\"a:b\")]", "BODY[HEADER.FIELDS (\"a b\")]",
  ])
  func noFetchItems(_ text: String) {
    #expect(throws: IMAPSyntaxError.self) {
      var arguments = IMAPArguments(Array(text.utf8))
      _ = try IMAPFetchItem.parseList(&arguments)
      try arguments.end()
    }
  }
  @Test func itemsAndPartNumbersAreBounded() {
    let parts = Array(repeating: "1", count: 100).joined(separator: ".")
    let items = (1...200).map { "BODY[]<\($0).1>" }.joined(separator: " ")
    for text in ["BODY[\(parts)]", "(\(items))"] {
      var arguments = IMAPArguments(Array(text.utf8))
      #expect(throws: IMAPSyntaxError.self) { _ = try IMAPFetchItem.parseList(&arguments) }
    }
  }

  @Test(
    arguments: [
      ("ALL", .all), ("seen", .flag("\\Seen")), ("UNSEEN", .not(.flag("\\Seen"))), ("NEW", .new),
      ("$", .numbers(.saved)),
      ("NOT DELETED LARGER 5", .every([.not(.flag("\\Deleted")), .larger(5)])),
      ("OR FROM a SUBJECT \"b c\"", .or(.text([97], .header("FROM")), .text([98, 32, 99], .header("SUBJECT")))),
      ("(BODY x TEXT y)", .every([.text([120], .body), .text([121], .anywhere)])), ("KEYWORD $Junk", .flag("$Junk")),
      ("HEADER X-Y {1}\r\nz", .text([122], .header("X-Y"))), ("SINCE 1-Feb-1994", .arrived(.since, day: 8797)),
      ("SENTBEFORE \"1-Feb-1994\"", .sent(.before, day: 8797)), ("MODSEQ 7", .changedSince(7)),
      ("MODSEQ \"/flags/\\\\draft\" all 7", .changedSince(7)),
    ] as [(String, IMAPSearchKey)])
  func searchKeys(_ text: String, _ key: IMAPSearchKey) throws {
    var arguments = IMAPArguments(Array(text.utf8))
    #expect(try IMAPSearchKey.parseList(&arguments) == key)
    #expect(left(arguments) == "")
  }
  @Test(arguments: [
    "", "FOO", "NOT", "OR SEEN", "OR SEEN ", "FROM", "LARGER x", "LARGER -1", "SINCE 32-Jan-2020", "()", "(SEEN",
    "SEEN ",
    "SEEN  NEW", "HEADER a", "KEYWORD", "KEYWORD \\Seen", "UID 0", "MODSEQ", "0",
  ])
  func noSearchKeys(_ text: String) {
    #expect(throws: IMAPSyntaxError.self) {
      var arguments = IMAPArguments(Array(text.utf8))
      _ = try IMAPSearchKey.parseList(&arguments)
      try arguments.end()
    }
  }
  @Test func keysWithinKeysAreBounded() {
    for text in [
      String(repeating: "NOT ", count: 100) + "SEEN", String(repeating: "(", count: 60_000),
      Array(repeating: "SEEN", count: 1000).joined(separator: " "),
    ] {
      var arguments = IMAPArguments(Array(text.utf8))
      #expect(throws: IMAPSyntaxError.self) { _ = try IMAPSearchKey.parseList(&arguments) }
    }
  }

  @Test(arguments: [
    ("INBOX", "INBOX"), ("Entw\u{fc}rfe", "Entw&APw-rfe"), ("~peter/mail/\u{53f0}\u{5317}", "~peter/mail/&U,BTFw-"),
    ("a&b", "a&-b"), ("\u{1F600}", "&2D3eAA-"), ("", ""),
  ])
  func modifiedUTF7(_ text: String, _ wire: String) {
    #expect(ModifiedUTF7.encode(text) == wire)
    #expect(ModifiedUTF7.decode(Array(wire.utf8)) == text)
  }
  @Test(arguments: ["&", "&A", "&AGEA-", "&YQ-", "&2D0-", "Entw\u{fc}rfe", "&APw-&APw-", "&AGE-"])
  func noModifiedUTF7(_ wire: String) { #expect(ModifiedUTF7.decode(Array(wire.utf8)) == nil) }

  /// Every reader on lines that mean no good: none traps, none stands still.
  @Test func neverTraps() {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("IMAPArgumentsTests.neverTraps: seed \(seed)")
    let words = [
      "{3}\r\n", "BODY[HEADER.FIELDS (", "OR NOT (", "1:*,", "<0.18446744073709551615>", "\"1-Feb-", "~{2}\r\n",
    ]
    for line in hostileLines(seed: seed, keywords: words) {
      let arguments = IMAPArguments(line)
      var reader = arguments
      _ = try? reader.astring()
      reader = arguments
      _ = try? reader.literalOrLiteral8()
      reader = arguments
      _ = try? IMAPFetchItem.parseList(&reader)
      reader = arguments
      _ = try? IMAPSearchKey.parseList(&reader)
      reader = arguments
      _ = (try? IMAPSequenceSet.parse(&reader))?.ranges(largest: 5)
      reader = arguments
      _ = try? IMAPDate.parseDateTime(&reader)
      _ = ModifiedUTF7.decode(line)
    }
  }
}

extension IMAPSequenceSet {
  fileprivate static var saved: IMAPSequenceSet {
    var arguments = IMAPArguments(Array("$".utf8))
    return (try? parse(&arguments)) ?? IMAPSequenceSet()
  }
}
