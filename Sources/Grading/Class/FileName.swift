/// Names of files that are made of names of students: they cannot leave their folder, nor hide in it.
package enum FileName {
  /// Octets of a name, well below the 255 that file systems take, so that an ending finds room.
  private static let byteCount = 160

  /// Letters and digits of every script stay; other signs but `-`, `.`, `_` and `@` become `_`.
  package static func safe(_ name: String) -> String {
    var safe = ""
    for scalar in name.unicodeScalars {
      let isKept = isOfWord(scalar) || "-._@".unicodeScalars.contains(scalar)
      if safe.isEmpty, scalar == "." { continue }
      let added = isKept ? String(scalar) : "_"
      guard safe.utf8.count + added.utf8.count <= byteCount else { break }
      safe.unicodeScalars.append(contentsOf: added.unicodeScalars)
    }
    return safe.isEmpty ? "_" : safe
  }
  /// A letter, a digit, or what is written above or below a letter where a spelling parts them.
  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    let marks: [Unicode.GeneralCategory] = [.decimalNumber, .nonspacingMark, .spacingMark]
    return scalar.properties.isAlphabetic || marks.contains(scalar.properties.generalCategory)
  }

  /// A name for each of `names`, and no two the same, also where capitals and spellings of a letter do not count: what is
  /// one student's never comes to lie with another's. Who is called as a file can be keeps that name.
  package static func distinct(_ names: [String]) -> [String] {
    var result = names.map(safe)
    var taken: Set<String> = []
    var seen: Set<String> = []
    let ranks = names.indices.map { index in
      seen.insert(names[index]).inserted ? (result[index] == names[index] ? 0 : 1) : 2
    }
    let order = names.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
    for index in order {
      let wanted = result[index]
      var number = 1
      while !taken.insert(result[index].lowercased()).inserted {
        number += 1
        result[index] = "\(wanted)-\(number)"
      }
    }
    return result
  }
}
