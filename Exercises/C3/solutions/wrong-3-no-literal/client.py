import re
import socket
import sys


class IMAP:
    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port))
        self.rest = b""
        self.number = 0
        self.response()

    def more(self):
        octets = self.sock.recv(4096)
        if not octets:
            sys.exit("the server has closed the connection")
        self.rest += octets

    def line(self):
        while b"\r\n" not in self.rest:
            self.more()
        line, self.rest = self.rest.split(b"\r\n", 1)
        return line

    def response(self):
        """A response with its literals."""
        parts = []
        while True:
            line = self.line()
            parts.append(line)
            literal = None
            if not literal:
                return parts
            count = int(literal.group(1))
            while len(self.rest) < count:
                self.more()
            parts.append(self.rest[:count])
            self.rest = self.rest[count:]

    def say(self, command):
        self.number += 1
        tag = f"a{self.number}"
        self.sock.sendall(f"{tag} {command}\r\n".encode())
        responses = []
        while True:
            response = self.response()
            if response[0].startswith(tag.encode() + b" "):
                return response[0].split()[1] == b"OK", responses
            responses.append(response)


host, port, user, password = sys.argv[1:5]
imap = IMAP(host, int(port))
if imap.say(f"LOGIN {user} {password}")[0]:
    imap.say("SELECT INBOX")
    for response in imap.say("FETCH 1 BODY[]")[1]:
        print(response[0].decode("latin-1"))
imap.say("LOGOUT")
imap.sock.close()
