internal import Bytes
internal import MailProtocols
internal import MailSystem

/// Puts messages from the queue into the inboxes of a host's users, on a thread that may wait for the disk.
struct MaildirDelivery: Sendable {
  /// A message, and the accounts whose inboxes it goes to.
  struct Job: Sendable {
    var id: String
    var accounts: [String]
    var message: [UInt8]
  }
  /// What became of a job, account by account.
  struct Outcome: Sendable {
    var id: String
    var accounts: [String: Result<ShelfNews.Arrival, DiskError>]
  }
  let root: String
  let host: String

  /// When it returns, every message is on disk whose outcome is a success.
  func deliver(_ jobs: [Job], at now: Timestamp) -> [Outcome] {
    let seconds = now.nanoseconds / 1_000_000_000
    var touched: Set<String> = []
    var outcomes = jobs.map { job in
      var outcome = Outcome(id: job.id, accounts: [:])
      for account in job.accounts {
        outcome.accounts[account] = Result { () throws(DiskError) in
          let file = try inbox(of: account).write(job.message, letters: nil, seconds: seconds, host: host)
          touched.insert(account)
          return ShelfNews.Arrival(
            key: file.name.key, flags: MessageFlags(), date: .init(secondsSinceEpoch: seconds),
            byteCount: job.message.count)
        }
      }
      return outcome
    }
    // One wait for each inbox, however many messages it got.
    for account in touched {
      do throws(DiskError) {
        try inbox(of: account).synchronize()
      } catch {
        // What is not promised to be there must not be found there: it is brought again.
        for index in outcomes.indices {
          guard case .success(let arrival)? = outcomes[index].accounts[account] else { continue }
          withdraw(arrival, of: account)
          outcomes[index].accounts[account] = .failure(error)
        }
      }
    }
    return outcomes
  }
  /// Takes a message away again that the store had no room for.
  func withdraw(_ arrival: ShelfNews.Arrival, of account: String) {
    // What cannot be removed is found by the store when it next looks.
    try? inbox(of: account).remove(Maildir.File(place: .new, name: MaildirName(key: arrival.key)))
  }
  func inbox(of account: String) -> Maildir { Maildir(path: "\(root)/\(account)") }
}
