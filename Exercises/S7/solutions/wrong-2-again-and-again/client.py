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


import time

MESSAGE = "From: alice@example.com\r\nDate: Tue, 01 Sep 2026 08:00:00 +0000\r\n\r\nHello.\r\n."


def persistent(client, command):
    code = client.say(command)
    if code[0] in "45":
        time.sleep(0.5)
        code = client.say(command)
    return code


client = Client(sys.argv[1], int(sys.argv[2]))
client.reply()
steps = [
    ("HELO student.example.com", "2"),
    ("MAIL FROM:<alice@example.com>", "2"),
    ("RCPT TO:<bob@example.org>", "2"),
    ("DATA", "3"),
    (MESSAGE, "2"),
]
all(persistent(client, command).startswith(digit) for command, digit in steps)
client.quit()
