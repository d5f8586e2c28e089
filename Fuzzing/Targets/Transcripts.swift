import Bytes
import Dialogues
import Foundation
import Lessons
import Streams

/// Takes conversations as the program's reports do, and stops the fuzzer at the first that breaks a promise.
final class Transcripts: ConversationSink {
  private(set) var lines: [[UInt8]] = []
  /// How many irregularities were told.
  private(set) var remarkCount: UInt64 = 0

  func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    lines.append(conversation.copied())
  }
  func receive(_ remark: StreamRemark) { remarkCount += 1 }
  func idle() {}

  /// Every line is JSON, a `Conversation`, and can be asked the lesson's questions; pages and logs of it are harmless.
  func check() {
    for line in lines { Self.check(line) }
  }
  private static func check(_ line: [UInt8]) {
    let fact: Fact
    do { fact = try FactParser.parse(line.span) } catch { fail("no JSON (\(error))", line) }
    do { _ = try JSONDecoder().decode(Conversation.self, from: Data(line)) } catch {
      fail("no Conversation (\(error))", line)
    }
    for octet in line where octet < 32 || octet == 127 { fail("a control octet \(octet)", line) }
    let answers = LessonQuestions.all.compactMap { $0.answer(from: fact) }
    var writer = ByteWriter()
    writer.append("[")
    for (index, answer) in answers.enumerated() {
      if index > 0 { writer.append(",") }
      answer.write(to: &writer)
    }
    writer.append("]")
    writer.withOctets { octets in
      do throws(FactError) { _ = try FactParser.parse(octets) } catch { fail("answers are no JSON (\(error))", line) }
    }
    let page = TextRenderer(usesColor: false).conversation(fact, answers: answers)
    for scalar in page.unicodeScalars where scalar != "\n" && Unprintable.contains(scalar) {
      fail("U+\(String(scalar.value, radix: 16)) reaches the terminal", line)
    }
    if let complaint = PageChecks.complaint(fact, answers) { fail(complaint, line) }
  }
  static func fail(_ reason: String, _ line: [UInt8]) -> Never {
    FileHandle.standardError.write(Data("\n\(reason):\n".utf8) + Data(line) + Data("\n".utf8))
    fatalError(reason)
  }
}

extension Transcripts {
  /// The messages of all conversations, without the frames that brought them.
  var messages: [String] {
    lines.flatMap { line -> [String] in
      guard let conversation = try? JSONDecoder().decode(Conversation.self, from: Data(line)) else { return [] }
      return conversation.messages.map { message in
        var message = message
        message.frameRange = []
        message.reply = nil
        message.envelope = nil
        return "\(message)"
      }
    }
  }
}
