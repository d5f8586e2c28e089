import Testing

@testable import Lessons

/// Comments stand at the frame that shows what they say.
@Suite struct CommentBookTests {
  private func comments(_ credentials: String, frames: ClosedRange<UInt32> = 1...20) throws -> [UInt32: [String]] {
    let octets = Array(
      #"{"version":1,"stream":3,"protocol":"smtp","frameRange":[2,19],"client":{"synFrame":2,"gapByteCount":0},"server":{"synFrame":3},"omitted":0,"opening":{"client":{"lines":["x"],"frames":[4]}},"credentials":[\#(credentials)]}"#
        .utf8)
    let fact = try FactParser.parse(octets.span)
    let book = CommentBook()
    book.note(LessonQuestions.all.filter { $0.name == "credentials" }.compactMap { $0.answer(from: fact) }, of: fact)
    book.sort()
    var comments: [UInt32: [String]] = [:]
    for frame in frames {
      let found = book.comments(on: frame)
      if !found.isEmpty {
        comments[frame] = found.flatMap { comment in
          #expect(comment.hasPrefix("mailwire: Which user name and password are used? (tcp.stream 3)\n"))
          return comment.split(separator: "\n").dropFirst().map(String.init)
        }
      }
    }
    return comments
  }
  private func login(
    _ mechanism: String, _ encoded: [String], frames: [Int], at octets: [Int], pieces: [Int] = []
  ) -> String {
    let places = octets.map { "[\($0),66,9]" }.joined(separator: ",")
    let encoded = encoded.map { "\"\($0)\"" }.joined(separator: ",")
    return
      #"{"mechanism":"\#(mechanism)","username":"u","password":"p","encoded":[\#(encoded)],"accepted":true,"reply":"235 ok","frames":\#(frames),"bytes":[\#(places)]\#(pieces.isEmpty ? "" : ",\"pieces\":\(pieces)")}"#
  }

  @Test func aLoginIsToldPieceByPiece() throws {
    let comments = try comments(login("LOGIN", ["dQ==", "cA=="], frames: [5, 6, 7, 8, 9, 10], at: [5, 7, 9]))
    #expect(
      comments == [
        5: ["mechanism: LOGIN"], 7: ["user name: u", "on the wire: dQ=="], 9: ["password: p", "on the wire: cA=="],
        10: ["result: accepted: 235 ok"],
      ])
  }
  /// A server may ask for the password first.
  @Test func thePasswordMayComeFirst() throws {
    let comments = try comments(login("LOGIN", ["cA==", "dQ=="], frames: [5, 6, 7, 8, 9, 10], at: [5, 7, 9]))
    #expect(
      comments == [
        5: ["mechanism: LOGIN"], 7: ["password: p", "on the wire: cA=="], 9: ["user name: u", "on the wire: dQ=="],
        10: ["result: accepted: 235 ok"],
      ])
  }
  /// A line that came in several frames is told at each of them.
  @Test func aLineInSeveralFramesIsOneLine() throws {
    let comments = try comments(
      login(
        "LOGIN", ["dQ==", "cA=="], frames: [5, 6, 7, 8, 9, 10, 11, 12], at: [5, 6, 7, 8, 10, 11], pieces: [1, 3, 2]))
    let name = ["user name: u", "on the wire: dQ=="]
    let password = ["password: p", "on the wire: cA=="]
    #expect(
      comments == [
        5: ["mechanism: LOGIN"], 6: name, 7: name, 8: name, 10: password, 11: password,
        12: ["result: accepted: 235 ok"],
      ])
  }
  @Test func withAnInitialResponseTheNameComesWithTheCommand() throws {
    let comments = try comments(login("LOGIN", ["dQ==", "cA=="], frames: [5, 6, 7, 8], at: [5, 7]))
    #expect(comments[5] == ["mechanism: LOGIN", "user name: u", "on the wire: dQ=="])
    #expect(comments[7] == ["password: p", "on the wire: cA=="])
  }
  @Test func plainSaysBothAtOnce() throws {
    #expect(
      try comments(login("PLAIN", ["AHUAcA=="], frames: [5, 6, 7, 8], at: [5, 7])) == [
        5: ["mechanism: PLAIN"], 7: ["user name: u", "password: p", "on the wire: AHUAcA=="],
        8: ["result: accepted: 235 ok"],
      ])
    #expect(
      try comments(login("PLAIN", ["AHUAcA=="], frames: [5, 6], at: [5])) == [
        5: ["mechanism: PLAIN", "user name: u", "password: p", "on the wire: AHUAcA=="],
        6: ["result: accepted: 235 ok"],
      ])
  }
  @Test func whereAProofFollowsTheNameComesFirst() throws {
    let comments = try comments(login("SCRAM-SHA-256", ["biws", "Yz1i"], frames: [5, 6, 7, 8, 9, 10], at: [5, 7, 9]))
    #expect(comments[7] == ["user name: u", "on the wire: biws"])
    #expect(comments[9] == ["password: p", "on the wire: Yz1i"])
  }
  /// Behind what names the user, answers may follow that name nobody (RFC 5802 §5, RFC 7628 §3.2.3, RFC 2831 §2.1.3).
  @Test(arguments: [
    ("SCRAM-SHA-256", ["biwsbj11LHI9eA==", "Yz1iaXdz", ""]), ("XOAUTH2", ["dXNlcj11AWF1dGg9QmVhcmVyIHABAQ==", ""]),
    ("OAUTHBEARER", ["bixhPXUsAWF1dGg9QmVhcmVyIHABAQ==", "AQ=="]), ("DIGEST-MD5", ["dXNlcm5hbWU9InUi", ""]),
  ])
  func theNameStandsWhereItIsSaid(_ mechanism: String, _ encoded: [String]) throws {
    let frames = Array(5...(6 + 2 * encoded.count))
    let octets = (0...encoded.count).map { 5 + 2 * $0 }
    let comments = try comments(login(mechanism, encoded, frames: frames, at: octets))
    #expect(comments[7]?.first == "user name: u")
  }
  @Test func twoCommandsAreTwoFrames() throws {
    #expect(
      try comments(login("USER/PASS", [], frames: [5, 6, 7, 8], at: [5, 7])) == [
        5: ["mechanism: USER/PASS", "user name: u"], 7: ["password: p"], 8: ["result: accepted: 235 ok"],
      ])
  }
  /// What nobody said, or cannot be told, is said at the beginning.
  @Test func whatHasNoFrameStandsAtTheFirst() throws {
    #expect(try comments("") == [2: ["none: the client did not log in"]])
  }
  @Test func commentsOfOneFrameKeepTheirOrder() throws {
    let book = CommentBook()
    let fact = Fact.object([])
    for index in 0..<50 {
      let question = try #require(LessonQuestions.all.first)
      var answer = Answer(question: question, rfc: "")
      var evidence = Evidence()
      evidence.frames = [50 - index, 7]
      evidence.bytes = [[50 - index, 0, 1], [7, 0, 1]]
      answer.lines = [Answer.Line(label: "n", text: "\(index)", evidence: evidence)]
      book.note([answer], of: fact)
    }
    book.sort()
    let all = (1...60).map { book.comments(on: $0).map { $0.split(separator: "\n").last ?? "" } }
    #expect(all[6] == (0..<50).map { "n: \($0)" })
    #expect(all[0] == ["n: 49"] && all[49] == ["n: 0"] && all[55].isEmpty)
  }
  /// Long lines are cut, and nothing in them acts.
  @Test func linesAreShortAndHarmless() throws {
    let question = try #require(LessonQuestions.all.first)
    var answer = Answer(question: question, rfc: "")
    answer.lines = [
      Answer.Line(
        label: "text", text: "a\u{1B}[2Jb\r\n" + String(repeating: "x", count: 5_000), evidence: Evidence())
    ]
    let shown = CommentLines.lines(of: answer, firstFrame: 4)
    #expect(shown.map(\.frame) == [4])
    #expect(shown[0].lines[0].hasPrefix("text: a\\x1b[2Jb\nxxx") && shown[0].lines[0].count < 1_020)
  }
}
