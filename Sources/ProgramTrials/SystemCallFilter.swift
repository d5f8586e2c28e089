/// A filter of system calls for bubblewrap (seccomp(2)): what a program of this kind never needs, and what would take memory
/// that no limit counts, fails with EPERM.
enum SystemCallFilter {
  #if arch(x86_64)
    private static let architecture: UInt32 = 0xC000_003E
    /// memfd_create, memfd_secret, shmget, msgget, semget, io_uring_setup, bpf, perf_event_open, userfaultfd, keyctl,
    /// add_key, request_key, ptrace, process_vm_writev, unshare, setns, mount.
    private static let refused: [UInt32] = [
      319, 447, 29, 68, 64, 425, 321, 298, 323, 250, 248, 249, 101, 311, 272, 308, 165,
    ]
    private static let clone: UInt32 = 56
  #else
    private static let architecture: UInt32 = 0xC000_00B7
    private static let refused: [UInt32] = [
      279, 447, 194, 186, 190, 425, 280, 241, 282, 219, 217, 218, 117, 271, 97, 268, 40,
    ]
    private static let clone: UInt32 = 220
  #endif
  private static let allow: UInt32 = 0x7FFF_0000
  private static let refuse: UInt32 = 0x0005_0001
  private static let kill: UInt32 = 0x8000_0000
  /// clone3(2), whose flags no filter can read: "there is no such call" has the C library take clone(2).
  private static let cloneByStructure: UInt32 = 435
  private static let unknown: UInt32 = 0x0005_0026
  /// CLONE_NEWUSER
  private static let newUser: UInt32 = 0x1000_0000

  /// `struct sock_filter` after `struct sock_filter`, as the kernel reads them on this machine.
  static var program: [UInt8] {
    // Load the architecture; another one has other numbers.
    var code = instruction(0x20, 0, 0, 4) + instruction(0x15, 1, 0, architecture) + instruction(0x06, 0, 0, kill)
    code += instruction(0x20, 0, 0, 0)
    for number in refused { code += instruction(0x15, 0, 1, number) + instruction(0x06, 0, 0, refuse) }
    code += instruction(0x15, 0, 1, cloneByStructure) + instruction(0x06, 0, 0, unknown)
    // The flags are the first argument; a user namespace of its own would make a program mighty in it.
    code += instruction(0x15, 0, 4, clone) + instruction(0x20, 0, 0, 16) + instruction(0x45, 0, 1, newUser)
    code += instruction(0x06, 0, 0, refuse) + instruction(0x06, 0, 0, allow)
    return code + instruction(0x06, 0, 0, allow)
  }
  private static func instruction(_ code: UInt16, _ ifTrue: UInt8, _ ifFalse: UInt8, _ value: UInt32) -> [UInt8] {
    [UInt8(truncatingIfNeeded: code), UInt8(truncatingIfNeeded: code >> 8), ifTrue, ifFalse]
      + (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
