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


import base64


def encoded(text):
    return base64.b64encode(text.encode()).decode()


host, port, user, password = sys.argv[1:5]
client = Client(host, int(port))
client.reply()
client.say("EHLO student.example.com")
client.say("AUTH LOGIN")
client.say(encoded(user))
if client.say(encoded(password)) == "235":
    client.say("MAIL FROM:<alice@example.org>")
    client.say("RCPT TO:<bob@example.net>")
    client.say("DATA")
    client.say("From: alice@example.org\r\nDate: Tue, 01 Sep 2026 08:00:00 +0000\r\n\r\nHello.\r\n.")
client.quit()
