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
client.say("NOOP")
client.quit()
