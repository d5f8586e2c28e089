import Foundation

/// A helper that may not open packet sockets (packet(7)), as in a container that forbids them: libpcap cannot record there.
enum WithoutPackets {
  /// A program that is called as the helper is.
  static let helper: String = {
    let path = FileManager.default.temporaryDirectory.appending(path: "mailwire-without-packets-\(getpid())").path
    let isMade = FileManager.default.createFile(
      atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o755])
    precondition(isMade, "no script can be made")
    return path
  }()
  /// A filter of system calls (seccomp(2)): socket(AF_PACKET, …) is not permitted.
  private static let text = """
    #!/usr/bin/env python3
    import ctypes, errno, os, platform, struct, sys
    SOCKET = 41 if platform.machine() == "x86_64" else 198
    LOAD, EQUAL, RETURN, AF_PACKET = 0x20, 0x15, 0x06, 17
    code = [(LOAD, 0, 0, 0), (EQUAL, 0, 3, SOCKET), (LOAD, 0, 0, 16), (EQUAL, 0, 1, AF_PACKET),
            (RETURN, 0, 0, 0x50000 | errno.EPERM), (RETURN, 0, 0, 0x7FFF0000)]
    lines = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(code), ctypes.addressof(lines)))
    system = ctypes.CDLL(None)
    if system.prctl(38, 1, 0, 0, 0) or system.prctl(22, 2, program, 0, 0):
        sys.exit("no filter of system calls")
    os.execv("\(Trials.helper)", sys.argv)

    """
}
