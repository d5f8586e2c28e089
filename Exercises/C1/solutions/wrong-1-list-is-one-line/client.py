import socket
import sys


class POP3:
    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port))
        self.lines = self.sock.makefile("rb")
        self.line()

    def line(self):
        line = self.lines.readline()
        if not line:
            sys.exit("the server has closed the connection")
        return line.rstrip(b"\r\n").decode("latin-1")

    def say(self, command):
        self.sock.sendall((command + "\r\n").encode())
        return self.line().startswith("+OK")

    def rest(self):
        """The lines up to the dot."""
        lines = []
        while True:
            line = self.line()
            if line == ".":
                return lines
            lines.append(line[1:] if line.startswith(".") else line)


host, port, user, password = sys.argv[1:5]
pop = POP3(host, int(port))
if pop.say("USER " + user) and pop.say("PASS " + password):
    pop.say("LIST")
    for entry in [pop.line()]:
        number = entry.split()[0]
        if pop.say("RETR " + number):
            print("\n".join(pop.rest()))
            pop.say("DELE " + number)
pop.say("QUIT")
pop.lines.close()
pop.sock.close()
