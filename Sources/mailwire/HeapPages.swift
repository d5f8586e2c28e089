import CMalloc
import Glibc

/// How the heap gets its memory from the system.
enum HeapPages {
  /// What the heap's end moves by at a time.
  private static let growth = 16 << 20
  /// Larger blocks get memory of their own, and give it back.
  private static let largestBlock = 2 << 20
  /// A large page, where processors have them; advice for a whole number of larger ones does no harm.
  private static let pageByteCount: UInt = 2 << 20

  /// Asks for large pages where the heap is going to grow: memory that is touched for the first time then costs one
  /// interruption for 2 MiB instead of 512.
  static func preferLarge() {
    guard mallopt(M_TOP_PAD, Int32(growth)) == 1, mallopt(M_MMAP_THRESHOLD, Int32(largestBlock)) == 1 else { return }
    // A block that moves the heap's end; what comes after it is not in use yet.
    guard let block = unsafe malloc(largestBlock / 2) else { return }
    let begin = (UInt(bitPattern: block) &+ pageByteCount &- 1) & ~(pageByteCount &- 1)
    unsafe free(block)
    let end = unsafe UInt(bitPattern: sbrk(0)) & ~(pageByteCount &- 1)
    if begin < end { _ = unsafe madvise(UnsafeMutableRawPointer(bitPattern: begin), Int(end &- begin), MADV_HUGEPAGE) }
  }
}
