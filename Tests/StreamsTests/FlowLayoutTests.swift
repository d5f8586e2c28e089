import Testing

@testable import Streams

@Suite struct FlowLayoutTests {
  /// What a usual packet touches lies in the first two lines of the processor's cache.
  @Test func recordsBeginAndEndWithLinesOfTheCache() {
    #expect(MemoryLayout<StreamHalf>.stride == 32)
    #expect(MemoryLayout<Flow>.offset(of: \.halves) == 64)
    #expect(MemoryLayout<Flow>.stride == 256)
  }
}
