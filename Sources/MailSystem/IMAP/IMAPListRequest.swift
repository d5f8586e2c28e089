internal import Bytes
internal import MailProtocols

/// What LIST is asked (RFC 9051 §6.3.9).
///
///     C: A03 LIST (SUBSCRIBED) "" ("INBOX" "Drafts" "Sent/%") RETURN (CHILDREN STATUS (MESSAGES))
///
///     list = "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]
struct IMAPListRequest {
  var selectsSubscribed = false
  var selectsSpecialUse = false
  var isRecursive = false
  var reference: [UInt8] = []
  var patterns: [[UInt8]] = []
  var returnsSubscribed = false
  var status: [IMAPStatusItem] = []
  /// Whether options or several patterns were given: then the empty pattern has no special meaning (RFC 5258 §3).
  var isExtended = false

  /// Patterns of one command, and octets of one.
  private static var patternCount: Int { 64 }
  private static var patternByteCount: Int { 1000 }

  static func parse(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> IMAPListRequest {
    var request = IMAPListRequest()
    try arguments.space()
    if arguments.next == UInt8(ascii: "(") {
      request.isExtended = true
      try request.parseSelection(&arguments)
      try arguments.space()
    }
    request.reference = try arguments.astring()
    try arguments.space()
    if arguments.next == UInt8(ascii: "(") {
      request.isExtended = true
      try arguments.list(atLeast: 1) { (arguments) throws(IMAPSyntaxError) in
        request.patterns.append(try arguments.pattern())
      }
    } else {
      request.patterns = [try arguments.pattern()]
    }
    guard request.patterns.count <= patternCount,
      request.patterns.allSatisfy({ $0.count + request.reference.count <= patternByteCount })
    else { throw arguments.failure("fewer and shorter patterns") }
    if arguments.skip(ASCII.space) {
      request.isExtended = true
      let failure = arguments.failure("RETURN")
      guard arguments.keyword() == "RETURN" else { throw failure }
      try arguments.space()
      try request.parseReturn(&arguments)
    }
    try arguments.end()
    return request
  }
  private mutating func parseSelection(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) {
    var options: Set<String> = []
    try arguments.list { (arguments) throws(IMAPSyntaxError) in
      let failure = arguments.failure("SUBSCRIBED, RECURSIVEMATCH, SPECIAL-USE or REMOTE")
      let option = arguments.keyword()
      guard ["SUBSCRIBED", "RECURSIVEMATCH", "SPECIAL-USE", "REMOTE"].contains(option) else { throw failure }
      options.insert(option)
    }
    selectsSubscribed = options.contains("SUBSCRIBED")
    selectsSpecialUse = options.contains("SPECIAL-USE")
    isRecursive = options.contains("RECURSIVEMATCH")
    // It only says more about another option (RFC 9051 §6.3.9.1).
    guard !isRecursive || selectsSubscribed || selectsSpecialUse else {
      throw arguments.failure("an option beside RECURSIVEMATCH")
    }
  }
  private mutating func parseReturn(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) {
    var status: [IMAPStatusItem] = []
    var returnsSubscribed = false
    try arguments.list { (arguments) throws(IMAPSyntaxError) in
      let failure = arguments.failure("SUBSCRIBED, CHILDREN, SPECIAL-USE or STATUS")
      switch arguments.keyword() {
      case "SUBSCRIBED": returnsSubscribed = true
      case "CHILDREN", "SPECIAL-USE": break
      case "STATUS":
        try arguments.space()
        status = try IMAPStatusItem.parseList(&arguments)
      default: throw failure
      }
    }
    self.status = status
    self.returnsSubscribed = returnsSubscribed
  }
}
