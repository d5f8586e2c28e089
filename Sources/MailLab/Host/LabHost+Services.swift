internal import MailSystem
internal import NIOCore

extension LabHost {
  /// Puts the session of a service on a channel.
  func serve(_ service: LabConfiguration.Service, on channel: any Channel) throws {
    let operations = channel.pipeline.syncOperations
    if let recording { try operations.addHandler(recording.handler()) }
    if service.isProtected, let protection { try operations.addHandler(protection.serverHandler()) }
    switch service {
    case .relay, .submission, .submissions:
      try operations.addHandler(handler(SMTPServerConversation(smtp(service, channel), post: self), service))
    case .pop3, .pop3s:
      var configuration = POP3ServerConfiguration(hostName: machine.hostName)
      configuration.offersTLS = protection != nil
      configuration.requiresTLSForLogin = options.requiresTLSForLogin
      let session = POP3ServerSession(configuration, directory: directory, isProtected: service.isProtected)
      try operations.addHandler(handler(POP3ServerConversation(session, mailboxes: self), service))
    case .imap, .imaps:
      var configuration = IMAPServerConfiguration(hostName: machine.hostName)
      configuration.offersTLS = protection != nil
      configuration.requiresTLSForLogin = options.requiresTLSForLogin
      let session = IMAPServerSession(configuration, directory: directory, isProtected: service.isProtected)
      let conversation = IMAPServerConversation(session, host: self)
      let handler = handler(conversation, service)
      try operations.addHandler(handler)
      let context = try operations.context(handler: handler)
      remember(conversation) { [weak handler] in handler?.act(context) }
    }
  }
  private func smtp(_ service: LabConfiguration.Service, _ channel: any Channel) -> SMTPServerSession {
    var configuration = SMTPServerConfiguration(service == .relay ? .relay : .submission, hostName: machine.hostName)
    configuration.offersTLS = protection != nil
    configuration.requiresTLSForLogin = options.requiresTLSForLogin
    return SMTPServerSession(
      configuration, directory: directory, clientAddress: channel.remoteAddress?.ipAddress ?? "unknown",
      isProtected: service.isProtected)
  }
  private func handler(_ conversation: some Conversation, _ service: LabConfiguration.Service) -> ConversationHandler {
    let protection = protection.map { protection in { protection.serverHandler() } }
    guard let service = MailService(rawValue: service.rawValue), !faults[service].isEmpty else {
      return ConversationHandler(conversation, protection: protection)
    }
    return ConversationHandler(FaultyConversation(conversation, service, faults), protection: protection)
  }
}
