/// SHA-256 as FIPS 180-4 spells it out, slow and independent of any library.
package func plainSHA256(_ content: [UInt8]) -> String {
  let primes = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227, 229, 233, 239,
    241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307, 311,
  ]
  /// The first 32 bits of the fraction of a root, by bisection: the largest r with (2³² i + r)^power ≤ prime · 2^(32 power).
  func fraction(_ prime: Int, power: Int) -> UInt32 {
    var low = 0.0
    var high = 20.0
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if (power == 2 ? middle * middle : middle * middle * middle) <= Double(prime) {
        low = middle
      } else {
        high = middle
      }
    }
    return UInt32((low - low.rounded(.down)) * 4_294_967_296)
  }
  func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
  let constants = primes.map { fraction($0, power: 3) }
  var state = primes.prefix(8).map { fraction($0, power: 2) }
  var message = content + [0x80]
  while message.count % 64 != 56 { message.append(0) }
  message += octets(UInt64(content.count) * 8)
  for start in stride(from: 0, to: message.count, by: 64) {
    var schedule = (0..<16).map { index in
      (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(message[start + index * 4 + $1]) }
    }
    for index in 16..<64 {
      let early = schedule[index - 15]
      let late = schedule[index - 2]
      let first = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
      let second = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
      schedule.append(schedule[index - 16] &+ first &+ schedule[index - 7] &+ second)
    }
    var v = state
    for index in 0..<64 {
      let sum = rotated(v[4], 6) ^ rotated(v[4], 11) ^ rotated(v[4], 25)
      let choice = v[4] & v[5] ^ ~v[4] & v[6]
      let first = v[7] &+ sum &+ choice &+ constants[index] &+ schedule[index]
      let majority = v[0] & v[1] ^ v[0] & v[2] ^ v[1] & v[2]
      let second = (rotated(v[0], 2) ^ rotated(v[0], 13) ^ rotated(v[0], 22)) &+ majority
      v = [first &+ second, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
    }
    for index in 0..<8 { state[index] &+= v[index] }
  }
  let digits = Array("0123456789abcdef")
  return String(state.flatMap { octets($0) }.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}
