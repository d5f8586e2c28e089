package import MailProtocols

/// Somebody who has a mailbox.
package struct MailAccount: Equatable, Sendable {
  /// The mailbox, `alice@example.org`; also the user name, which may be given without the domain.
  package var name: String
  /// In clear: CRAM-MD5 and APOP are made of it, and the lab's users want to read it.
  package var password: [UInt8]

  package init(name: String, password: String) {
    self.name = name
    self.password = Array(password.utf8)
  }
}

/// Who has a mailbox at a server, and for which domains the server is responsible.
package struct MailDirectory: Sendable {
  /// What a recipient is to a server (RFC 5321 §3.6).
  package enum Resolution: Equatable, Sendable {
    /// A mailbox here, by its account's name.
    case local(String)
    /// A domain of ours, and nobody of that name.
    case unknown
    /// Another server's domain.
    case foreign
  }
  /// In lower case.
  package private(set) var domains: Set<String>
  private var accounts: [String: MailAccount] = [:]
  /// What completes a user name and `postmaster`.
  package let mainDomain: String
  /// What nobody outside knows; salts are made of it.
  let secret: [UInt8]

  /// The first of `domains` completes user names that have none.
  package init(domains: [String], accounts: [MailAccount], secret: [UInt8]) {
    self.domains = Set(domains.map { $0.lowercased() })
    mainDomain = domains.first?.lowercased() ?? ""
    self.secret = secret
    for account in accounts { add(account) }
  }
  package mutating func add(_ account: MailAccount) { accounts[account.name.lowercased()] = account }
  package var allAccounts: [MailAccount] { accounts.values.sorted { $0.name < $1.name } }

  /// The account with a user name, with or without its domain, in any case.
  package func account(named name: String) -> MailAccount? {
    let name = name.lowercased()
    return accounts[name.contains("@") ? name : "\(name)@\(mainDomain)"]
  }
  /// What a forward-path leads to. `Postmaster` is always somebody (RFC 5321 §4.5.1).
  package func resolve(_ path: SMTPPath) -> Resolution {
    let domain = path.canonicalDomain
    guard domains.contains(domain) else { return .foreign }
    // Local parts may differ in case to whom they belong to (RFC 5321 §2.4); here they do not.
    if let account = accounts["\(path.localPart.lowercased())@\(domain)"] { return .local(account.name) }
    guard path.localPart.lowercased() == "postmaster", let first = allAccounts.first else { return .unknown }
    return .local(first.name)
  }
}

extension MailAccount {
  /// The password as it is typed.
  package var passwordText: String { String(decoding: password, as: UTF8.self) }
}
