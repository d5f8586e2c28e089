#!/usr/bin/env python3
"""Makes captures that ask for more than a reader should give, or has them read and looks at what that takes.

    adversarial.py CASE OUT.pcap [COUNT]      a capture; - is standard output
    adversarial.py all DIRECTORY              every capture
    adversarial.py --check PROGRAM [CASE...]  PROGRAM reads them as they are made; exit status 1 when one of them takes
                                              more memory or time than was promised, or time that is not linear

Each case has the count that the promises name. Addresses are those of documentation and of 198.18.0.0/15 (RFC 2544),
where a million of them are needed.
"""
import os
import struct
import subprocess
import sys
import zlib

SYN, FIN, RST, PSH, ACK = 2, 1, 4, 8, 16


class Capture:
    """Writes Ethernet frames as classic pcap, a microsecond apart."""

    def __init__(self, path):
        self.file = os.fdopen(sys.stdout.fileno(), "wb", 1 << 20) if path == "-" else open(path, "wb", 1 << 20)
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        self.count = 0

    def frame(self, packet):
        second, fraction = divmod(self.count, 1_000_000)
        self.file.write(struct.pack("<IIII", 1_700_000_000 + second, fraction, len(packet), len(packet)))
        self.file.write(packet)
        self.count += 1

    def ip(self, source, destination, payload, identification=0, fragment=0):
        header = struct.pack(
            ">BBHHHBBHII", 0x45, 0, 20 + len(payload), identification, fragment, 64, 6, 0, source, destination)
        self.frame(b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + header + payload)

    def close(self):
        self.file.close()


class Connection:
    """A TCP connection whose packets always fit."""

    def __init__(self, capture, number=0, port=25, opens=True):
        self.capture = capture
        self.client = (0xC6120002 + (number >> 14), 20_000 + (number & 16_383))
        self.server = (0xC0000201, port)
        self.next = [1_000, 5_000]
        if opens:
            self.send(0, SYN)
            self.send(1, SYN | ACK)

    def send(self, side, flags, payload=b"", sequence=None):
        source, destination = (self.client, self.server) if side == 0 else (self.server, self.client)
        header = struct.pack(
            ">HHIIBBHHH", source[1], destination[1], (self.next[side] if sequence is None else sequence) & 0xFFFFFFFF,
            self.next[1 - side] & 0xFFFFFFFF if flags & ACK else 0, 0x50, flags, 65_535, 0, 0)
        self.capture.ip(source[0], destination[0], header + payload)
        if sequence is None:
            self.next[side] += len(payload) + (1 if flags & (SYN | FIN) else 0)

    def client_says(self, octets, piece=1_400):
        for start in range(0, len(octets), piece):
            self.send(0, ACK | PSH, octets[start:start + piece])

    def server_says(self, octets, piece=1_400):
        for start in range(0, len(octets), piece):
            self.send(1, ACK | PSH, octets[start:start + piece])

    def begin_message(self):
        self.server_says(b"220 mail.example ESMTP\r\n")
        self.client_says(b"EHLO a.example\r\n")
        self.server_says(b"250 mail.example\r\n")
        self.client_says(b"MAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n")
        self.server_says(b"250 ok\r\n250 ok\r\n354 go on\r\n")

    def close(self):
        self.send(0, ACK | FIN)
        self.send(1, ACK | FIN)


def syns(capture, count):
    """SYNs of as many distinct tuples."""
    Connection(capture, opens=False).send(0, SYN)
    # One packet after the other would take longer to make than to read.
    client, destination = struct.Struct(">I"), struct.pack(">IHHI", 0xC0000201, 0, 25, 1_000)
    ethernet = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + struct.pack(">BBHHHBBH", 0x45, 0, 40, 0, 0, 64, 6, 0)
    tail = struct.pack(">IBBHHH", 0, 0x50, SYN, 65_535, 0, 0)
    record, ports = struct.Struct("<IIII"), [struct.pack(">H", 20_000 + port) for port in range(16_384)]
    for first in range(1, count, 16_384):
        packets = []
        for number in range(first, min(count, first + 16_384)):
            second, fraction = divmod(number, 1_000_000)
            packets += (
                record.pack(1_700_000_000 + second, fraction, 54, 54), ethernet,
                client.pack(0xC6120002 + (number >> 14)), destination[:4], ports[number & 16_383], destination[6:], tail)
        capture.file.write(b"".join(packets))


def colliding_tuples(capture, count):
    """SYNs between IPv6 addresses that a hash which folds an address before it knows its seed takes for one another."""
    # The two constants of a well-known hash; h * factor ^ low is the same for all of them, or nothing at all.
    factors = [0x9E3779B97F4A7C15, 0xE7037ED1A0B428DB]
    mask = (1 << 64) - 1
    server = next(
        struct.pack("<QQ", high, low) for high in range(1, 1_000)
        if (low := high * factors[0] & mask ^ 0xA0761D6478BD642F) >> 60 == 15)
    ethernet = b"\2\0\0\0\0\1\2\0\0\0\0\2\x86\xdd" + struct.pack(">IHBB", 0x60000000, 20, 6, 64)
    segment = struct.pack(">HHIIBBHHH", 40_000, 25, 1_000, 0, 0x50, SYN, 65_535, 0, 0)
    # Half of them with a server's address that is folded to 0, half with clients' addresses that are folded to 1.
    plain = struct.pack("<QQ", 1, mask)
    for number in range(count):
        high = number + 1
        low = high * factors[1] & mask ^ 1 if number & 1 else number + 1
        capture.frame(ethernet + struct.pack("<QQ", high, low) + (plain if number & 1 else server) + segment)


def holes(capture, count):
    """One-byte holes in one stream, every other octet missing."""
    connection = Connection(capture)
    connection.server_says(b"220 mail.example ESMTP\r\n")
    for number in range(count):
        connection.send(0, ACK, b"x", sequence=1_001 + 2 * number + 1)


def descending_holes(capture, count):
    """The same from the far end: each piece comes before all that are held."""
    connection = Connection(capture)
    connection.server_says(b"220 mail.example ESMTP\r\n")
    for number in range(count, 0, -1):
        connection.send(0, ACK, b"x", sequence=1_001 + 2 * number)


def fragments(capture, count):
    """First fragments of datagrams whose rest never comes."""
    for number in range(count):
        capture.ip(0xC6120000 + (number >> 16), 0xC0000201, b"\0" * 1_400, number & 65_535, 0x2000)


def full_fragments(capture, count):
    """Datagrams that wait for their first fragment with everything else there, in the smallest pieces."""
    for number in range(count // 1_000):
        for piece in range(1, 1_001):
            capture.ip(0xC6120000, 0xC0000201, b"\0" * 8, number & 65_535, 0x2000 | piece)


def overlapping_fragments(capture, count):
    """Datagrams with a hole at 0, whose pieces cover each other again and again."""
    for number in range(count // 1_000):
        capture.ip(0xC6120000, 0xC0000201, b"\0" * 1_400, number & 65_535, 8_000)
        for piece in range(1, 1_000):
            capture.ip(0xC6120000, 0xC0000201, b"\0" * 1_400, number & 65_535, 0x2000 | 1 + piece % 50)


def long_line(capture, megabytes):
    """One line of a message, of as many megabytes."""
    connection = Connection(capture)
    connection.begin_message()
    for _ in range(megabytes * 16):
        connection.send(0, ACK | PSH, b"x" * 65_400)
    connection.client_says(b"\r\n.\r\n")
    connection.server_says(b"250 ok\r\n")
    connection.close()


def pipelined(capture, count):
    """Commands of one conversation, the replies to which come at the end."""
    connection = Connection(capture)
    connection.server_says(b"220 mail.example ESMTP\r\n")
    connection.client_says(b"NOOP\r\n" * count)
    connection.server_says(b"250 ok\r\n" * count)
    connection.close()


def exhausted(capture, count):
    """Commands until the record is full, then many more, then one that would fit again."""
    connection = Connection(capture)
    connection.server_says(b"220 mail.example ESMTP\r\n")
    connection.client_says((b"VRFY " + b"x" * 3_900 + b"\r\n") * 300)
    connection.client_says((b"x" * 300 + b"\r\n") * count)
    connection.client_says(b"NOOP\r\n" * 10)
    connection.close()


def boundaries(capture, count):
    """A message whose multiparts nest until the count, with as many parts in a row."""
    connection = Connection(capture)
    connection.begin_message()
    text = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n"
    text += b"".join(
        b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (number, number + 1) for number in range(count))
    text += b"--b0\r\nContent-Type: text/plain\r\n\r\ntext\r\n" * count
    connection.client_says(text + b"--b0--\r\n.\r\n")
    connection.server_says(b"250 ok\r\n")
    connection.close()


def literal(capture, count):
    """IMAP literals that announce 2^63 and more, on both sides."""
    for number, size in enumerate([2**63, 2**63 - 1, 2**64 - 1, 2**64, 10**30]):
        connection = Connection(capture, number, port=143)
        connection.server_says(b"* OK IMAP4rev2\r\n")
        connection.client_says(b"a1 APPEND INBOX {%d}\r\n" % size)
        connection.server_says(b"+ go on\r\n* 1 FETCH (BODY[] {%d}\r\n" % size)
        for _ in range(count):
            connection.client_says(b"x" * 1_400)
            connection.server_says(b"y" * 1_400)


def literals(capture, count):
    """One IMAP command of as many empty literals, and a response of the same."""
    connection = Connection(capture, port=143)
    connection.server_says(b"* OK IMAP4rev2\r\n")
    connection.client_says(b"a1 SEARCH " + b"{0+}\r\n" * count + b"\r\n")
    connection.server_says(b"* SEARCH " + b"{0}\r\n" * count + b"\r\n")


def half_messages(capture, count):
    """SMTP conversations that are all open at once, each with half a message."""
    connections = [Connection(capture, number) for number in range(count)]
    for connection in connections:
        connection.begin_message()
    for connection in connections:
        connection.client_says(b"Subject: half\r\nFrom: alice@example.org\r\n\r\n" + b"line of text\r\n" * 50 + b"half a li")


def half_lines(capture, count):
    """SMTP conversations that are all open at once, each in the middle of a command of 60,000 octets."""
    connections = [Connection(capture, number) for number in range(count)]
    for connection in connections:
        connection.server_says(b"220 mail.example ESMTP\r\n")
        connection.client_says(b"EHLO a\r\n")
    for connection in connections:
        connection.client_says(b"VRFY " + b"x" * 60_000, piece=60_010)


def half_headers(capture, count):
    """SMTP conversations that are all open at once, each in the middle of a header field of 60,000 octets."""
    connections = [Connection(capture, number) for number in range(count)]
    for connection in connections:
        connection.begin_message()
    for connection in connections:
        connection.client_says(b"Subject: " + (b"x" * 900 + b"\r\n ") * 66, piece=60_010)


def half_pages(capture, count):
    """HTTP responses under way at once, each of them compressed."""
    page = zlib.compress(b"page " * 20_000)
    connections = [Connection(capture, number, port=80) for number in range(count)]
    for connection in connections:
        connection.client_says(b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
        connection.server_says(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: deflate\r\nContent-Length: 100000\r\n\r\n"
            + page[:60])


def whispers(capture, count):
    """Connections that have said one octet each, so that nobody knows what they speak."""
    connections = [Connection(capture, number, port=25) for number in range(count)]
    for connection in connections:
        connection.client_says(b"E")
        connection.server_says(b"2")


def subjects(capture, count):
    """A message of long header fields, for the page that a person reads."""
    connection = Connection(capture)
    connection.begin_message()
    connection.client_says((b"Subject: " + b"a b " * 16_000 + b"\r\n") * count + b"\r\n.\r\n", piece=60_010)
    connection.server_says(b"250 ok\r\n")
    connection.close()


def recipients(capture, count):
    """A message to as many recipients."""
    connection = Connection(capture)
    connection.server_says(b"220 mail.example ESMTP\r\n")
    connection.client_says(b"EHLO a\r\nMAIL FROM:<a@example.org>\r\n")
    connection.server_says(b"250 ok\r\n250 ok\r\n")
    for _ in range(count):
        connection.client_says(b"RCPT TO:<b@example.org>\r\n")
        connection.server_says(b"550 no\r\n")
    connection.client_says(b"DATA\r\n")
    connection.server_says(b"354 go on\r\n")
    connection.client_says(b"Subject: a\r\n\r\nb\r\n.\r\n")
    connection.server_says(b"250 ok\r\n")
    connection.close()


CASES = {
    syns: 1_000_000, colliding_tuples: 131_072, holes: 20_000, descending_holes: 20_000, fragments: 200_000, full_fragments: 4_000_000,
    overlapping_fragments: 200_000, long_line: 200, pipelined: 100_000, exhausted: 400_000, boundaries: 10_000,
    literal: 100, literals: 100_000, half_messages: 10_000, half_lines: 10_000, half_headers: 10_000,
    half_pages: 10_000, whispers: 100_000, subjects: 15, recipients: 7_000,
}


# What is promised: the case, its count, megabytes of memory, seconds of the processor.
PROMISES = [
    (syns, 1_000_000, 160, 5), (syns, 10_000_000, 512, 30), (colliding_tuples, 131_072, 160, 5),
    (holes, 250_000, 64, 3), (holes, 500_000, 64, 6), (holes, 1_000_000, 64, 12),
    (descending_holes, 250_000, 64, 3), (descending_holes, 500_000, 64, 6), (descending_holes, 1_000_000, 64, 12),
    (fragments, 200_000, 64, 5), (overlapping_fragments, 200_000, 64, 10), (full_fragments, 4_000_000, 96, 30),
    (half_messages, 10_000, 96, 5), (pipelined, 100_000, 96, 5), (boundaries, 10_000, 96, 5),
]
# Twice as much may take as many times as long, and what is too short to tell.
LINEAR_FACTOR, SHORTEST_SECONDS = 2.6, 0.2


def measure(program, case, count):
    """Has a program read a case while it is made; returns its exit status, megabytes and seconds of the processor."""
    reader = subprocess.Popen(
        [program, "analyze", "--quiet", "--format", "ndjson", "--dialogue", "-"], stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL)
    with reader.stdin:
        try:
            make(case, os.dup(reader.stdin.fileno()), count)
        except BrokenPipeError:
            pass
    _, status, usage = os.wait4(reader.pid, 0)
    reader.returncode = os.waitstatus_to_exitcode(status)
    return reader.returncode, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def check(program, chosen):
    failed = False
    last = None
    for case, count, megabytes, seconds in PROMISES:
        if chosen and case.__name__ not in chosen:
            continue
        status, taken, spent = measure(program, case, count)
        faults = []
        if status != 0:
            faults.append(f"exit status {status}")
        if taken > megabytes:
            faults.append(f"more than {megabytes} MB")
        if spent > seconds:
            faults.append(f"more than {seconds} s")
        if last and last[0] is case and last[1] * 2 == count and spent > LINEAR_FACTOR * max(last[2], SHORTEST_SECONDS):
            faults.append(f"{spent / last[2]:.1f} times as long as half of it")
        last = (case, count, spent)
        failed = failed or bool(faults)
        print(f"{case.__name__:22}{count:>11,}{taken:>7.0f} MB{spent:>8.2f} s  {', '.join(faults) or 'as promised'}", flush=True)
    return failed


def make(case, path, count):
    capture = Capture(path)
    case(capture, count)
    capture.close()


def main():
    names = {case.__name__: case for case in CASES}
    if len(sys.argv) >= 3 and sys.argv[1] == "--check" and all(name in names for name in sys.argv[3:]):
        sys.exit(check(sys.argv[2], sys.argv[3:]))
    if len(sys.argv) < 3 or sys.argv[1] not in [*names, "all"]:
        print(__doc__.strip())
        for case, count in CASES.items():
            print(f"  {case.__name__:22}{count:>10,}  {case.__doc__}")
        sys.exit(2)
    if sys.argv[1] == "all":
        os.makedirs(sys.argv[2], exist_ok=True)
        for case, count in CASES.items():
            make(case, os.path.join(sys.argv[2], case.__name__ + ".pcap"), count)
    else:
        case = names[sys.argv[1]]
        make(case, sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else CASES[case])


if __name__ == "__main__":
    main()
