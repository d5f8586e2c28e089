internal import Bytes

/// Goes through the options at the end of a block's body (draft-ietf-opsawg-pcapng §3.5).
///
///     01 00 05 00 68 65 6c 6c 6f 00 00 00     code 1, five octets, filled to a whole word
///     00 00 00 00                             the end
struct PCAPNGOptionList {
  private var position: Int
  private let isSwapped: Bool
  /// An option's length reached beyond the block.
  private(set) var isDamaged = false

  /// Options begin at `position` of the body.
  init(from position: Int, isSwapped: Bool) {
    self.position = position
    self.isSwapped = isSwapped
  }
  /// The next option's code and where its value lies in `body`; nil behind the last.
  mutating func next(in body: Span<UInt8>) -> (code: PCAPNGOption, value: Range<Int>)? {
    guard position <= body.count - 4 else { return nil }
    let code = short(body, at: position)
    let start = position + 4
    let end = start + Int(short(body, at: position + 2))
    if code == 0 { return nil }
    guard end <= body.count else {
      isDamaged = true
      return nil
    }
    position = start + (end - start + 3) & ~3
    return (PCAPNGOption(rawValue: code), start..<end)
  }
  private func short(_ body: Span<UInt8>, at offset: Int) -> UInt16 {
    let number = body.nativeUInt16(at: offset)
    return isSwapped ? number.byteSwapped : number
  }
}
