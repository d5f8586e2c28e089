import Bytes

/// A mailbox (RFC 5322 §3.4).
///
///     mailbox   = name-addr / addr-spec
///     name-addr = [display-name] "<" addr-spec ">"
package struct Mailbox: Equatable, Hashable, Sendable {
  /// The display name, decoded; nil where there is none. A comment behind a bare addr-spec counts as one, as
  /// mailers before RFC 822's successors wrote it.
  package var displayName: String?
  /// The addr-spec without blanks and comments, a quoted local part with its quotes; what stands in its place if it
  /// is none.
  package var address: String

  package init(displayName: String? = nil, address: String) {
    self.displayName = displayName
    self.address = address
  }
}

/// An address: a mailbox or a named group of them (RFC 5322 §3.4).
package enum Address: Equatable, Hashable, Sendable {
  case mailbox(Mailbox)
  case group(name: String, mailboxes: [Mailbox])
}

/// The value of From, To, Cc and their kin (RFC 5322 §3.6.2, §3.6.3).
///
///     To: A Group:Ed Jones <c@a.test>,joe@where.test;, "Giant; \"Big\" Box" <sysservices@example.net>
package struct AddressList: Equatable, Sendable {
  package var addresses: [Address]
  /// Whether addresses beyond `MessageLimits.addressCount` were left out.
  package var reachedLimit = false

  package init(_ addresses: [Address] = []) { self.addresses = addresses }

  /// All mailboxes in order, those of groups included.
  package var mailboxes: [Mailbox] {
    addresses.flatMap { address in
      switch address {
      case .mailbox(let mailbox): [mailbox]
      case .group(_, let members): members
      }
    }
  }

  /// The addresses in `value`, leniently: obsolete routes are dropped (RFC 5322 §4.4), a missing bracket or quote ends
  /// with the value, a semicolon outside a group separates like a comma.
  ///
  /// With `decodesNames` off, names have their encoded words as they were written (RFC 2047).
  package static func parse(_ value: Span<UInt8>, decodesNames: Bool = true) -> AddressList {
    var parser = AddressParser(decodesNames: decodesNames)
    parser.run(value)
    return parser.list
  }
}

extension AddressList {
  /// The wire form of the value, for `HeaderField.encode`.
  package func encode() -> String {
    addresses.map { address in
      switch address {
      case .mailbox(let mailbox): mailbox.encode()
      case .group(let name, let members):
        "\(Mailbox.phrase(name)): \(members.map { $0.encode() }.joined(separator: ", "));"
      }
    }.joined(separator: ", ")
  }
}

extension Mailbox {
  /// The wire form (RFC 5322 §3.4), the name in encoded words where it needs them (RFC 2047 §5 rule 3).
  package func encode() -> String {
    let address = String(
      String.UnicodeScalarView(self.address.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }))
    guard let displayName, !displayName.isEmpty else { return address.contains("@") ? address : "<\(address)>" }
    return "\(Self.phrase(displayName)) <\(address)>"
  }
  /// phrase = 1*word; word = atom / quoted-string (RFC 5322 §3.2.5)
  static func phrase(_ text: String) -> String {
    if EncodedWord.needsEncoding(text) { return EncodedWord.words(text) }
    let isAtoms = text.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 32 || $0 == 45 }
    return isAtoms && !text.isEmpty && !text.contains("  ") ? text : ParameterList.quoted(text)
  }
}
