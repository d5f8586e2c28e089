internal import Bytes

/// What an executable is by its first octets (execve(2)): most of what cannot be started can be told before it is tried.
enum ExecutableForm {
  /// Why it cannot be started, for who has handed it in; nil where nothing speaks against it.
  static func obstacle(_ octets: [UInt8], name: String) -> String? {
    let begins = { (prefix: [UInt8]) in octets.starts(with: prefix) }
    if octets.isEmpty { return "'\(name)' is empty." }
    if begins([0x23, 0x21]) {
      guard let end = octets.firstIndex(of: ASCII.lineFeed), octets[..<end].last == ASCII.carriageReturn else {
        return nil
      }
      return
        "The first line of '\(name)' ends with CR and LF, as Windows writes lines, and no interpreter has such a name. "
        + "Save the file with LF alone at the ends of its lines."
    }
    if begins([0x7F, 0x45, 0x4C, 0x46]) { return processorObstacle(octets, name) }
    if begins([0x4D, 0x5A]) { return foreign(name, "Windows") }
    if begins([0xCF, 0xFA, 0xED, 0xFE]) || begins([0xCE, 0xFA, 0xED, 0xFE]) { return foreign(name, "macOS") }
    if begins([0xCA, 0xFE, 0xBA, 0xBE]) {
      // A class has its version where a program for several processors has their count (JVMS §4.1).
      guard octets.count >= 8, octets[7] >= 45 else { return foreign(name, "macOS") }
      return "'\(name)' is a class of Java. Hand it in under its own name, with a script '\(name)' that calls java."
    }
    let text = String(decoding: octets.prefix(64), as: UTF8.self)
    if text.hasPrefix("#include") {
      return "'\(name)' is C, and not yet a program. Compile it, and hand in what the compiler makes."
    }
    if text.hasPrefix("import ") || text.hasPrefix("from ") {
      return
        "'\(name)' does not say what runs it. Call it '\(name).py', or begin it with the line #!/usr/bin/env python3."
    }
    return nil
  }
  private static func foreign(_ name: String, _ system: String) -> String {
    "'\(name)' is a program for \(system), and is tried on Linux. Build it there, or hand in a script."
  }
  /// By ELF's `e_machine`, in the order of octets that `e_ident` tells.
  private static func processorObstacle(_ octets: [UInt8], _ name: String) -> String? {
    guard octets.count >= 20 else { return "'\(name)' is only the beginning of a program." }
    let isLittle = octets[5] == 1
    let machine = Int(octets[isLittle ? 18 : 19]) | Int(octets[isLittle ? 19 : 18]) << 8
    if machines.contains(machine) { return nil }
    return "'\(name)' is a program for another processor than this one. Build it for \(processor), or hand in a script."
  }
  #if arch(x86_64)
    /// EM_X86_64, and EM_386, which such a processor may run, too.
    private static let machines = [62, 3]
    private static let processor = "x86-64"
  #else
    /// EM_AARCH64
    private static let machines = [183]
    private static let processor = "aarch64"
  #endif
}
