/// Texts, each once, in the order in which they came; Zeek's own sets have none.
struct ZeekSet: Equatable, Sendable {
  /// Zeek takes no more addresses of a transaction, nor stations of its path.
  static let limit = 1_000
  private(set) var elements: [String] = []
  private var known: Set<String> = []

  mutating func insert(_ element: String) {
    if elements.count < Self.limit, known.insert(element).inserted { elements.append(element) }
  }
}
