/// Which mailwire this is.
package enum Release {
  package static let version = "0.1.0"
  /// As captures name their maker.
  package static let generator = "mailwire \(version)"
}
