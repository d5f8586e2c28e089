import Bytes

/// Takes a date's tokens in the order they come and remembers what each can only mean.
struct DateParser {
  private var day: Int?
  private var month: Int?
  private var year: Int?
  private var time: (hour: Int, minute: Int, second: Int)?
  private var zone: (minutes: Int, isUnknown: Bool)?

  /// Whether `value` holds a date.
  mutating func run(_ value: Span<UInt8>) -> Bool {
    var position = 0
    while position < value.count {
      let octet = value[position]
      if octet == UInt8(ascii: "(") {
        position = Comment.end(value, from: position)
      } else if ASCII.isDigit(octet) {
        guard receiveNumber(value, &position) else { return false }
      } else if ASCII.isLetter(octet) {
        let start = position
        while position < value.count, ASCII.isLetter(value[position]) { position &+= 1 }
        guard receiveWord(value.extracting(start..<position)) else { return false }
      } else if octet == UInt8(ascii: "+") || octet == UInt8(ascii: "-"), time != nil, zone == nil {
        position &+= 1
        guard receiveOffset(value, &position, isWest: octet == UInt8(ascii: "-")) else { return false }
      } else {
        position &+= 1
      }
    }
    return true
  }

  /// The date, if all its parts are there and possible.
  var date: MessageDate? {
    guard let day, let month, let year, let time else { return nil }
    let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day >= 1, day <= lengths[month - 1], time.hour < 24, time.minute < 60, time.second <= 60 else { return nil }
    let zone = zone ?? (0, true)
    let days = CivilDate(year: year, month: month, day: day).days
    let seconds = days * 86_400 + Int64(time.hour * 3600 + time.minute * 60 + time.second - zone.minutes * 60)
    return MessageDate(secondsSinceEpoch: seconds, zoneMinutes: zone.minutes, isZoneUnknown: zone.isUnknown)
  }
  private func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private mutating func receiveNumber(_ value: Span<UInt8>, _ position: inout Int) -> Bool {
    guard let (number, digits) = Self.number(value, &position) else { return false }
    if time == nil, Self.skipColon(value, &position) {
      guard let (minute, _) = Self.number(value, &position) else { return false }
      var second = 0
      if Self.skipColon(value, &position) {
        guard let (parsed, _) = Self.number(value, &position) else { return false }
        second = parsed
      }
      time = (number, minute, second)
    } else if day == nil, digits <= 2 {
      day = number
    } else if year == nil {
      // RFC 5322 §4.3: 00 to 49 are of this century, other short years count from 1900.
      year = digits <= 2 && number < 50 ? number + 2000 : digits <= 3 ? number + 1900 : number
    }
    return true
  }
  /// Whether a colon comes next, blanks and comments around it ignored as the obsolete syntax wants (RFC 5322 §4.3).
  private static func skipColon(_ value: Span<UInt8>, _ position: inout Int) -> Bool {
    var ahead = Comment.skip(value, from: position)
    guard ahead < value.count, value[ahead] == UInt8(ascii: ":") else { return false }
    ahead = Comment.skip(value, from: ahead &+ 1)
    position = ahead
    return true
  }
  /// At most four digits; nil where there are none or more.
  private static func number(_ value: Span<UInt8>, _ position: inout Int) -> (Int, digits: Int)? {
    let start = position
    var number = 0
    while position < value.count, ASCII.isDigit(value[position]) {
      if position &- start == 4 { return nil }
      number = number * 10 + Int(value[position] - 48)
      position &+= 1
    }
    return position == start ? nil : (number, position - start)
  }
  /// zone = (FWS ( "+" / "-" ) 4DIGIT); a colon between hours and minutes is tolerated.
  private mutating func receiveOffset(_ value: Span<UInt8>, _ position: inout Int, isWest: Bool) -> Bool {
    guard let (first, digits) = Self.number(value, &position) else { return false }
    var minutes = digits <= 2 ? first * 60 : first / 100 * 60 + first % 100
    if digits <= 2, position < value.count, value[position] == UInt8(ascii: ":") {
      position &+= 1
      guard let (rest, _) = Self.number(value, &position) else { return false }
      minutes += rest
    }
    zone = (isWest ? -minutes : minutes, isWest && minutes == 0)
    return true
  }

  private mutating func receiveWord(_ word: Span<UInt8>) -> Bool {
    if month == nil, word.count >= 3, let number = Self.index(of: word, in: Self.months) {
      month = number + 1
    } else if time != nil, zone == nil {
      // RFC 5322 §4.3; the military letters were once defined with the wrong sign and mean nothing.
      if let index = Self.index(of: word, in: Self.zones), word.count <= 3 {
        zone = (Self.zoneHours[index] * 60, false)
      } else {
        zone = (0, !(word.equalsIgnoringCase("z") || word.equalsIgnoringCase("ut")))
      }
    }
    return true
  }
  /// The number of the three-letter name in `names` that `word` begins with.
  private static func index(of word: Span<UInt8>, in names: [StaticString]) -> Int? {
    for index in names.indices where word.startsIgnoringCase(with: names[index]) { return index }
    return nil
  }
  private static let months: [StaticString] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]
  private static let zones: [StaticString] = ["gmt", "utc", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt"]
  private static let zoneHours = [0, 0, -5, -4, -6, -5, -7, -6, -8, -7]
}
