/// Names of files that are made of names of students: they cannot leave their folder, nor hide in it.
package enum FileName {
  package static func safe(_ name: String) -> String {
    let safe = name.unicodeScalars.map { scalar -> String in
      switch scalar.value {
      case 48...57, 65...90, 97...122, 45, 46, 95, 64: String(scalar)
      default: "_"
      }
    }.joined()
    let trimmed = String(safe.drop { $0 == "." }.prefix(100))
    return trimmed.isEmpty ? "_" : trimmed
  }
}
