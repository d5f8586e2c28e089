/// What sort of answer is asked for, which decides when two spellings are the same answer.
package indirect enum AnswerKind: Equatable, Sendable {
  /// An IPv4 or IPv6 address, in any spelling.
  case address
  /// A TCP port.
  case port
  case number
  /// The number of a frame; any of those that show the fact is right.
  case frame
  /// A reply code: `221`, with or without its text.
  case code
  /// Text in which capitals matter and runs of white space do not.
  case text
  /// Text in which capitals do not matter.
  case word
  /// A host's name: capitals and a dot at the end do not matter.
  case host
  /// A mail address: its domain's capitals and angle brackets do not matter.
  case mailbox
  /// Base64 as it stood on the wire; `orDecoded` takes what it means, too.
  case base64(orDecoded: Bool)
  /// A letter of the options, or an option's text.
  case choice
  /// The letters of the options in order.
  case order
  /// Several of a kind, in any order.
  case list(AnswerKind)

  /// What the worksheet asks for, in a few words.
  package var prompt: String {
    switch self {
    case .address: "an IP address"
    case .port: "a port number"
    case .number: "a number"
    case .frame: "a frame number"
    case .code: "a reply code of three digits"
    case .text: "text, exactly as it stands there"
    case .word: "a word"
    case .host: "a host name"
    case .mailbox: "a mail address"
    case .base64(let orDecoded): orDecoded ? "base64, or what it means" : "base64, as it stands on the wire"
    case .choice: "one letter"
    case .order: "letters in order, such as B, A, C"
    case .list(let kind): "all of them, with commas between; each is \(kind.prompt)"
    }
  }
  /// How a file spells it.
  package static func named(_ name: String) -> AnswerKind? {
    switch name {
    case "address": .address
    case "port": .port
    case "number": .number
    case "frame": .frame
    case "code": .code
    case "text": .text
    case "word": .word
    case "host": .host
    case "mailbox": .mailbox
    case "base64": .base64(orDecoded: false)
    case "base64-or-decoded": .base64(orDecoded: true)
    case "choice": .choice
    case "order": .order
    default: nil
    }
  }
  package static let names = [
    "address", "port", "number", "frame", "code", "text", "word", "host", "mailbox", "base64", "base64-or-decoded",
    "choice", "order",
  ]
}
