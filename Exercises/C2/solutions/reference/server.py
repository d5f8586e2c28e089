import socket
import sys
import threading

USER, PASSWORD = "alice", "lino-bedi-17"
MAILBOX = ["Subject: One\n\n.a dot\nBye", "Subject: Two\n\nHello"]
lock = threading.Lock()


class Session:
    def __init__(self, conn):
        self.conn = conn
        self.lines = conn.makefile("rb")
        self.user = None
        self.messages = None
        self.deleted = set()

    def say(self, text):
        self.conn.sendall((text + "\r\n").encode())

    def many(self, text, lines):
        self.say("\r\n".join([text] + ["." + line if line.startswith(".") else line for line in lines] + ["."]))

    def run(self):
        self.say("+OK POP3 ready")
        for line in self.lines:
            words = line.decode("latin-1").split()
            verb = words[0].upper() if words else ""
            if verb == "QUIT":
                self.update()
                return self.say("+OK bye")
            method = getattr(self, "do_" + verb, None)
            allowed = verb in ("USER", "PASS") if self.messages is None else verb not in ("USER", "PASS")
            if method is None or not allowed:
                self.say("-ERR not now, or not known")
            else:
                method(*words[1:2])

    def update(self):
        with lock:
            for index in self.deleted:
                MAILBOX[index] = None

    def message(self, number):
        index = int(number) - 1 if number.isdigit() else -1
        if index < 0 or index >= len(self.messages) or index in self.deleted or self.messages[index] is None:
            return None
        return index

    def there(self):
        return [i for i, m in enumerate(self.messages) if m is not None and i not in self.deleted]

    def size(self, index):
        return sum(len(line) + 2 for line in self.messages[index].split("\n"))

    def do_USER(self, name=""):
        self.user = name
        self.say("+OK and the password?")

    def do_PASS(self, password=""):
        if (self.user, password) != (USER, PASSWORD):
            self.user = None
            return self.say("-ERR wrong user name or password")
        with lock:
            self.messages = list(MAILBOX)
        self.say("+OK welcome")

    def do_STAT(self):
        there = self.there()
        self.say(f"+OK {len(there)} {sum(self.size(i) for i in there)}")

    def do_LIST(self, number=None):
        if number is None:
            return self.many("+OK the list", [f"{i + 1} {self.size(i)}" for i in self.there()])
        index = self.message(number)
        self.say("-ERR no such message" if index is None else f"+OK {number} {self.size(index)}")

    def do_RETR(self, number=""):
        index = self.message(number)
        if index is None:
            return self.say("-ERR no such message")
        self.many("+OK here it is", self.messages[index].split("\n"))

    def do_DELE(self, number=""):
        index = self.message(number)
        if index is None:
            return self.say("-ERR no such message")
        self.deleted.add(index)
        self.say("+OK marked")

    def do_RSET(self):
        self.deleted.clear()
        self.say("+OK nothing is marked")

    def do_NOOP(self):
        self.say("+OK")


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
