import base64
import socket
import sys
import threading

NAME = "mail.example.org"
USERS = {"alice": "lino-bedi-17"}
KNOWN = {"bob@example.org", "carol@example.org", "alice@example.org"}
LONGEST = 512


class Session:
    """One client's conversation."""

    def __init__(self, conn):
        self.conn = conn
        self.rest = b""
        self.hello = False
        self.user = None
        self.forget()

    def forget(self):
        self.sender = None
        self.recipients = []

    def say(self, *lines):
        code, texts = lines[0], lines[1:]
        out = ""
        for index, text in enumerate(texts):
            out += f"{code}{' ' if index == len(texts) - 1 else '-'}{text}\r\n"
        self.conn.sendall(out.encode())

    def line(self):
        """The next line without its end; None when the client has gone. Too long a line is read to its end and forgotten."""
        too_long = False
        while b"\r\n" not in self.rest:
            if len(self.rest) > 4 * LONGEST:
                too_long, self.rest = True, self.rest[-1:]
            more = self.conn.recv(4096)
            if not more:
                return None
            self.rest += more
        line, self.rest = self.rest.split(b"\r\n", 1)
        return b"\0" if too_long or len(line) + 2 > 2 * LONGEST else line

    def run(self):
        self.say(220, f"{NAME} ESMTP ready")
        while True:
            line = self.line()
            if line is None:
                return
            if line == b"\0" or len(line) + 2 > LONGEST:
                self.say(500, "Line too long")
                continue
            words = line.decode("latin-1")
            verb, rest = words[:4].upper(), words[4:].strip()
            if verb == "QUIT":
                self.say(221, f"{NAME} closing connection")
                return
            self.command(verb, rest)

    def command(self, verb, rest):
        if verb in ("HELO", "EHLO"):
            if not rest:
                return self.say(501, "Who are you?")
            self.hello = True
            self.forget()
            if verb == "EHLO":
                return self.say(250, f"{NAME} greets {rest}", "AUTH LOGIN", "HELP")
            return self.say(250, f"{NAME} greets {rest}")
        if verb == "NOOP":
            return self.say(250, "Fine")
        if verb == "RSET":
            self.forget()
            return self.say(250, "Forgotten")
        if verb == "VRFY":
            return self.say(252, "Perhaps")
        if verb == "AUTH":
            return self.login(rest)
        if verb == "MAIL":
            address = self.address(rest, "FROM:")
            if address is None:
                return self.say(501, "MAIL FROM:<address>")
            if not self.hello or self.sender is not None:
                return self.say(503, "Not now")
            self.sender = address
            return self.say(250, "Sender ok")
        if verb == "RCPT":
            address = self.address(rest, "TO:")
            if not address:
                return self.say(501, "RCPT TO:<address>")
            if self.sender is None:
                return self.say(503, "MAIL comes first")
            if address.lower() not in KNOWN:
                return self.say(550, "Nobody of that name")
            self.recipients.append(address)
            return self.say(250, "Recipient ok")
        if verb == "DATA":
            if not self.recipients:
                return self.say(503, "RCPT comes first")
            return self.data()
        self.say(500, "Not understood")

    def address(self, text, word):
        if not text.upper().startswith(word):
            return None
        text = text[len(word):].strip().split(" ")[0]
        if not (text.startswith("<") and text.endswith(">")):
            return None
        return text[1:-1]

    def data(self):
        self.say(354, "Go on, and end with a dot")
        message = []
        while True:
            line = self.line()
            if line is None:
                return
            if line == b".":
                break
            message.append(line[1:] if line.startswith(b".") else line)
        keep(self.sender, self.recipients, message)
        self.forget()
        self.say(250, "Kept")

    def login(self, rest):
        if self.user:
            return self.say(503, "You have logged in")
        if rest.upper() != "LOGIN":
            return self.say(504, "AUTH LOGIN only")
        given = []
        for question in ("Username:", "Password:"):
            self.say(334, base64.b64encode(question.encode()).decode())
            line = self.line()
            if line is None:
                return
            if line == b"*":
                return self.say(501, "As you like")
            try:
                given.append(base64.b64decode(line, validate=True).decode())
            except ValueError:
                return self.say(501, "That is no base64")
        if USERS.get(given[0]) != given[1]:
            return self.say(535, "Wrong user name or password")
        self.user = given[0]
        self.say(235, "Welcome")


def keep(sender, recipients, message):
    print("\n".join(line.decode("latin-1") for line in message), flush=True)


def serve(conn):
    with conn:
        try:
            Session(conn).run()
        except OSError:
            pass


def main(host, port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=serve, args=(conn,), daemon=True).start()


main(sys.argv[1], int(sys.argv[2]))
