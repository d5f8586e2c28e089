import Bytes
import Testing

@Suite struct ByteWriterTests {
  @Test(arguments: [
    (0, "0"), (7, "7"), (-12, "-12"), (Int.max, "9223372036854775807"), (Int.min, "-9223372036854775808"),
  ])
  func decimal(_ number: Int, _ text: String) {
    var writer = ByteWriter(minimumCapacity: 1)
    writer.append(decimal: number)
    #expect(writer.withOctets { $0.text() } == text)
  }

  /// Every number of digits, at its first and its last number.
  @Test func decimalsOfEveryLength() {
    var first: UInt = 1
    for _ in 0..<19 {
      for number in [first, first * 10 - 1] {
        var writer = ByteWriter(minimumCapacity: 1)
        writer.append(decimal: number)
        #expect(writer.withOctets { $0.text() } == String(number))
      }
      first *= 10
    }
    var writer = ByteWriter()
    writer.append(decimal: UInt.max)
    #expect(writer.withOctets { $0.text() } == String(UInt.max))
  }

  /// Every number of one to five digits, and about every power of ten.
  @Test func decimalsAreThoseOfTheStandardLibrary() {
    var numbers = Array(UInt(0)...100_000)
    var power: UInt = 1
    for _ in 0..<19 {
      power *= 10
      for offset: UInt in 0...300 { numbers += [power - 1 + offset, power / 7 * 3 + offset] }
    }
    var writer = ByteWriter(minimumCapacity: 1)
    for number in numbers {
      writer.removeAll()
      writer.append(decimal: number)
      #expect(writer.withOctets { $0.text() } == String(number))
    }
  }
  @Test(arguments: [(0, "000000000"), (7, "000000007"), (120_000_034, "120000034"), (999_999_999, "999999999")])
  func nineDigits(_ number: UInt32, _ text: String) {
    var writer = ByteWriter(minimumCapacity: 1)
    writer.append(nineDigits: number)
    #expect(writer.withOctets { $0.text() } == text)
  }

  @Test func arraysOfThree() {
    let numbers: [UInt32] = [0, 9, 10, 99, 100, 999, 1_000, 9_999, 10_000, 99_999_999, 100_000_000, UInt32.max]
    var writer = ByteWriter(minimumCapacity: 1)
    for first in numbers {
      for second in numbers {
        for third in numbers {
          writer.removeAll()
          writer.append(array: first, second, third)
          #expect(writer.withOctets { $0.text() } == "[\(first),\(second),\(third)]")
        }
      }
    }
  }

  /// Whatever the memory holds already, an append behind it finds room, and moves nothing.
  @Test func growsAtEveryFill() {
    for filled in 0...200 {
      var writer = ByteWriter(minimumCapacity: 1)
      writer.append(UInt8(ascii: "."), count: filled)
      writer.append("a name with its quotes")
      writer.append(decimal: UInt.max)
      writer.append(
        "a text that is longer than what may be stored without asking for room first, whatever there was before")
      #expect(
        writer.withOctets { $0.text() } == String(repeating: ".", count: filled) + "a name with its quotes"
          + "18446744073709551615"
          + "a text that is longer than what may be stored without asking for room first, whatever there was before")
    }
  }

  /// What `append(quoting:)` and `append(quotingUnfolded:)` should do within the quotes, octet by octet.
  private func expected(_ octets: [UInt8], omittingLineEnds: Bool) -> (text: [UInt8], end: Int) {
    var text: [UInt8] = []
    for (offset, octet) in octets.enumerated() {
      switch octet {
      case 13 where omittingLineEnds, 10 where omittingLineEnds: break
      case 13: text += Array("\\r".utf8)
      case 10: text += Array("\\n".utf8)
      case 9: text += Array("\\t".utf8)
      case 34: text += Array("\\\"".utf8)
      case 92: text += Array("\\\\".utf8)
      case 32..<127: text.append(octet)
      default: return (text, offset)
      }
    }
    return (text, octets.count)
  }
  private func compare(_ octets: [UInt8]) {
    for omits in [false, true] {
      let expected = expected(octets, omittingLineEnds: omits)
      var writer = ByteWriter(minimumCapacity: 1)
      let end = omits ? writer.append(quotingUnfolded: octets.span) : writer.append(quoting: octets.span)
      #expect(end == expected.end)
      let quote = UInt8(ascii: "\"")
      #expect(writer.withOctets { $0.copied() } == [quote] + expected.text + (end == octets.count ? [quote] : []))
    }
  }
  /// Every octet at every offset of runs of every length about one, two and three blocks of 16.
  @Test func escapesEveryOctetAtEveryOffset() {
    for count in 1...50 {
      for octet in [0, 9, 10, 13, 27, 31, 32, 33, 34, 35, 91, 92, 93, 126, 127, 128, 255] as [UInt8] {
        for offset in 0..<count {
          var octets = [UInt8](repeating: UInt8(ascii: "x"), count: count)
          octets[offset] = octet
          compare(octets)
        }
      }
    }
    for octet in UInt8.min...UInt8.max { compare([octet]) }
    compare([])
  }
  @Test func escapesRunsOfSpecials() {
    for count in 1...40 {
      compare(Array(repeatElement([13, 10], count: count).joined()))
      compare([UInt8](repeating: 34, count: count))
      compare([UInt8](repeating: 13, count: count))
      compare(Array(repeatElement([10, 13, 120, 92], count: count).joined()))
    }
  }
  @Test func escapesFromAnOffset() {
    let octets = Array("0123456789\u{1}abcdefghijklmnopqrstuvwxyz\t.".utf8)
    var writer = ByteWriter()
    #expect(writer.append(escaping: octets.span, from: 0) == 10)
    #expect(writer.append(escaping: octets.span, from: 11) == octets.count)
    #expect(writer.withOctets { $0.text() } == "0123456789abcdefghijklmnopqrstuvwxyz\\t.")
  }
}
