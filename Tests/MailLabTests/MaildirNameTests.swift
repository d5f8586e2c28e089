import MailSystem
import Testing

@testable import MailLab

@Suite struct MaildirNameTests {
  @Test(arguments: [
    ("1.M2P3Q4.host,S=10,W=12:2,FS", "1.M2P3Q4.host,S=10,W=12", "FS" as String?, true),
    ("1.M2P3Q4.host,S=10,W=12", "1.M2P3Q4.host,S=10,W=12", nil, true), ("1.x.host:2,", "1.x.host", "", false),
    ("1.x.host:1,experimental", "1.x.host", "", false), ("strange", "strange", nil, false),
  ])
  func names(_ text: String, _ key: String, _ letters: String?, _ tellsSizes: Bool) {
    let name = MaildirName(text)
    #expect(name.key == key && name.letters == letters)
    #expect((name.byteCounts != nil) == tellsSizes)
    if !text.contains(":1,") { #expect(name.text == text) }
  }
  @Test func keysAreUnique() {
    let keys = (0..<1_000).map { MaildirName.makeKey(host: "h", file: 1, message: 1, counter: $0) }
    #expect(Set(keys).count == 1_000)
  }
  @Test func flagsAreLettersAndComeBack() {
    var map = MaildirFlags("0 $Forwarded\n1 work\n")
    let flags = MessageFlags(["\\Seen", "\\Flagged", "\\Draft", "\\Deleted", "\\Answered", "Work", "$Junk"])
    #expect(map.letters(flags) == "DFRSTbc")
    #expect(map.text == "0 $Forwarded\n1 work\n2 $Junk\n")
    #expect(map.flags("DFRSTbc") == flags)
    #expect(map.flags("Sz!") == MessageFlags(["\\Seen"]))
    // There are 26 letters.
    let many = MessageFlags((0..<40).map { "k\($0)" })
    #expect(map.letters(many).count == 23)
    #expect(map.keywords.count == 26)
  }
  @Test(arguments: [
    ("INBOX", nil), ("Sent", ".Sent"), ("Projects/2026", ".Projects.2026"), ("Entwürfe/v1.2", ".Entw&APw-rfe.v1\\2e2"),
    ("INBOX/x", ".INBOX.x"), ("..a", ".\\2e\\2ea"), ("a & b", ".a &- b"),
  ])
  func foldersNames(_ name: String, _ file: String?) {
    #expect(MaildirFolderName.encode(name) == file)
    if let file { #expect(MaildirFolderName.decode(file) == name) }
  }
  @Test(arguments: ["Sent", ".", "..", ".a..b", ".INBOX", ".a*", ".&bad", "cur"])
  func namesOnDiskThatAreNoFolders(_ file: String) { #expect(MaildirFolderName.decode(file) == nil) }
}
