import Bytes
import Dialogues
import Lessons

/// What Zeek would log of a capture's SMTP connections, a line for each mail transaction, as the connection ends.
final class ZeekReport: Report {
  override func receive(_ conversation: Span<UInt8>, _ protocol: DissectedProtocol) {
    guard `protocol` == .smtp, let fact = try? FactParser.parse(conversation) else { return }
    output.write(ZeekSession.lines(fact))
  }
}
