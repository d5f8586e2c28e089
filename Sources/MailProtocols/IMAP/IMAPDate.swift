internal import Bytes

/// Dates as IMAP writes them (RFC 9051 §9).
///
///     date      = 1*2DIGIT "-" date-month "-" 4DIGIT, quoted or not              1-Feb-1994
///     date-time = DQUOTE (SP DIGIT / 2DIGIT) "-" date-month "-" 4DIGIT SP time SP zone DQUOTE
///                                                                "17-Jul-1996 02:44:25 -0700"
package enum IMAPDate {
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  /// Reads a date: the days since 1970-01-01.
  package static func parseDay(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> Int64 {
    let failure = arguments.failure("a date such as 1-Feb-1994")
    let isQuoted = arguments.skip(UInt8(ascii: "\""))
    let text = arguments.take { ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == UInt8(ascii: "-") }
    guard let days = days(text.span.text()), !isQuoted || arguments.skip(UInt8(ascii: "\"")) else { throw failure }
    return days
  }
  /// Reads a date-time with its quotes.
  package static func parseDateTime(_ arguments: inout IMAPArguments) throws(IMAPSyntaxError) -> MessageDate {
    let failure = arguments.failure("a date and time such as \"17-Jul-1996 02:44:25 -0700\"")
    guard arguments.next == UInt8(ascii: "\"") else { throw failure }
    let text = try arguments.string()
    guard text.count == 26 else { throw failure }
    let fields = text.span.text().drop { $0 == " " }.split(separator: " ", omittingEmptySubsequences: false)
    guard fields.count == 3, let days = days(String(fields[0])) else { throw failure }
    let time = fields[1].split(separator: ":", omittingEmptySubsequences: false)
    guard time.count == 3, let hour = number(time[0], 2), let minute = number(time[1], 2),
      let second = number(time[2], 2), hour < 24, minute < 60, second <= 60,
      let sign = fields[2].first, sign == "+" || sign == "-", let zone = number(fields[2].dropFirst(), 4),
      zone % 100 < 60, zone < 2400
    else { throw failure }
    let offset = (zone / 100 * 60 + zone % 100) * (sign == "-" ? -1 : 1)
    let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset * 60)
    return MessageDate(secondsSinceEpoch: seconds, zoneMinutes: offset)
  }
  /// The date-time without its quotes; the day has two places.
  package static func encode(_ date: MessageDate) -> String {
    // `Fri, 21 Nov 1997 09:55:06 -0600` holds the same parts.
    let parts = date.encode().split(separator: " ")
    guard parts.count == 6 else { return "" }
    return (parts[1].utf8.count == 1 ? " " : "") + "\(parts[1])-\(parts[2])-\(parts[3]) \(parts[4]) \(parts[5])"
  }
  /// The day on which it was `date`, in the zone of its writer: the days since 1970-01-01.
  package static func day(of date: MessageDate) -> Int64 {
    let local = date.secondsSinceEpoch + Int64(date.zoneMinutes) * 60
    return local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
  }
  private static func days(_ text: String) -> Int64? {
    let fields = text.split(separator: "-", omittingEmptySubsequences: false)
    guard fields.count == 3, fields[0].utf8.count <= 2, let day = number(fields[0], fields[0].utf8.count),
      let month = months.firstIndex(where: { $0.lowercased() == fields[1].lowercased() }),
      let year = number(fields[2], 4), day >= 1
    else { return nil }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    guard day <= [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month] else { return nil }
    return CivilDate(year: year, month: month + 1, day: day).days
  }
  private static func number(_ text: Substring, _ digitCount: Int) -> Int? {
    guard text.utf8.count == digitCount, digitCount > 0, text.utf8.allSatisfy(ASCII.isDigit) else { return nil }
    return Int(text)
  }
}
