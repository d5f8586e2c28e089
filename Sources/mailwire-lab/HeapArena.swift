import CMalloc

/// How the heap gets its memory from the system.
enum HeapArena {
  /// What the heap's end moves by at a time, in octets.
  private static let growth: Int32 = 1 << 20

  /// One heap for all threads, which grows by many pages at once: what a mailbox in memory takes is paid for less often.
  static func share() {
    _ = mallopt(M_ARENA_MAX, 1)
    _ = mallopt(M_TOP_PAD, growth)
  }
}
