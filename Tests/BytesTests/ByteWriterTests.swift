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
}
