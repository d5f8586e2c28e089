package import Bytes

/// What an answer is whose command, or whose challenge, was not captured.
extension SASLResponse {
  /// A mechanism, and which of its answers, from 0.
  package struct Guess: BitwiseCopyable, Equatable, Sendable {
    package var mechanism: Mechanism
    package var step: Int
  }
  /// The mechanism that an answer belongs to, told by the base64 of the challenge before it and of the one behind it
  /// (empty where there was none): LOGIN asks for `Username:` and `Password:`, and PLAIN's answer holds two NULs.
  package static func guess(
    _ answer: Span<UInt8>, after challenge: Span<UInt8>, before next: Span<UInt8>, scratch: inout ByteWriter
  ) -> Guess? {
    if let step = loginStep(after: challenge, scratch: &scratch) { return Guess(mechanism: .login, step: step) }
    scratch.removeAll()
    guard Base64.decode(answer.extracting(answer.bounds(answer.trimmed(OctetRange(0, answer.count)))), into: &scratch)
    else { return nil }
    let isPlain = scratch.withOctets { decoded in
      decoded.firstOffset(of: 0).flatMap { decoded.firstOffset(of: 0, from: $0 + 1) } != nil
        && decoded.isUTF8WithoutControls(exceptNUL: true)
    }
    if isPlain { return Guess(mechanism: .plain, step: 0) }
    return loginStep(after: next, scratch: &scratch) == 1 ? Guess(mechanism: .login, step: 0) : nil
  }
  /// Which of LOGIN's answers a challenge asks for, 0 the user name and 1 the password; nil where its words do not tell.
  /// Servers ask for `Username:` and then for `Password:`, but some the other way round.
  package static func loginStep(after challenge: Span<UInt8>, scratch: inout ByteWriter) -> Int? {
    let range = challenge.trimmed(OctetRange(0, challenge.count))
    // `Username:` and `Password:`, as nearly every server spells them.
    if challenge.starts(with: "VXNlcm5hbWU6", at: range.lower) { return 0 }
    if challenge.starts(with: "UGFzc3dvcmQ6", at: range.lower) { return 1 }
    scratch.removeAll()
    guard Base64.decode(challenge.extracting(challenge.bounds(range)), into: &scratch) else { return nil }
    return scratch.withOctets { words in
      if words.startsIgnoringCase(with: "user") || words.startsIgnoringCase(with: "login") { return 0 }
      return words.startsIgnoringCase(with: "pass") ? 1 : nil
    }
  }
  /// How many answers a client may send without waiting for the challenges, behind an initial response or without.
  package static func answerCount(_ mechanism: Mechanism, hasInitialResponse: Bool) -> UInt8 {
    switch mechanism {
    case .plain, .cramMD5, .xoauth2, .oauthBearer, .external: hasInitialResponse ? 0 : 1
    case .login, .digestMD5, .ntlm: hasInitialResponse ? 1 : 2
    case .scram, .other: hasInitialResponse ? 2 : 3
    }
  }
  /// Whether a line is spelled as an answer to a challenge is: base64, `=` for no octets, or `*`, which gives up
  /// (RFC 4954 §4, RFC 4648 §4).
  package static func isSpelledAsAnswer(_ line: Span<UInt8>) -> Bool {
    if line.equals("*") || line.equals("=") { return true }
    guard line.count > 0, line.count & 3 == 0 else { return false }
    var end = line.count
    while end > line.count - 2, line[end - 1] == UInt8(ascii: "=") { end -= 1 }
    for offset in 0..<end {
      let octet = line[offset]
      guard ASCII.isLetter(octet) || ASCII.isDigit(octet) || octet == UInt8(ascii: "+") || octet == UInt8(ascii: "/")
      else { return false }
    }
    return true
  }
  /// What a challenge says, where it is base64 of text; nil for what only a program can read, and for plain words, which
  /// some servers send instead (`334 ntlm supported`).
  package static func text(ofChallenge challenge: Span<UInt8>) -> String? {
    let range = challenge.trimmed(OctetRange(0, challenge.count))
    guard let octets = Base64.decode(challenge.extracting(challenge.bounds(range))), !octets.isEmpty,
      octets.span.isUTF8WithoutControls(exceptNUL: false)
    else { return nil }
    return octets.span.text()
  }
}

extension Span<UInt8> {
  /// Whether it can be read: UTF-8 without control characters but tab and line ends, and NULs where they are allowed.
  fileprivate func isUTF8WithoutControls(exceptNUL: Bool) -> Bool {
    for offset in 0..<count {
      switch self[offset] {
      case 0: if !exceptNUL { return false }
      case 1...8, 11, 12, 14...31, 127: return false
      default: break
      }
    }
    return unsafe withUnsafeBufferPointer { unsafe String(validating: $0, as: UTF8.self) } != nil
  }
}
