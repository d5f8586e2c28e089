internal import CResolver
internal import MailSystem
internal import NIOCore
internal import NIOPosix

/// Where domains have their mail servers: by the lab's own table, by routes that were given, and, where it is asked to,
/// by DNS (RFC 5321 §5.1).
final class MailRoutes {
  struct Server: Equatable, Sendable {
    var host: String
    var port: Int
  }
  /// Where mail for a domain goes.
  enum Route: Sendable {
    /// To the first of these that can be reached.
    case servers([Server])
    /// Nowhere, for a reason that may pass or may not.
    case none(SMTPClientSession.Fate)
  }
  private var servers: [String: Server] = [:]
  private let usesDNS: Bool
  private let pool: NIOThreadPool
  private let eventLoop: any EventLoop

  init(usesDNS: Bool, pool: NIOThreadPool, eventLoop: any EventLoop) {
    self.usesDNS = usesDNS
    self.pool = pool
    self.eventLoop = eventLoop
  }
  func set(_ domain: String, to server: Server) { servers[domain.lowercased()] = server }

  func route(to domain: String) -> EventLoopFuture<Route> {
    if let server = servers[domain.lowercased()] { return eventLoop.makeSucceededFuture(.servers([server])) }
    guard usesDNS else {
      return eventLoop.makeSucceededFuture(
        .none(.refused(.ours(550, "5.1.2 No such domain in this lab: \(domain)"))))
    }
    return pool.runIfActive(eventLoop: eventLoop) { Self.ask(domain) }
  }
  /// Asks the system's name servers, and waits for them.
  private static func ask(_ domain: String) -> Route {
    var answer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe answer.withUnsafeMutableBufferPointer { buffer in
      unsafe mailwire_query(domain, Int32(ns_t_mx.rawValue), buffer.baseAddress, Int32(buffer.count))
    }
    guard count >= 0 else {
      switch mailwire_query_error() {
      // A domain without MX is its own mail server.
      case NO_DATA: return .servers([Server(host: domain, port: 25)])
      case HOST_NOT_FOUND: return .none(.refused(.ours(550, "5.1.2 There is no domain \(domain)")))
      default: return .none(.deferred(.ours(451, "4.4.3 The name server does not answer for \(domain)")))
      }
    }
    guard let found = MXRecords.parse(answer.span.extracting(0..<min(Int(count), answer.count))) else {
      return .none(.deferred(.ours(451, "4.4.3 The name server's answer for \(domain) is damaged")))
    }
    if found.isNull { return .none(.refused(.ours(556, "5.1.10 \(domain) takes no mail"))) }
    if found.records.isEmpty { return .servers([Server(host: domain, port: 25)]) }
    return .servers(found.records.prefix(16).map { Server(host: $0.exchange, port: 25) })
  }
}
