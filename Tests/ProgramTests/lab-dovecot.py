"""A mailbox of the lab compared with Dovecot's answers, command by command.

The arguments are the program, a folder for the lab, a folder with messages (*.msg, *.eml) or "-", and the file of known
differences. Both servers get the same messages by APPEND; every answer is compared as IMAP's grammar reads it. It ends
with status 0 if they differ in nothing but what that file names, each with its reason.
"""
import datetime
import json
import os
import re
import socket
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "Peers"))
from peers import Dovecot, free_port  # noqa: E402

program, folder, corpus, known = sys.argv[1:]
LIMIT = 400

BUILT_IN = [
    b"From: Alice <alice@a.example>\r\nTo: bob@b.example, \"Carol, X\" <carol@c.example>\r\nSubject: one\r\n"
    b"Date: Mon, 1 Jan 2024 10:00:00 +0100\r\nMessage-ID: <1@a.example>\r\n\r\nhello\r\n",
    b"From: bob@b.example\r\nSubject: =?utf-8?q?caf=C3=A9?=\r\nReferences: <1@a.example>\r\nIn-Reply-To: <1@a.example>\r\n"
    b"Mime-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\npreamble\r\n--b\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\ngr\xc3\xbc\xc3\x9fe\r\n--b\r\n"
    b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\nFrom: x@y.example\r\n\r\ninner body\r\n--b\r\n"
    b"Content-Type: application/octet-stream; name=\"a b.bin\"\r\nContent-Disposition: attachment; filename=\"a b.bin\"\r\n"
    b"Content-Transfer-Encoding: base64\r\nContent-ID: <part@a.example>\r\n\r\nAAEC\r\n--b--\r\n",
    b"Subject: no body\r\n\r\n",
    b"\r\nno header\r\n",
    b"Subject: group\r\nTo: friends: a@a.example, b@b.example;, undisclosed:;\r\nReply-To: list@l.example\r\n\r\nx\r\n",
]
SEARCHES = [
    "ALL", "SEEN", "UNSEEN", "DRAFT", "KEYWORD $Label", "UNKEYWORD $Label", "SUBJECT one", "SUBJECT caf\u00e9", "FROM alice",
    "TO carol", "TEXT inner", "BODY hello", "HEADER Message-ID 1@a", "HEADER References \"\"", "LARGER 300", "SMALLER 300",
    "SENTSINCE 1-Jan-2024", "SENTON 1-Jan-2024", "SENTBEFORE 2-Jan-2000", "SINCE 1-Jan-2020", "BEFORE 1-Jan-2020",
    "ON 2-Feb-2021", "OR SEEN SUBJECT one", "NOT SEEN", "NOT (SEEN DRAFT)", "1:3", "UID 2:4", "2,4 UNSEEN", "NEW", "OLD", "RECENT",
]


class Client:
    """Says commands and reads whole answers, as lists of what the grammar has: atoms, strings, NIL, lists."""

    def __init__(self, address, port, user, password):
        self.socket = socket.create_connection((address, port), timeout=30)
        self.file = self.socket.makefile("rb")
        self.file.readline()
        self.number = 0
        self.run(b"LOGIN %s %s" % (user.encode(), password.encode()))

    def run(self, command, literal=None):
        """The untagged answers, and the tagged status."""
        self.number += 1
        tag = b"t%d" % self.number
        self.socket.sendall(tag + b" " + command + b"\r\n")
        untagged = []
        while True:
            line = self.response()
            if line.startswith(b"+") and literal is not None:
                self.socket.sendall(literal + b"\r\n")
                literal = None
            elif line.startswith(tag + b" "):
                return untagged, line[len(tag) + 1:].split(b" ")[0].decode()
            else:
                untagged.append(parse(line))

    def response(self):
        octets = b""
        while True:
            line = self.file.readline()
            if not line:
                raise SystemExit("a server hung up")
            octets += line
            literal = re.search(rb"\{(\d+)\}\r\n$", line)
            if not literal:
                return octets
            octets += self.file.read(int(literal[1]))


def parse(octets):
    items, position = [[]], 0
    token = re.compile(rb"\s+|\(|\)|\"((?:[^\"\\]|\\.)*)\"|\{(\d+)\}\r\n|[^\s()\"\[]*\[[^\]]*\](?:<\d+>)?|[^\s()\"]+")
    while position < len(octets):
        match = token.match(octets, position)
        position = match.end()
        text = match[0]
        if text == b"(":
            items.append([])
        elif text == b")" and len(items) > 1:
            last = items.pop()
            items[-1].append(last)
        elif match[2] is not None:
            items[-1].append(("string", octets[position:position + int(match[2])]))
            position += int(match[2])
        elif match[1] is not None:
            items[-1].append(("string", re.sub(rb"\\(.)", rb"\1", match[1])))
        elif text.strip():
            items[-1].append(text.upper() if text.upper() == b"NIL" else text)
    return items[0]


def pairs(answer):
    """The items of a FETCH answer by name."""
    if len(answer) < 4 or answer[2] != b"FETCH" or not isinstance(answer[3], list):
        return None
    return {bytes(name).upper(): value for name, value in zip(answer[3][::2], answer[3][1::2])}


def folded(value):
    """Media types, encodings and parameter names in any case are equal (RFC 2045). Lines are left out: a last line
    without an end is one to us, and none to Dovecot."""
    if not isinstance(value, list):
        return (value[0], value[1].lower()) if isinstance(value, tuple) else value
    value = [folded(v) for v in value]
    # One language may be told as a list of one (RFC 9051 §9, body-fld-lang).
    value = [v[0] if isinstance(v, list) and len(v) == 1 and isinstance(v[0], tuple) else v for v in value]
    for kind, place in ((b"text", 7), (b"message", 9)):
        if value[:1] == [("string", kind)] and len(value) > place:
            value[place] = b"lines"
    return domains(value)


def date(value):
    """A date as seconds: servers may tell it in any zone, and the day with a blank or a nought (RFC 9051 §9)."""
    if not isinstance(value, tuple):
        return value
    return datetime.datetime.strptime(value[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z").timestamp()


def domains(value):
    """Where an address has no domain, Dovecot says MISSING_DOMAIN."""
    if isinstance(value, list):
        return [domains(v) for v in value]
    return ("string", b"") if value in (("string", b"MISSING_DOMAIN"), ("string", b"missing_domain")) else value


def has_parts(structure, part):
    """Whether a part of a message is in parts itself, by BODY: only then is there a part 1 in it (RFC 9051 §6.4.5)."""
    if not structure or not isinstance(structure, list):
        return False
    if not isinstance(structure[0], list):
        return False
    parts = [p for p in structure if isinstance(p, list)]
    return len(parts) >= part and (isinstance(parts[part - 1][0], list) or parts[part - 1][0] == ("string", b"message"))


differences = {}


def compare(what, ours, theirs):
    if ours != theirs:
        differences[what] = (ours, theirs)


def load():
    messages = [("built-in-%d" % i, m) for i, m in enumerate(BUILT_IN)]
    for root, _, names in sorted(os.walk(corpus)) if corpus != "-" else []:
        for name in sorted(names):
            if name.endswith((".msg", ".eml")) and len(messages) < LIMIT:
                with open(os.path.join(root, name), "rb") as file:
                    octets = re.sub(rb"\r?\n", b"\r\n", file.read())
                if b"\0" not in octets and len(octets) < 200_000:
                    messages.append((f"{os.path.basename(root)}/{name}", octets))
    return messages


def fetch(client, command):
    untagged, status = client.run(command)
    found = [pairs(a) for a in untagged if pairs(a)]
    return (found[0] if found else {}), status


lab = subprocess.Popen([program, "lab", "up", "--dir", folder, "--base-port", "0", "--json", "-q"],
                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
compared = 0
try:
    bobs = json.loads(lab.stdout.readline())["machines"][1]
    bob = bobs["users"][0]
    with Dovecot("127.0.0.6", free_port("127.0.0.6"), {"bob": "secret"}) as dovecot:
        ours = Client(bobs["address"], bobs["ports"]["imap"], bob["name"], bob["password"])
        theirs = Client(dovecot.address, dovecot.port, "bob", "secret")
        messages = load()
        for index, (_, octets) in enumerate(messages):
            flags = ["(\\Seen)", "()", "(\\Draft $Label)", "(\\Seen \\Answered)"][index % 4]
            for client in (ours, theirs):
                status = client.run(b'APPEND INBOX %s "02-Feb-2021 10:00:%02d +0100" {%d}' % (
                    flags.encode(), index % 60, len(octets)), octets)[1]
                if status != "OK":
                    raise SystemExit(f"APPEND of {messages[index][0]}: {status}")
        for client in (ours, theirs):
            client.run(b"EXAMINE INBOX")
        items = b"UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY BODYSTRUCTURE"
        for number, (name, _) in enumerate(messages, 1):
            a, b = (fetch(c, b"FETCH %d (%s)" % (number, items))[0] for c in (ours, theirs))
            for key in sorted(set(a) | set(b)):
                compared += 1
                x, y = a.get(key), b.get(key)
                if key == b"FLAGS":
                    x, y = ({f for f in v or [] if f != b"\\Recent"} for v in (x, y))
                if key == b"INTERNALDATE":
                    x, y = date(x), date(y)
                if key == b"ENVELOPE":
                    x, y = domains(x), domains(y)
                if key.startswith(b"BODY"):
                    x, y = folded(x), folded(y)
                compare(f"{name} {key.decode()}", x, y)
            for section in ("", "HEADER", "TEXT", "1", "1.MIME", "2", "2.MIME", "2.HEADER", "2.TEXT", "1.1", "2.1", "9"):
                if section in ("1.1", "2.1") and not has_parts(folded(a.get(b"BODY")), int(section[0])):
                    continue
                compared += 1
                x, y = (fetch(c, b"FETCH %d BODY.PEEK[%s]" % (number, section.encode())) for c in (ours, theirs))
                x, y = ((list(v[0].values())[-1:], v[1]) for v in (x, y))
                # What is not there is NIL or empty.
                x, y = ((None if v[0] in ([], [b"NIL"], [("string", b"")]) else v[0], v[1]) for v in (x, y))
                compare(f"{name} BODY[{section}]", x, y)
        for section in (b"HEADER.FIELDS (From Subject X-Absent)", b"HEADER.FIELDS.NOT (From)", b"TEXT]<2.3>", b"]<0.10>",
                        b"]<99999.10>"):
            for number in range(1, min(len(messages), 40) + 1):
                compared += 1
                item = b"BODY.PEEK[%s" % section + (b"" if b"]" in section else b"]")
                x, y = (fetch(c, b"FETCH %d %s" % (number, item)) for c in (ours, theirs))
                compare(f"{messages[number - 1][0]} {item.decode()}", *([list(v[0].values()), v[1]] for v in (x, y)))
        for key in SEARCHES:
            compared += 1
            octets = key.encode()
            command = b"UID SEARCH " + (b"CHARSET UTF-8 " if len(octets) != len(key) else b"")
            results = []
            for client in (ours, theirs):
                if len(octets) != len(key):
                    head, _, rest = octets.partition(b" ")
                    untagged, status = client.run(command + head + b" {%d}" % len(rest), rest)
                else:
                    untagged, status = client.run(command + octets)
                numbers = [sorted(int(n) for n in a[2:]) for a in untagged if a[1:2] == [b"SEARCH"]]
                results.append((numbers, status))
            compare(f"SEARCH {key}", *results)
        for client in (ours, theirs):
            client.file.close()
            client.socket.close()
finally:
    lab.terminate()
    lab.wait(30)

reasons = {}
with open(known) as file:
    for line in file:
        if line.strip() and not line.startswith("#"):
            what, _, reason = line.rstrip("\n").rpartition("  # ")
            reasons[what.strip()] = reason
unknown = {what: pair for what, pair in differences.items() if what not in reasons}
for what, (x, y) in unknown.items():
    print(f"{what}\n   ours    {str(x)[:1500]}\n   Dovecot {str(y)[:1500]}")
gone = [what for what in reasons if what not in differences and corpus != "-"]
for what in gone:
    print(f"{what}: named as a difference, and is none")
print(f"{compared} answers compared, {len(differences)} differ, {len(unknown)} of them unexplained")
if unknown or gone:
    raise SystemExit(1)
print("all as expected")
