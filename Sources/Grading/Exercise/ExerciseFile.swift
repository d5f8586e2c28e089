internal import Bytes
package import MailSystem
internal import Scenarios

/// Why an exercise cannot be read: the place in the file, and what is wrong there.
package typealias ExerciseError = ScenarioError

/// An exercise as it is written in YAML.
package enum ExerciseFile {
  /// Reads and checks an exercise. `scenario` is the text of a scenario's file that lies beside it.
  package static func decode(_ text: String, scenario: (String) throws -> String) throws -> Exercise {
    guard text.utf8.count <= GradingLimits.exerciseByteCount else {
      throw ExerciseError("the file is larger than \(GradingLimits.exerciseByteCount) octets")
    }
    let page = try ScenarioFile.read(ExercisePage.self, from: text)
    var exercise = page.exercise
    if let capture = page.capture {
      let plan = CapturePlan(
        scenario: try capture.text(scenario), draws: capture.draws, choice: capture.choice,
        givesKeyLog: capture.givesKeyLog)
      exercise.work = .worksheet(page.worksheet(plan))
    }
    try exercise.check()
    switch exercise.work {
    case .worksheet(let worksheet):
      exercise.fingerprint = Fingerprint.text([Array(text.utf8), Array((worksheet.plan?.scenario ?? "").utf8)])
    case .program(var trial):
      for (name, file) in trial.skeletons { trial.skeletons[name] = try scenario(file) }
      if let file = page.trialCapture {
        guard let octets = Base64.decode(Array(try scenario(file).utf8.filter { $0 > 32 }).span) else {
          throw ExerciseError("'\(file)' is no base64", place: "trial.capture")
        }
        trial.sheet?.capture = octets
      }
      exercise.work = .program(trial)
      exercise.fingerprint = Fingerprint.text([Array(text.utf8), trial.sheet?.capture ?? []])
    }
    return exercise
  }
}

/// What may be large, and how large.
package enum GradingLimits {
  /// Longer files are no exercises.
  package static let exerciseByteCount = 1 << 18
  package static let questionCount = 60
  package static let drawCount = 60
  /// A worksheet that a student hands in.
  package static let worksheetByteCount = 1 << 18
  /// One answer; what is longer is cut and cannot be right.
  package static let answerByteCount = 4_096
  /// Frames that one answer cites; more are no evidence.
  package static let citedFrameCount = 24
  /// A capture that a student hands in.
  package static let captureByteCount = 32 << 20
  /// A zip file, and all that comes out of it.
  package static let archiveByteCount = 64 << 20
  package static let archiveEntryCount = 2_000
  /// A zip file of a whole class, which is held in memory while it is graded, and its entries. What one student's part
  /// unpacks to is limited by `archiveByteCount`.
  package static let classArchiveByteCount = 1 << 30
  package static let classArchiveEntryCount = 60_000
  /// Files that are looked at in a student's folder.
  package static let submissionFileCount = 2_000
  package static let submissionDepth = 8
  package static let studentCount = 20_000
}

/// The file, as it stands there.
struct ExercisePage: Decodable {
  var exercise: Exercise
  var capture: CapturePage?
  var conversations: [String: ConversationChoice]
  /// The file with the capture of a program's questions.
  var trialCapture: String?

  private enum Key: String, CodingKey, CaseIterable {
    case id, title, slide, goal, mode, prompt, reveal, capture, conversations, questions, trial, checks
  }
  init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    capture = try map.decodeIfPresent(CapturePage.self, forKey: .capture)
    conversations = try map.value(.conversations, or: [:])
    let work: Exercise.Work
    if let trial = try map.decodeIfPresent(TrialPage.self, forKey: .trial) {
      guard capture == nil, map.contains(.questions) == (trial.capture != nil) else {
        throw decoder.failure("questions that go with a trial are about its capture: 'trial.capture' names the file")
      }
      var program = Trial(
        role: trial.role, spoken: trial.spoken, cases: trial.cases,
        checks: try map.decode([ProgramCheckPage].self, forKey: .checks).map(\.value), skeletons: trial.skeletons)
      trialCapture = trial.capture
      if trialCapture != nil {
        program.sheet = TrialSheet(
          capture: [],
          worksheet: Worksheet(
            conversations: conversations, questions: try map.decode([WorksheetQuestion].self, forKey: .questions)))
      }
      work = .program(program)
    } else {
      work = .worksheet(
        Worksheet(
          conversations: conversations, questions: try map.decode([WorksheetQuestion].self, forKey: .questions)))
    }
    let mode = try map.value(.mode, or: Exercise.Mode.practice)
    exercise = Exercise(
      id: try map.decode(String.self, forKey: .id), title: try map.decode(String.self, forKey: .title),
      slide: try map.decode(String.self, forKey: .slide), goal: try map.decode(String.self, forKey: .goal),
      mode: mode, prompt: try map.decode(String.self, forKey: .prompt),
      work: work, reveal: try map.value(.reveal, or: mode == .exam ? .nothing : .all))
  }
  func worksheet(_ plan: CapturePlan) -> Worksheet {
    switch exercise.work {
    case .worksheet(var worksheet):
      worksheet.plan = plan
      return worksheet
    case .program: return Worksheet(questions: [])
    }
  }
}

/// `capture:` in the file.
struct CapturePage: Decodable {
  private var file: String?
  private var play: String?
  var choice: String?
  var draws: [Draw]
  var givesKeyLog: Bool

  private enum Key: String, CodingKey, CaseIterable { case scenario, play, with, draws, keyLog = "key-log" }
  init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    file = try map.decodeIfPresent(String.self, forKey: .scenario)
    play = try map.decodeIfPresent(String.self, forKey: .play)
    choice = try map.decodeIfPresent(String.self, forKey: .with)
    draws = try map.value(.draws, or: [])
    givesKeyLog = try map.value(.keyLog, or: false)
    guard (file == nil) != (play == nil) else {
      throw decoder.failure("either 'scenario' names a file, or 'play' one of the scenarios that the program brings")
    }
    guard file?.contains("/") != true, file?.hasPrefix(".") != true else {
      throw decoder.failure("the scenario's file lies beside the exercise")
    }
    guard draws.count <= GradingLimits.drawCount, Set(draws.map(\.name)).count == draws.count else {
      throw decoder.failure("two draws have one name, or there are more than \(GradingLimits.drawCount)")
    }
  }
  func text(_ read: (String) throws -> String) throws -> String {
    if let file { return try read(file) }
    guard let text = BuiltInScenarios.texts.first(where: { $0.name == play })?.text else {
      throw ExerciseError(
        "there is no scenario '\(play ?? "")', only \(BuiltInScenarios.texts.map(\.name).joined(separator: ", "))",
        place: "capture.play")
    }
    return text
  }
}

extension Draw: Decodable {
  private enum Key: String, CodingKey, CaseIterable { case name, from, of, between, shuffle }
  package init(from decoder: any Decoder) throws {
    let map = try decoder.map(Key.self)
    name = try map.decode(String.self, forKey: .name)
    if let list = try map.decodeIfPresent(String.self, forKey: .from) {
      guard let list = WordList(rawValue: list) else {
        throw decoder.failure(
          "there is no list '\(list)', only \(WordList.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      source = .list(list)
    } else if let words = try map.decodeIfPresent([String].self, forKey: .of), !words.isEmpty {
      source = .words(words)
    } else if let words = try map.decodeIfPresent([String].self, forKey: .shuffle), !words.isEmpty {
      source = .shuffled(words)
    } else if let ends = try map.decodeIfPresent([Int].self, forKey: .between), ends.count == 2, ends[0] <= ends[1] {
      source = .number(ends[0]...ends[1])
    } else {
      throw decoder.failure("'\(name)' wants one of from: LIST, of: [words], between: [least, most], shuffle: [words]")
    }
  }
}
