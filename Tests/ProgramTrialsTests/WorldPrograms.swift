/// Solutions by way of libraries and programs that exist in the world.
enum WorldPrograms {
  typealias Program = LanguageTests.Program
  private static let message = """
    From: alice@example.com\\r\\nTo: bob@example.org\\r\\nDate: Thu, 26 Nov 2026 10:00:00 +0000\\r\\n\
    Subject: Lunch\\r\\n\\r\\nI love computer networks!\\r\\n
    """
  private static func smtplib(_ exercise: String, _ text: String) -> Program {
    let head = """
      import smtplib, ssl, sys
      from email.message import EmailMessage

      host, port = sys.argv[1], int(sys.argv[2])

      def message(sender, recipients):
          result = EmailMessage()
          result["From"], result["To"], result["Subject"] = sender, recipients, "Lunch"
          result["Date"] = "Thu, 26 Nov 2026 10:00:00 +0000"
          result.set_content("I love computer networks!\\n")
          return result


      """
    return Program(exercise, "Python's smtplib", needs: ["python3"], [("client.py", head + text)])
  }
  private static func aiosmtpd(_ exercise: String, _ name: String, _ text: String) -> Program {
    let head = """
      import asyncio, sys, time
      from aiosmtpd.controller import Controller
      from aiosmtpd.smtp import SMTP

      class Handler:
          async def handle_DATA(self, server, session, envelope):
              for line in envelope.content.decode("latin-1").split("\\r\\n")[:-1]:
                  print(line, flush=True)
              return "250 OK"


      """
    return Program(
      exercise, name, needs: ["/usr/lib/python3/dist-packages/aiosmtpd"], [("server.py", head + text)])
  }
  private static func loop(_ exercise: String) -> Program {
    aiosmtpd(
      exercise, "aiosmtpd",
      """
      async def main():
          loop = asyncio.get_running_loop()
          server = await loop.create_server(lambda: SMTP(Handler()), sys.argv[1], int(sys.argv[2]))
          await server.serve_forever()

      asyncio.run(main())
      """)
  }
  /// As its manual has it, in a thread: it connects to itself once, to see whether it listens.
  private static func controller(_ exercise: String) -> Program {
    aiosmtpd(
      exercise, "aiosmtpd's controller",
      """
      Controller(Handler(), hostname=sys.argv[1], port=int(sys.argv[2])).start()
      while True:
          time.sleep(60)
      """)
  }
  private static func script(_ exercise: String, _ name: String, needs: [String], _ text: String) -> Program {
    Program(exercise, name, needs: needs, [("client", text)])
  }

  static let all: [Program] = [
    smtplib(
      "S2",
      """
      with smtplib.SMTP(host, port, local_hostname="student.example.com") as server:
          server.send_message(message("alice@example.com", "bob@example.org"))
      """),
    smtplib(
      "S3",
      """
      server = smtplib.SMTP(host, port)
      server.ehlo("student.example.com")
      server.noop()
      server.quit()
      """),
    smtplib(
      "S4",
      """
      server = smtplib.SMTP(host, port)
      head = "From: alice@example.com\\nTo: bob@example.org\\nDate: Thu, 26 Nov 2026 10:00:00 +0000\\nSubject: dots\\n\\n"
      server.sendmail("alice@example.com", ["bob@example.org"], head + open("body.txt").read())
      server.quit()
      """),
    smtplib(
      "S5",
      """
      server = smtplib.SMTP(host, port)
      server.ehlo("student.example.com")
      try:
          server.login(sys.argv[3], sys.argv[4])
          server.send_message(message("alice@example.org", "bob@example.net"))
      except smtplib.SMTPAuthenticationError:
          pass
      server.quit()
      """),
    smtplib(
      "S6",
      """
      server = smtplib.SMTP(host, port)
      try:
          server.send_message(message("alice@example.com", ", ".join(sys.argv[3:])))
      except smtplib.SMTPRecipientsRefused:
          pass
      server.quit()
      """),
    smtplib(
      "S8",
      """
      mail = message("alice@example.com", "bob@example.org")
      mail.add_attachment(open("points.csv", "rb").read(), maintype="text", subtype="csv", filename="points.csv")
      with smtplib.SMTP(host, port) as server:
          server.send_message(mail)
      """),
    smtplib(
      "S9",
      """
      server = smtplib.SMTP(host, port)
      server._host = sys.argv[3]
      server.ehlo("student.example.com")
      if server.has_extn("starttls"):
          try:
              server.starttls(context=ssl.create_default_context(cafile="ca.pem"))
          except ssl.SSLError:
              sys.exit(0)
          server.login(sys.argv[4], sys.argv[5])
          server.send_message(message("alice@example.org", "bob@example.net"))
      server.quit()
      """),
    Program(
      "C1", "Python's poplib", needs: ["python3"],
      [
        (
          "client.py",
          """
          import poplib, sys

          server = poplib.POP3(sys.argv[1], int(sys.argv[2]))
          server.user(sys.argv[3])
          try:
              server.pass_(sys.argv[4])
              for entry in server.list()[1]:
                  number = entry.split()[0].decode()
                  for line in server.retr(number)[1]:
                      print(line.decode("latin-1"))
                  server.dele(number)
          except poplib.error_proto:
              pass
          server.quit()
          """
        )
      ]),
    Program(
      "C3", "Python's imaplib", needs: ["python3"],
      [
        (
          "client.py",
          """
          import imaplib, sys

          server = imaplib.IMAP4(sys.argv[1], int(sys.argv[2]))
          try:
              server.login(sys.argv[3], sys.argv[4])
              server.select("INBOX")
              sys.stdout.buffer.write(server.fetch("1", "BODY[]")[1][0][1])
          except imaplib.IMAP4.error:
              pass
          server.logout()
          """
        )
      ],
      // It hangs up behind BYE, and does not wait for the OK.
      lacks: ["quit"]),
    script(
      "S2", "Perl's Net::SMTP", needs: ["perl"],
      #"""
      #!/usr/bin/perl
      use Net::SMTP;
      my $server = Net::SMTP->new($ARGV[0], Port => $ARGV[1], Hello => "student.example.com", Timeout => 10);
      if ($server->mail('alice@example.com') && $server->to('bob@example.org')) {
        $server->data;
        $server->datasend("From: alice\@example.com\nTo: bob\@example.org\nDate: Thu, 26 Nov 2026 10:00:00 +0000\n");
        $server->datasend("Subject: Lunch\n\nI love computer networks!\n");
        $server->dataend;
      }
      $server->quit;
      """#),
    script(
      "C1", "Perl's Net::POP3", needs: ["perl"],
      #"""
      #!/usr/bin/perl
      use Net::POP3;
      my $server = Net::POP3->new($ARGV[0], Port => $ARGV[1], Timeout => 10);
      if (defined $server->login($ARGV[2], $ARGV[3])) {
        my $messages = $server->list;
        for my $number (sort { $a <=> $b } keys %$messages) {
          print @{$server->get($number)};
          $server->delete($number);
        }
      }
      $server->quit;
      """#),
    script(
      "S2", "curl, from a shell", needs: ["curl"],
      """
      #!/bin/sh
      printf '\(message)' |
        curl -s "smtp://$1:$2/student.example.com" --mail-from alice@example.com --mail-rcpt bob@example.org -T -
      test $? -eq 0 -o $? -eq 55
      """),
    script(
      "S2", "swaks", needs: ["swaks"],
      """
      #!/bin/sh
      swaks --server "$1:$2" --helo student.example.com --from alice@example.com --to bob@example.org \\
        --h-Subject Lunch --body 'I love computer networks!'
      """),
    script(
      "S2", "Ruby's net/smtp", needs: ["ruby"],
      """
      #!/usr/bin/ruby
      require "net/smtp"
      begin
        Net::SMTP.start(ARGV[0], ARGV[1].to_i, "student.example.com") do |server|
          server.send_message("\(message)", "alice@example.com", "bob@example.org")
        end
      rescue Net::SMTPFatalError
      end
      """),
    script(
      "S3", "JavaScript, Node.js", needs: ["node"],
      #"""
      #!/usr/bin/node
      const socket = require("net").connect(Number(process.argv[3]), process.argv[2]);
      const commands = ["EHLO student.example.com", "NOOP", "QUIT"];
      let rest = "";
      socket.on("data", (octets) => {
        rest += octets;
        for (let end; (end = rest.indexOf("\r\n")) >= 0; rest = rest.slice(end + 2)) {
          if (rest[3] === "-") continue;
          const next = commands.shift();
          if (next) socket.write(next + "\r\n"); else socket.end();
        }
      });
      """#),
    Program(
      "S3", "Java", needs: ["java", "javac"],
      [
        ("client", "#!/bin/sh\nexec java Client.java \"$@\"\n"),
        (
          "Client.java",
          #"""
          import java.io.*;
          import java.net.*;

          public class Client {
            static InputStream in;

            static void reply() throws IOException {
              StringBuilder line = new StringBuilder();
              for (int octet; (octet = in.read()) >= 0; ) {
                line.append((char) octet);
                if (octet != '\n') continue;
                if (line.charAt(3) != '-') return;
                line.setLength(0);
              }
            }
            public static void main(String[] words) throws IOException {
              try (Socket socket = new Socket(words[0], Integer.parseInt(words[1]))) {
                in = new BufferedInputStream(socket.getInputStream());
                reply();
                for (String command : new String[] {"EHLO student.example.com", "NOOP", "QUIT"}) {
                  socket.getOutputStream().write((command + "\r\n").getBytes("US-ASCII"));
                  reply();
                }
              }
            }
          }
          """#
        ),
      ]),
    Program(
      "V4", "Java, a thread for each client", needs: ["java", "javac"],
      [
        ("server", "#!/bin/sh\nexec java Server.java \"$@\"\n"),
        (
          "Server.java",
          #"""
          import java.io.*;
          import java.net.*;

          public class Server {
            static void serve(Socket socket) {
              try (socket) {
                BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), "US-ASCII"));
                OutputStream out = socket.getOutputStream();
                out.write("220 java.example.com\r\n".getBytes());
                boolean isGreeted = false, hasSender = false;
                for (String line; (line = lines.readLine()) != null; ) {
                  String reply = switch (line.toUpperCase().split(" ")[0]) {
                    case "HELO", "EHLO" -> { isGreeted = true; yield "250 java.example.com"; }
                    case "MAIL" -> (hasSender = isGreeted) ? "250 go on" : "503 who are you?";
                    case "RCPT" -> hasSender ? "250 so be it" : "503 from whom?";
                    case "NOOP", "RSET" -> "250 nothing";
                    case "QUIT" -> "221 bye";
                    default -> "500 what?";
                  };
                  out.write((reply + "\r\n").getBytes());
                  if (reply.startsWith("221")) return;
                }
              } catch (IOException gone) {
              }
            }
            public static void main(String[] words) throws IOException {
              ServerSocket listener = new ServerSocket(Integer.parseInt(words[1]), 50, InetAddress.getByName(words[0]));
              while (true) {
                Socket socket = listener.accept();
                new Thread(() -> serve(socket)).start();
              }
            }
          }
          """#
        ),
      ]),
    loop("V1"), loop("V3"), loop("V4"), loop("V5"), controller("V1"), controller("V3"),
    controller("V4"),
    controller("V5"),
  ]
}
