internal import Capture
internal import CNamespaces
internal import Foundation
internal import Grading

/// The process in which a student's programs are tried. It reads an order from its standard input, plays the cases, and writes a
/// record as a line of JSON for each to its standard output. It has one thread, and no way back to the network.
package enum TrialHelper {
  /// The hidden word by which mailwire-grade becomes the helper.
  package static let word = "play-trial"

  /// Plays what is ordered; returns the exit status.
  package static func run() -> Int32 {
    _ = mailwire_end_with_parent()
    _ = mailwire_adopt_orphans()
    signal(SIGPIPE, SIG_IGN)
    var text: [UInt8] = []
    while let more = NamelessFile.readSome(0), !more.isEmpty { text += more }
    guard let order = try? JSONDecoder().decode(TrialOrder.self, from: Data(text)) else { return 2 }
    var tap: PacketTap?
    var fault: String?
    do throws(TrialFault) {
      if !order.isUnsafe { try PrivateNetwork.enter() }
      // A program of root's that does not belong to root any more ends with its parent again.
      _ = mailwire_end_with_parent()
    } catch {
      fault = "a private network could not be made: \(error)"
    }
    if fault == nil, !order.isUnsafe {
      // Where libpcap is not permitted, our own sockets are what is recorded.
      do throws(LiveCaptureError) { tap = try PacketTap(interface: "lo") } catch { tap = nil }
    }
    for (number, testCase) in order.cases.enumerated() {
      write(fault.map { failed(testCase, $0) } ?? play(order, testCase, tap, number))
    }
    return 0
  }
  private static func play(_ order: TrialOrder, _ testCase: TrialCase, _ tap: PacketTap?, _ number: Int) -> TrialRecord
  {
    var folder: String?
    if order.isUnsafe {
      let path = FileManager.default.temporaryDirectory.appending(path: "mailwire-trial-\(UUID().uuidString)").path
      do {
        try FileManager.default.createDirectory(
          atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      } catch { return failed(testCase, "no folder can be made for the program") }
      folder = path
    }
    defer { if let folder { try? FileManager.default.removeItem(atPath: folder) } }
    do throws(TrialFault) {
      var stage = try TrialStage(order, testCase, tap: tap, number: number, folder: folder)
      return stage.perform()
    } catch {
      return failed(testCase, error.description)
    }
  }
  private static func failed(_ testCase: TrialCase, _ fault: String) -> TrialRecord {
    var record = TrialRecord(id: testCase.id)
    record.fault = fault
    return record
  }
  private static func write(_ record: TrialRecord) {
    guard let line = try? JSONEncoder().encode(record) else { return }
    NamelessFile.writeAll(Array(line) + [10], to: 1)
  }
}
