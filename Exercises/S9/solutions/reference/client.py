import base64
import socket
import ssl
import sys


class Client:
    """A connection to a mail server: say() sends a line and returns the code of the whole reply."""

    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port))
        self.waiting = b""
        self.last = []

    def line(self):
        while b"\r\n" not in self.waiting:
            more = self.sock.recv(4096)
            if not more:
                sys.exit("the server has closed the connection")
            self.waiting += more
        line, self.waiting = self.waiting.split(b"\r\n", 1)
        return line.decode()

    def reply(self):
        self.last = []
        while True:
            line = self.line()
            self.last.append(line[4:].upper())
            if line[3:4] != "-":
                return line[:3]

    def say(self, text):
        self.sock.sendall((text + "\r\n").encode())
        return self.reply()

    def protect(self, name):
        context = ssl.create_default_context(cafile="ca.pem")
        self.waiting = b""
        self.sock = context.wrap_socket(self.sock, server_hostname=name)


host, port, name, user, password = sys.argv[1:6]
client = Client(host, int(port))
client.reply()
client.say("EHLO student.example.com")
if "STARTTLS" not in client.last or client.say("STARTTLS") != "220":
    client.say("QUIT")
    sys.exit("the server offers no TLS")
try:
    client.protect(name)
except ssl.SSLError:
    client.sock.close()
    sys.exit("the certificate is not to be believed")
client.say("EHLO student.example.com")
secret = base64.b64encode(b"\0" + user.encode() + b"\0" + password.encode()).decode()
if client.say("AUTH PLAIN " + secret) == "235":
    client.say("MAIL FROM:<alice@example.org>")
    client.say("RCPT TO:<bob@example.net>")
    client.say("DATA")
    client.say("From: alice@example.org\r\nDate: Tue, 01 Sep 2026 08:00:00 +0000\r\n\r\nHello.\r\n.")
client.say("QUIT")
client.sock.close()
