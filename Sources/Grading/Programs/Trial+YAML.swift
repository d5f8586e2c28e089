internal import MailSystem

/// `trial:` in an exercise's file.
struct TrialPage: Decodable {
  var role: Trial.Role
  var spoken: TrialProtocol
  var cases: [TrialCase]
  /// Names of files beside the exercise: what the student calls it, and where it lies.
  var skeletons: [String: String]
  /// The file beside the exercise with the capture that questions are about, in base64.
  var capture: String?

  private enum Key: String, CodingKey, CaseIterable { case role, `protocol`, cases, skeletons, capture, `default` }
  init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    role = try map.decode(Trial.Role.self, forKey: .role)
    spoken = try map.value(.protocol, or: .smtp)
    skeletons = try map.value(.skeletons, or: [:])
    capture = try map.decodeIfPresent(String.self, forKey: .capture)
    let base = try map.decodeIfPresent(CasePage.self, forKey: .default)
    cases = try map.decode([CasePage].self, forKey: .cases).map { try $0.value(over: base, decoder) }
    guard (1...TrialLimits.caseCount).contains(cases.count), Set(cases.map(\.id)).count == cases.count else {
      throw decoder.failure("a trial has 1 to \(TrialLimits.caseCount) cases, each with an id of its own")
    }
    for name in Array(skeletons.keys) + Array(skeletons.values) + [capture].compactMap(\.self)
    where name.contains("/") || name.hasPrefix(".") {
      throw decoder.failure("'\(name)' lies beside the exercise")
    }
  }
}

/// A case as it is written; what is not said is as `default` says, then as usual.
struct CasePage: Decodable {
  private var id: String?
  private var title: String?
  private var arguments: [String]?
  private var environment: [String: String]?
  private var files: [String: String]?
  private var input: String?
  private var seconds: Double?
  private var quiet: Double?
  private var peer: PeerPage?

  private enum Key: String, CodingKey, CaseIterable {
    case id, title, arguments, environment, files, input, seconds, quiet, peer
  }
  init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    id = try map.decodeIfPresent(String.self, forKey: .id)
    title = try map.decodeIfPresent(String.self, forKey: .title)
    arguments = try map.decodeIfPresent([String].self, forKey: .arguments)
    environment = try map.decodeIfPresent([String: String].self, forKey: .environment)
    files = try map.decodeIfPresent([String: String].self, forKey: .files)
    input = try map.decodeIfPresent(String.self, forKey: .input)
    seconds = try map.decodeIfPresent(Double.self, forKey: .seconds)
    quiet = try map.decodeIfPresent(Double.self, forKey: .quiet)
    peer = try map.decodeIfPresent(PeerPage.self, forKey: .peer)
  }
  func value(over base: CasePage?, _ decoder: any Decoder) throws -> TrialCase {
    guard let id, !id.isEmpty, id.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
    else { throw decoder.failure("a case has an id of lower-case letters, digits and hyphens") }
    let usual = TrialCase(id: id, title: title ?? id)
    var value = usual
    value.arguments = arguments ?? base?.arguments ?? usual.arguments
    value.environment = environment ?? base?.environment ?? [:]
    value.files = files ?? base?.files ?? [:]
    value.input = input ?? base?.input ?? ""
    value.seconds = seconds ?? base?.seconds ?? usual.seconds
    value.quietSeconds = quiet ?? base?.quiet ?? usual.quietSeconds
    value.peer = PeerPage.value(peer, over: base?.peer)
    guard value.seconds > 0, value.seconds <= TrialLimits.longestSeconds, value.quietSeconds > 0 else {
      throw decoder.failure("a case takes up to \(Int(TrialLimits.longestSeconds)) seconds")
    }
    for name in value.files.keys where name.contains("/") || name.hasPrefix(".") || name.isEmpty {
      throw decoder.failure("'\(name)' is no name of a file beside the program")
    }
    return value
  }
}

/// `peer:` of a case.
struct PeerPage: Decodable {
  private var name: String?
  private var domain: String?
  private var login: Bool?
  private var greeting: [String]?
  private var pipelining: Bool?
  private var tls: TLSOffer?
  private var next: NextPage?
  private var mechanisms: [String]?
  private var users: [String: String]?
  private var faults: [Fault]?
  private var messages: [String]?
  private var connections: [PeerConnection]?
  private var together: Bool?

  private enum Key: String, CodingKey, CaseIterable {
    case name, domain, login, greeting, pipelining, tls, next, mechanisms, users, faults, messages, connections,
      together
  }
  init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    name = try map.decodeIfPresent(String.self, forKey: .name)
    domain = try map.decodeIfPresent(String.self, forKey: .domain)
    login = try map.decodeIfPresent(Bool.self, forKey: .login)
    greeting = try map.decodeIfPresent([String].self, forKey: .greeting)
    pipelining = try map.decodeIfPresent(Bool.self, forKey: .pipelining)
    tls = try map.decodeIfPresent(TLSOffer.self, forKey: .tls)
    next = try map.decodeIfPresent(NextPage.self, forKey: .next)
    mechanisms = try map.decodeIfPresent([String].self, forKey: .mechanisms)
    for mechanism in mechanisms ?? [] where SASLMechanism(rawValue: mechanism) == nil {
      let known = SASLMechanism.allCases.map(\.rawValue).joined(separator: ", ")
      throw decoder.failure("there is no mechanism '\(mechanism)', only \(known)")
    }
    users = try map.decodeIfPresent([String: String].self, forKey: .users)
    faults = try map.decodeIfPresent([Fault].self, forKey: .faults)
    messages = try map.decodeIfPresent([String].self, forKey: .messages)
    connections = try map.decodeIfPresent([StepPageList].self, forKey: .connections)?.map {
      PeerConnection(steps: $0.steps.map(\.step))
    }
    together = try map.decodeIfPresent(Bool.self, forKey: .together)
    guard (connections ?? []).count <= TrialLimits.connectionCount else {
      throw decoder.failure("there are more than \(TrialLimits.connectionCount) connections")
    }
    for (index, connection) in (connections ?? []).enumerated()
    where connection.steps.contains(where: { $0.ending == .restart }) {
      guard connection.restartsServer, connection.steps.count(where: { $0.ending == .restart }) == 1,
        index + 1 < (connections ?? []).count, together != true
      else {
        throw decoder.failure(
          "'end: restart' is the last step of a connection behind which another one comes, and not with 'together'")
      }
    }
  }
  static func value(_ page: PeerPage?, over base: PeerPage?) -> PeerPlan {
    let usual = PeerPlan()
    var plan = usual
    plan.name = page?.name ?? base?.name ?? usual.name
    plan.domain = page?.domain ?? base?.domain ?? usual.domain
    plan.wantsLogin = page?.login ?? base?.login ?? false
    plan.greeting = page?.greeting ?? base?.greeting ?? []
    plan.offersPipelining = page?.pipelining ?? base?.pipelining ?? false
    plan.tls = page?.tls ?? base?.tls
    plan.next = (page?.next ?? base?.next)?.server
    plan.mechanisms = page?.mechanisms ?? base?.mechanisms ?? []
    plan.users = (page?.users ?? base?.users ?? [:]).sorted { $0.key < $1.key }.map {
      PeerPlan.User(name: $0.key, password: $0.value)
    }
    plan.faults = page?.faults ?? base?.faults ?? []
    plan.messages = page?.messages ?? base?.messages ?? []
    plan.connections = page?.connections ?? base?.connections ?? []
    plan.isTogether = page?.together ?? base?.together ?? false
    return plan
  }
}

/// `next:` of a peer: the server to which mail is passed on.
struct NextPage: Decodable {
  var server = NextServer()

  private enum Key: String, CodingKey, CaseIterable { case name, domain, users, faults, down, messages }
  init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    server.name = try map.value(.name, or: server.name)
    server.domain = try map.value(.domain, or: server.domain)
    server.users = try map.value(.users, or: [String: String]()).sorted { $0.key < $1.key }.map {
      PeerPlan.User(name: $0.key, password: $0.value)
    }
    server.faults = try map.value(.faults, or: [])
    server.missedCount = try map.value(.down, or: 0)
    server.messageCount = try map.value(.messages, or: 1)
    guard (0...20).contains(server.missedCount), (0...20).contains(server.messageCount) else {
      throw decoder.failure("'down' is 0 to 20 attempts, and 'messages' 0 to 20")
    }
  }
}

/// The steps of one connection.
struct StepPageList: Decodable {
  var steps: [StepPage]
  init(from decoder: any Decoder) throws {
    steps = try decoder.singleValueContainer().decode([StepPage].self)
    guard steps.count <= TrialLimits.stepCount else {
      throw decoder.failure("there are more than \(TrialLimits.stepCount) steps")
    }
  }
}

/// A step as it is written:
///
///     - { say: "EHLO lab.example.org", expect: "250" }        a line, with its CRLF
///     - { send: "HELO a\r\nNOOP\r\n", expect: ["250", "250"] }  octets as they are
///     - { expect: "220" }                                     what comes by itself
///     - { end: vanish }
struct StepPage: Decodable {
  var step = PeerStep()

  private enum Key: String, CodingKey, CaseIterable {
    case say, send, expect, replies, lines, pieces, wait, end, contains
  }
  init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    if let line = try map.decodeIfPresent(String.self, forKey: .say) {
      step.octets = line + "\r\n"
    } else {
      step.octets = try map.value(.send, or: "")
    }
    step.expected = try Self.texts(map, .expect)
    step.contains = try Self.texts(map, .contains)
    step.replies = try map.value(.replies, or: step.expected.count)
    step.hasManyLines = try map.value(.lines, or: false)
    step.pieceByteCount = try map.decodeIfPresent(Int.self, forKey: .pieces)
    step.milliseconds = try map.value(.wait, or: 0)
    step.ending = try map.decodeIfPresent(PeerStep.Ending.self, forKey: .end)
    guard step.pieceByteCount ?? 1 > 0, (0...10_000).contains(step.milliseconds) else {
      throw decoder.failure("'pieces' is 1 octet at least, and 'wait' 0 to 10000 ms")
    }
  }
  private static func texts(_ map: KeyedDecodingContainer<Key>, _ key: Key) throws -> [String] {
    if let text = try? map.decode(String.self, forKey: key) { return [text] }
    return try map.decodeIfPresent([String].self, forKey: key) ?? []
  }
}

/// A check of a program, as it is written.
struct ProgramCheckPage: Decodable {
  var value: ProgramCheck

  private enum Key: String, CodingKey, CaseIterable {
    case id, rule, ask, points, needs, cases, hints, why, rfc, toward
    case from, to, subject, body, file, user, password, commands, answered, tries, pause, all
  }
  init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    let rule = try map.decode(WireRule.self, forKey: .rule)
    value = ProgramCheck(
      check: Check(
        id: try map.value(.id, or: rule.rawValue), title: try map.value(.ask, or: rule.title),
        points: try map.value(.points, or: 1), dependencies: try map.value(.needs, or: []),
        hints: try map.value(.hints, or: rule.hints), why: try map.value(.why, or: rule.why),
        rfc: try map.value(.rfc, or: rule.rfc)),
      rule: rule, cases: try map.value(.cases, or: []))
    switch try map.decodeIfPresent(String.self, forKey: .toward) {
    case nil: break
    case "next"?: value.isTowardNext = true
    case let other?: throw decoder.failure("'toward' is next, and not '\(other)'")
    }
    value.parameters = RuleParameters(
      from: try map.decodeIfPresent(String.self, forKey: .from), recipients: try map.value(.to, or: []),
      subject: try map.decodeIfPresent(String.self, forKey: .subject),
      body: try map.decodeIfPresent(String.self, forKey: .body),
      file: try map.decodeIfPresent(String.self, forKey: .file),
      user: try map.decodeIfPresent(String.self, forKey: .user),
      password: try map.decodeIfPresent(String.self, forKey: .password),
      commands: try map.value(.commands, or: []), isAnswered: try map.value(.answered, or: false),
      tryCount: try map.decodeIfPresent(Int.self, forKey: .tries),
      pauseSeconds: try map.decodeIfPresent(Double.self, forKey: .pause), isAll: try map.value(.all, or: false))
  }
}
