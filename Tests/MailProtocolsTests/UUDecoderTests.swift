import Bytes
import Testing

@testable import MailProtocols

/// What is expected of whole lines is what Python's binascii makes of them.
@Suite struct UUDecoderTests {
  @Test(arguments: [
    ("begin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n", "Cat"), ("begin 644 x\n$0V$`````\n`\nend\n", "Ca\0\0"),
    // The zeros of the last line were blanks, which a mailer has cut off.
    ("begin 644 x\n$0V$\n \nend", "Ca\0\0"), ("begin 644 x\n$0V$  \n \nend", "Ca\0\0"),
    // Behind the line's octets stands a checksum, as some encoders add one.
    ("begin 644 x\n#0V%TX\n#0V%T\n`\nend\n", "CatCat"),
    ("a word before\r\n beginning\r\nbegin 644 x\r\n\r\n#0V%T\r\n`\r\nend\r\n#0V%T\r\n", "Cat"),
    ("begin 644 x\n#0V~%\tT\n`\nend", "Cat"), ("begin 644 x\nenough\n#0V%T\n", "Cat"), ("begin 644 x\n#0V%T", "Cat"),
    ("begin 644 x\n#0V", "C"), ("#0V%T\n`\nend\n", ""), ("begin\n#0V%T\n", ""), ("begin 644 x\nend\n#0V%T\n", ""),
    ("", ""),
  ])
  func decodesHoweverItIsCut(_ text: String, _ plain: String) {
    dripFeed(text.octets, seed: UInt64.random(in: 0...UInt64.max)) { pieces, how in
      var decoder = UUDecoder()
      var counter = UUDecoder()
      var writer = ByteWriter()
      var count = 0
      for piece in pieces {
        decoder.decode(piece.span, into: &writer)
        count += counter.count(piece.span)
      }
      #expect(writer.withOctets { $0.text() } == plain, "\(how)")
      #expect(count == plain.utf8.count, "\(how)")
    }
  }
  @Test func everyOctetComesBack() {
    let text = #"""
      begin 600 data.bin
      M``$"`P0%!@<("0H+#`T.#Q`1$A,4%187&!D:&QP='A\@(2(C)"4F)R@I*BLL
      D+2XO,#$R,S0U-C<X.3H[/#T^/T!!0D-$149'2$E*2TQ-3D]0
      `
      end
      """#
    var decoder = UUDecoder()
    var writer = ByteWriter()
    decoder.decode(text.octets.span, into: &writer)
    #expect(writer.withOctets { $0.copied() } == Array(0...80))
  }
}
