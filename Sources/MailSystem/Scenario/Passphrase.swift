/// Passwords that can be read out and typed, and that nobody guesses within a lesson.
///
///     bolo-fadi-kema-sopu-42
package enum Passphrase {
  private static let consonants = Array("bdfgklmnprstvz")
  private static let vowels = Array("aeio")

  package static func make(from source: inout OctetSource) -> String {
    var octets = source.take(17)
    let last = octets.removeLast()
    var words = ""
    for (index, octet) in octets.enumerated() {
      if index > 0, index % 4 == 0 { words.append("-") }
      let letters = index % 2 == 0 ? consonants : vowels
      words.append(letters[Int(octet) % letters.count])
    }
    return "\(words)-\(last % 90 + 10)"
  }
}
