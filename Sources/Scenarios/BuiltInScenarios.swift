package import MailSystem

/// The scenarios that the program brings along.
package enum BuiltInScenarios {
  /// Their YAML by name, in the order of the lesson.
  package static let texts: [(name: String, text: String)] = [
    ("alice-to-bob", PackageResources.alice_to_bob_yaml),
    ("queue", PackageResources.queue_yaml),
    ("pop3-two-devices", PackageResources.pop3_two_devices_yaml),
    ("imap-two-devices", PackageResources.imap_two_devices_yaml),
    ("starttls", PackageResources.starttls_yaml),
    ("refusals", PackageResources.refusals_yaml),
    ("greylisting", PackageResources.greylisting_yaml),
    ("bad-wire", PackageResources.bad_wire_yaml),
  ].map { ($0, String(decoding: $1, as: UTF8.self)) }

  /// nil when there is none of the name.
  package static func scenario(_ name: String) throws -> Scenario? {
    try texts.first { $0.name == name }.map { try ScenarioFile.decode($0.text) }
  }
}
