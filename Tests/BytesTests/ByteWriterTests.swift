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
}
