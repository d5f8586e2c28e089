"""The attacks that a mail server on a network has to bear, on real sockets and a real disk, each by its name.

The arguments are the program, a folder for the lab, and the attack. It ends with status 0 if the lab bears it.
"""
import imaplib
import json
import os
import poplib
import resource
import smtplib
import socket
import subprocess
import sys
import time

program, folder, attack = sys.argv[1:]
# Each ends the message nowhere but at CRLF.CRLF; what follows must stay a part of it, or the message is refused.
FALSE_ENDS = ["\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\r\n", "\r\n.\r", "\n.\r", "\r.\n", "\r\r\n.\r\r\n", "\n\n.\n\n",
              "\r\n\0.\r\n", "\r\n.\0\r\n", "\r\n.\r\r\n", "\r\r.\r\r", "\n\r.\n\r", "\r\n\n.\n\r\n"]


def check(holds, what):
    if not holds:
        raise SystemExit(f"not as expected: {what}")


lab = subprocess.Popen([program, "lab", "up", "--dir", folder, "--base-port", "0", "--json", "-q"],
                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
alices, bobs = json.loads(lab.stdout.readline())["machines"]
alice, bob = alices["users"][0], bobs["users"][0]


def connect(machine, service):
    s = socket.create_connection((machine["address"], machine["ports"][service]), timeout=20)
    return s, s.makefile("rb")


def line(lines):
    octets = lines.readline()
    check(octets.endswith(b"\n"), "the server has answered")
    return octets.decode()


def reply(lines):
    text = line(lines)
    while text[3:4] == "-":
        text = line(lines)
    return text


def say(s, lines, octets):
    s.sendall(octets if isinstance(octets, bytes) else octets.encode())
    return reply(lines)


def messages():
    status = subprocess.run([program, "lab", "status", "--json", "--dir", folder], capture_output=True, check=True)
    hosts = json.loads(status.stdout)["hosts"]
    return sum(m["messages"] for h in hosts for m in h["mailboxes"]), sum(len(h["queue"]) for h in hosts)


def settled():
    for _ in range(400):
        count, waiting = messages()
        if not waiting:
            return count
        time.sleep(0.02)
    raise SystemExit("messages wait for ever")


def smuggling():
    accepted = 0
    for end in FALSE_ENDS:
        s, lines = connect(bobs, "relay")
        reply(lines)
        for command in ("EHLO evil.example", "MAIL FROM:<evil@evil.example>", f"RCPT TO:<{bob['name']}>"):
            check(say(s, lines, command + "\r\n")[0] == "2", command)
        check(say(s, lines, "DATA\r\n").startswith("354"), "354")
        smuggled = f"MAIL FROM:<ceo@someschool.edu>\r\nRCPT TO:<{bob['name']}>\r\nDATA\r\nSubject: smuggled\r\n\r\nx"
        s.sendall(f"Subject: one\r\n\r\ntext{end}{smuggled}\r\n.\r\nQUIT\r\n".encode())
        first, second = reply(lines), reply(lines)
        check(first[:3] in ("250", "550", "500"), f"{end!r}: {first}")
        check(second.startswith("221"), f"{end!r}: one message and QUIT, and not {second}")
        accepted += first.startswith("250")
        s.close()
    check(settled() == accepted, "no message became two")


def relaying():
    targets = ["x@elsewhere.example", f"x%elsewhere.example@{bobs['domain']}", f"@{bobs['domain']}:x@elsewhere.example",
               "elsewhere.example!x", f"\"x@elsewhere.example\"@{bobs['domain']}", "x@[192.0.2.1]", f"x@elsewhere.example@{bobs['domain']}",
               f"elsewhere.example!x@{bobs['domain']}", "x@[127.0.0.1]", "\"x\"@elsewhere.example"]
    for sender in ("", "a@elsewhere.example", bob["name"], f"postmaster@{bobs['host']}"):
        for target in targets:
            with smtplib.SMTP(bobs["address"], bobs["ports"]["relay"], timeout=20) as smtp:
                smtp.ehlo()
                smtp.mail(sender)
                check(smtp.docmd(f"RCPT TO:<{target}>")[0] // 100 == 5, f"<{sender}> to <{target}>")
    check(settled() == 0, "nothing was taken")


def guessing():
    answers, seconds = {}, {}
    for user in (bob["name"], "nobody@someschool.edu"):
        for service in ("submission", "pop3", "imap"):
            begun = time.monotonic()
            try:
                if service == "submission":
                    with smtplib.SMTP(bobs["address"], bobs["ports"][service], timeout=20) as smtp:
                        smtp.login(user, "wrong")
                elif service == "pop3":
                    client = poplib.POP3(bobs["address"], bobs["ports"][service], timeout=20)
                    client.user(user)
                    client.pass_("wrong")
                else:
                    imaplib.IMAP4(bobs["address"], bobs["ports"][service], timeout=20).login(user, "wrong")
                raise SystemExit("a wrong password was let in")
            except (smtplib.SMTPException, poplib.error_proto, imaplib.IMAP4.error) as error:
                answers.setdefault(service, set()).add(str(error))
                seconds[service, user] = time.monotonic() - begun
    check(all(len(found) == 1 for found in answers.values()), f"an unknown user looks like a wrong password: {answers}")
    check(min(seconds.values()) > 0.4, f"each guess is slowed: {seconds}")


def mailbox_names():
    client = imaplib.IMAP4(bobs["address"], bobs["ports"]["imap"], timeout=20)
    client.login(bob["name"], bob["password"])
    inside = os.path.realpath(f"{folder}/{bobs['host']}/mail/{bob['name']}")
    before = {root for root, _, _ in os.walk(folder)}
    for name in ("../x", "..", ".", "a/../../x", "/etc/x", "x/", "//x", "a\\b", "a/..", "...", "x" * 300, "INBOX/../../x", "~root", "&AC8-etc"):
        for command in ("CREATE", "RENAME Sent"):
            client._simple_command(*command.split(), '"%s"' % name.replace("\\", "\\\\"))
        client._simple_command("DELETE", '"%s"' % name.replace("\\", "\\\\"))
    after = {root for root, _, _ in os.walk(folder)} - before
    check(all(os.path.realpath(path).startswith(inside + "/") for path in after), f"folders outside: {after}")
    check(not os.path.exists("/etc/x") and not os.path.exists(f"{folder}/x"), "nothing outside")


def numbers():
    client = poplib.POP3(bobs["address"], bobs["ports"]["pop3"], timeout=20)
    client.user(bob["name"])
    client.pass_(bob["password"])
    for command in ("RETR", "DELE", "LIST", "UIDL", "TOP"):
        for number in ("0", "-1", "1", "18446744073709551616", "9" * 200, "1e3", "0x1", "+1"):
            try:
                client._shortcmd(f"{command} {number}" + (" 1" if command == "TOP" else ""))
                raise SystemExit(f"{command} {number} was answered with +OK")
            except poplib.error_proto as error:
                check(error.args[0].startswith(b"-ERR"), f"{command} {number}: {error}")
    check(client.noop().startswith(b"+OK"), "the dialogue goes on")


def literals():
    s, lines = connect(bobs, "imap")
    line(lines)
    for text, want in ((b"a LOGIN {4294967295}\r\n", ("a BAD", "a NO")), (b"b LOGIN {99999999999999999999}\r\n", ("b BAD", "b NO"))):
        s.sendall(text)
        check(line(lines).startswith(want), f"{text!r}")
    s.sendall(f"c LOGIN {bob['name']} {bob['password']}\r\n".encode())
    check(line(lines).startswith("c OK"), "the dialogue goes on")
    for text in (b"d APPEND INBOX {4294967295}\r\n", b"e APPEND INBOX {60000000}\r\n", b"f CREATE {70000}\r\n"):
        s.sendall(text)
        check(line(lines)[2:].startswith(("BAD", "NO")), f"{text!r}")
    s.sendall(b"g NOOP\r\n")
    check(line(lines).startswith("g OK"), "and on")
    # Nested parentheses and many arguments are a line like any other.
    s.sendall(b"h SEARCH " + b"(" * 5000 + b"ALL" + b")" * 5000 + b"\r\n")
    check(line(lines).startswith("h BAD"), "nesting")


def limits():
    s, lines = connect(bobs, "relay")
    reply(lines)
    check(say(s, lines, "EHLO evil.example\r\n").startswith("250"), "EHLO")
    check(say(s, lines, "NOOP " + "x" * 100_000 + "\r\n").startswith("500"), "a line that is too long")
    check(say(s, lines, "NOOP\r\n").startswith("250"), "the dialogue stays in step")
    check(say(s, lines, "MAIL FROM:<a@c.example> SIZE=999999999999999999999\r\n")[0] == "5", "SIZE")
    check(say(s, lines, "MAIL FROM:<a@c.example>\r\n").startswith("250"), "MAIL")
    accepted = sum(say(s, lines, f"RCPT TO:<{bob['name']}>\r\n").startswith("250") for _ in range(1_001))
    check(accepted == 1_000, f"{accepted} recipients")
    check(say(s, lines, "DATA\r\n").startswith("354"), "DATA")
    s.sendall(b"Subject: x\r\n\r\n" + b"y" * 2_000 + b"\r\n.\r\n")
    check(reply(lines)[0] == "5", "a line of the message that is too long")
    check(say(s, lines, "QUIT\r\n").startswith("221"), "QUIT")
    check(settled() == 0, "nothing was taken")


def many_idle():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))
    silent = [socket.create_connection((bobs["address"], bobs["ports"][service]), timeout=20)
              for service in ("relay", "imap", "pop3", "submissions") for _ in range(250)]
    begun = time.monotonic()
    with smtplib.SMTP(bobs["address"], bobs["ports"]["relay"], timeout=20) as smtp:
        smtp.sendmail("a@c.example", [bob["name"]], "Subject: x\r\n\r\nx\r\n")
    check(settled() == 1, "others are served")
    check(time.monotonic() - begun < 5, "and at once")
    for s in silent:
        s.close()


def garbage():
    """Octets that are no protocol at all, TLS to a port in clear, a client that vanishes in the middle of everything."""
    for service in ("relay", "submission", "pop3", "imap", "submissions", "pop3s", "imaps"):
        for octets in (bytes(range(256)) * 40, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500, b"\r\n" * 2000, b"\0" * 70_000,
                       b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"):
            s = socket.create_connection((bobs["address"], bobs["ports"][service]), timeout=20)
            try:
                s.sendall(octets)
            except OSError:
                pass
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            s.close()
    check(lab.poll() is None, "the lab lives")
    with smtplib.SMTP(bobs["address"], bobs["ports"]["relay"], timeout=20) as smtp:
        smtp.sendmail("a@c.example", [bob["name"]], "Subject: x\r\n\r\nx\r\n")
    check(settled() == 1, "and takes mail")


try:
    {"smuggling": smuggling, "relaying": relaying, "guessing": guessing, "mailbox names": mailbox_names, "message numbers": numbers,
     "literals": literals, "limits": limits, "a thousand silent clients": many_idle, "garbage": garbage}[attack]()
    print("all as expected")
finally:
    lab.terminate()
    lab.wait(30)
