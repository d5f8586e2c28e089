import Bytes

/// A date and time of a message (RFC 5322 §3.3), with the obsolete years and zones of §4.3.
///
///     date-time = [ day-of-week "," ] day month year hour ":" minute [ ":" second ] zone
///
///     Date: Fri, 21 Nov 1997 09:55:06 -0600
package struct MessageDate: Equatable, Sendable {
  /// Seconds since 1970-01-01 00:00 UTC.
  package var secondsSinceEpoch: Int64
  /// What the writer's clock was ahead of UTC, in minutes.
  package var zoneMinutes: Int
  /// Whether the zone says nothing about the writer's clock: `-0000`, a military letter, an unknown name or none.
  package var isZoneUnknown: Bool

  package init(secondsSinceEpoch: Int64, zoneMinutes: Int = 0, isZoneUnknown: Bool = false) {
    self.secondsSinceEpoch = secondsSinceEpoch
    self.zoneMinutes = zoneMinutes
    self.isZoneUnknown = isZoneUnknown
  }

  /// The date in `value`, or nil. Comments and odd blanks are passed over; the day of the week is not checked; the
  /// order `May 17 10:00:00 2000` of C's `asctime` is understood.
  package static func parse(_ value: Span<UInt8>) -> MessageDate? {
    var parser = DateParser()
    guard parser.run(value) else { return nil }
    return parser.date
  }

  /// The wire form (RFC 5322 §3.3).
  package func encode() -> String {
    let local = secondsSinceEpoch + Int64(zoneMinutes) * 60
    let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    let second = Int(local - days * 86_400)
    let date = CivilDate(days: days)
    let weekday = Int(((days + 4) % 7 + 7) % 7)
    let zone = abs(zoneMinutes)
    var text = ""
    text.reserveCapacity(32)
    text += Self.weekdays[weekday]
    text += ", "
    text += String(date.day)
    text += Self.months[date.month - 1]
    text += Self.digits(date.year / 100)
    text += Self.digits(date.year % 100)
    text += " "
    text += Self.digits(second / 3600)
    text += ":"
    text += Self.digits(second / 60 % 60)
    text += ":"
    text += Self.digits(second % 60)
    text += zoneMinutes < 0 || isZoneUnknown ? " -" : " +"
    text += Self.digits(zone / 60)
    text += Self.digits(zone % 60)
    return text
  }
  /// The date in UTC as C's `asctime` writes it, which is what parts the messages of an mbox file (RFC 4155).
  package func encodeForMailbox() -> String {
    let days = secondsSinceEpoch >= 0 ? secondsSinceEpoch / 86_400 : (secondsSinceEpoch - 86_399) / 86_400
    let second = Int(secondsSinceEpoch - days * 86_400)
    let date = CivilDate(days: days)
    let time = "\(Self.digits(second / 3600)):\(Self.digits(second / 60 % 60)):\(Self.digits(second % 60))"
    let weekday = Self.weekdays[Int(((days + 4) % 7 + 7) % 7)]
    let year = "\(Self.digits(date.year / 100))\(Self.digits(date.year % 100))"
    return "\(weekday)\(Self.months[date.month - 1])\(date.day < 10 ? " " : "")\(date.day) \(time) \(year)"
  }
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    " Jan ", " Feb ", " Mar ", " Apr ", " May ", " Jun ", " Jul ", " Aug ", " Sep ", " Oct ", " Nov ", " Dec ",
  ]
  /// At least two of them.
  private static func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}

/// A day of the Gregorian calendar, counted by eras of 400 years that begin on the first of March.
struct CivilDate {
  var year: Int
  var month: Int
  var day: Int

  init(year: Int, month: Int, day: Int) { (self.year, self.month, self.day) = (year, month, day) }
  init(days: Int64) {
    let shifted = Int(days) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }
  /// Days since 1970-01-01.
  var days: Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return Int64(era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468)
  }
}
