import Testing

@testable import Bytes

@Suite struct BufferPoolTests {
  @Test func beyondItsLimitABufferHasTheRoomThatItHas() {
    var pool = BufferPool(initialCapacity: 16, idleLimit: 64, growthLimit: 100)
    let long = pool.allocate()
    #expect(pool.room(long) == Int.max)
    #expect(pool.initialRoom == Int.max)
    pool.append([UInt8](repeating: 1, count: 120).span, to: long)
    #expect(pool.room(long) == 0)
    #expect(pool.initialRoom == 16)
    let short = pool.allocate()
    pool.append([1, 2, 3].span, to: short)
    #expect(pool.room(short) == 13)
    pool.release(long)
    #expect(pool.room(short) == Int.max)
  }
  @Test func memoryKeptForLaterLeavesRoomForTheLiving() {
    var pool = BufferPool(initialCapacity: 16, idleLimit: 64, growthLimit: 100)
    let handles = (0..<10).map { _ in pool.allocate() }
    for handle in handles { pool.append([UInt8](repeating: 1, count: 64).span, to: handle) }
    #expect(pool.initialRoom == 16)
    for handle in handles { pool.release(handle) }
    #expect(pool.initialRoom == Int.max)
  }
  @Test func buffersTakenBackKeepNoMoreThanTheirLimitTogether() {
    var pool = BufferPool(initialCapacity: 16, idleLimit: 100)
    let handles = (0..<10).map { _ in pool.allocate() }
    for handle in handles { pool.append([UInt8](repeating: 1, count: 64).span, to: handle) }
    for handle in handles { pool.release(handle) }
    let beginnings = 10 * 16
    #expect(pool.byteCount == beginnings + 2 * 48)
    // The next have what was kept; what they give back counts once.
    for handle in handles.map({ _ in pool.allocate() }) { pool.release(handle) }
    #expect(pool.byteCount == beginnings + 2 * 48)
    let grown = (0..<10).map { _ in pool.allocate() }
    for handle in grown { pool.append([UInt8](repeating: 1, count: 64).span, to: handle) }
    for handle in grown { pool.release(handle) }
    #expect(pool.byteCount == beginnings + 2 * 48)
  }
}
