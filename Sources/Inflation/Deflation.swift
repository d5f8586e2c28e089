internal import CZlib

/// Compresses octets into one raw DEFLATE stream (RFC 1951), over zlib; what it makes fits into a zip archive.
public enum Deflation {
  /// The octets compressed; nil where zlib has no memory, or where there are more octets than it counts (4 GiB).
  public static func raw(_ octets: Span<UInt8>) -> [UInt8]? {
    guard octets.count < Int(UInt32.max) else { return nil }
    var stream = unsafe z_stream()
    guard unsafe mailwireDeflateInit(&stream) == Z_OK else { return nil }
    defer { unsafe deflateEnd(&stream) }
    let room = unsafe Int(deflateBound(&stream, UInt(octets.count)))
    var isWhole = false
    let packed = unsafe [UInt8](unsafeUninitializedCapacity: room) { output, count in
      unsafe octets.withUnsafeBufferPointer { input in
        unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.avail_in = UInt32(input.count)
        unsafe stream.next_out = output.baseAddress
        unsafe stream.avail_out = UInt32(clamping: room)
        isWhole = unsafe CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END
        count = unsafe room - Int(stream.avail_out)
      }
    }
    return isWhole ? packed : nil
  }
  /// The check sum of gzip and of zip archives (RFC 1952 §8).
  public static func crc32(_ octets: Span<UInt8>) -> UInt32 {
    unsafe octets.withUnsafeBufferPointer { input in
      unsafe UInt32(truncatingIfNeeded: CZlib.crc32(0, input.baseAddress, UInt32(clamping: input.count)))
    }
  }
}
