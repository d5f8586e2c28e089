import Dialogues
import Foundation
import Packets
import TestSupport
import Testing

/// Equal addresses in two VLANs are two conversations, and the page says where each was.
@Suite struct PathTests {
  @Test func vlansAreNamed() throws {
    var dialogue = Dialogue()
    dialogue.open()
    dialogue.server("220 ready\r\n")
    dialogue.client("QUIT\r\n")
    dialogue.close()
    let frames = dialogue.packets.flatMap { packet in
      [10, 20].map { PacketBuilder.ethernet(dialogue.ip(packet), vlans: [$0]) }
    }
    try Folder.temporary { folder in
      let file = folder.appending(path: "vlans.pcap")
      try Data(capture(frames)).write(to: file)
      let page = try Program.run(["analyze", file.path]).text
      #expect(page.contains(" · in VLAN 10\n") && page.contains(" · in VLAN 20\n"))
      let ladder = try Program.run(["follow", file.path]).text
      #expect(ladder.contains("in VLAN 10") && ladder.contains("in VLAN 20"))
      let document = try JSONDecoder().decode(
        CaptureDocument.self, from: try Program.run(["analyze", "--json", file.path]).output)
      #expect(document.conversations.map(\.path) == [["VLAN 10"], ["VLAN 20"]])
    }
  }
}
