import socket
import sys


class Client:
    """A connection to a mail server: say() sends a line and returns the code of the whole reply."""

    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port))
        self.lines = self.sock.makefile("rb")

    def reply(self):
        while True:
            line = self.lines.readline()
            if not line:
                sys.exit("the server has closed the connection")
            if line[3:4] != b"-":
                return line[:3].decode()

    def say(self, text):
        self.sock.sendall((text + "\r\n").encode())
        return self.reply()

    def quit(self):
        self.say("QUIT")
        self.lines.close()
        self.sock.close()


client = Client(sys.argv[1], int(sys.argv[2]))
client.reply()
client.say("EHLO student.example.com")
client.say("MAIL FROM:<alice@example.com>")
client.say("RCPT TO:<bob@example.org>")
if client.say("DATA"):
    header = ["From: alice@example.com", "To: bob@example.org", "Date: Tue, 01 Sep 2026 08:00:00 +0000", ""]
    with open("body.txt") as file:
        body = ["." + line if line.startswith(".") else line for line in file.read().splitlines()]
    client.say("\r\n".join(header + body + ["."]))
client.quit()
