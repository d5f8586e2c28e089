internal import Bytes
internal import Inflation

/// The two DEFLATE streams that both sides of a conversation speak from some point on (RFC 4978).
struct CompressedSides: BitwiseCopyable {
  private var inflations = InlineArray<2, Int32>(repeating: -1)
  private var byteCount = 0
  /// Something is missing or wrong, or it would become too much: nothing that follows can be read.
  private(set) var areUnreadable = false

  /// What the octets of a side stand for, as far as that can be told.
  mutating func inflate(_ bytes: Span<UInt8>, fromClient: Bool, _ inflations: inout InflatePool) -> [UInt8] {
    if areUnreadable { return [] }
    let side = fromClient ? 1 : 0
    if self.inflations[side] < 0 { self.inflations[side] = inflations.allocate(.raw) }
    guard self.inflations[side] >= 0 else {
      areUnreadable = true
      return []
    }
    var octets: [UInt8] = []
    let room = DialogueLimits.inflatedByteCount - byteCount
    let isWhole = inflations.inflate(bytes, with: self.inflations[side]) { piece in
      octets += piece.copied()
      return octets.count <= room
    }
    byteCount += octets.count
    if !isWhole { areUnreadable = true }
    return octets
  }
  /// Octets of one of the streams are missing.
  mutating func gap() { areUnreadable = true }
  mutating func release(_ inflations: inout InflatePool) {
    for side in 0..<2 where self.inflations[side] >= 0 {
      inflations.release(self.inflations[side])
      self.inflations[side] = -1
    }
  }
}
