import Foundation

/// What is known of one capture of the corpus: `truth/<file>.json`, made by others with tshark and by eye.
struct Truth: Decodable {
  var streams: [Stream]

  /// A TCP connection.
  struct Stream: Decodable {
    var tsharkStream: Int
    /// `address:port`.
    var client: String
    var server: String
    /// The first and the last frame.
    var frames: [Int]
    /// `smtp`, `pop`, `imap`, `http`, `tls`, `tls?`, `other` or `no-payload`.
    var `protocol`: String
    /// The code, a space, and the first line's text.
    var greeting: String?
    var firstClientLine: String?
    var firstServerLine: String?
    var commands: [Command]?
    var credentials: [Credential]?
    var envelope: [Envelope]?
    var messages: [Message]?
    /// Method, target and host.
    var requests: [[String?]]?
    var responses: [Int]?
    var ended: Ending
  }

  struct Command: Decodable {
    /// In capitals; `?` or empty for what is no command.
    var verb: String
    var line: String
    var tag: String?
    /// The first reply's code.
    var code: Int?
    /// The last reply's code, after the challenges of AUTH.
    var finalCode: Int?
    /// The code after the message.
    var afterDataCode: Int?
    /// The first line of POP3's answer.
    var status: String?
    /// IMAP's tagged answer without its tag.
    var result: String?
  }

  struct Credential: Decodable {
    var mech: String
    var username: String?
    var password: String?
    var resultCode: Int?
    var ok: Bool?
    var result: String?
  }

  /// All that belongs to one MAIL command, also what the server refused.
  struct Envelope: Decodable {
    var mailFrom: String?
    var rcptTo: [Recipient]
  }

  /// `[path, code]`.
  struct Recipient: Decodable {
    var path: String?
    var code: Int?

    init(from decoder: any Decoder) throws {
      var pair = try decoder.unkeyedContainer()
      path = try pair.decodeIfPresent(String.self)
      code = try pair.decodeIfPresent(Int.self)
    }
  }

  struct Message: Decodable {
    var via: String
    var unstuffedLen: Int
    var unstuffedSha256: String
  }

  struct Ending: Decodable {
    /// `QUIT->221`; absent when the client did not say so.
    var app: String?
    var fin: [Segment]
    var rst: [Segment]
    /// `both-fin`, `half-closed`, `rst` or `still-open`.
    var state: String
  }

  /// `[frame, side]`.
  struct Segment: Decodable {
    var frame: Int
    var side: String

    init(from decoder: any Decoder) throws {
      var pair = try decoder.unkeyedContainer()
      frame = try pair.decode(Int.self)
      side = try pair.decode(String.self)
    }
  }

  init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Truth.self, from: json)
  }
}
