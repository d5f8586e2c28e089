import Testing

@testable import Bytes

@Suite struct BufferPoolTests {
  @Test func beyondItsLimitABufferHasTheRoomThatItHas() {
    var pool = BufferPool(initialCapacity: 16, keptCapacity: 64, growthLimit: 100)
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
    var pool = BufferPool(initialCapacity: 16, keptCapacity: 64, growthLimit: 100)
    let handles = (0..<10).map { _ in pool.allocate() }
    for handle in handles { pool.append([UInt8](repeating: 1, count: 64).span, to: handle) }
    #expect(pool.initialRoom == 16)
    for handle in handles { pool.release(handle) }
    #expect(pool.initialRoom == Int.max)
  }
}
