"""The lab's Maildir read and changed by Dovecot, and found again by the lab as Dovecot left it.

The arguments are the program and a folder for the lab.
"""
import imaplib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "Peers"))
from peers import Dovecot, free_port  # noqa: E402

program, folder = sys.argv[1:]


def check(holds, what):
    if not holds:
        raise SystemExit(f"not as expected: {what}")


def start():
    lab = subprocess.Popen([program, "lab", "up", "--dir", folder, "--base-port", "0", "--json", "-q"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    return lab, json.loads(lab.stdout.readline())["machines"][1]


def connect(address, port, user, password):
    client = imaplib.IMAP4(address, port, timeout=20)
    client.login(user, password)
    return client


def contents(client):
    """What a client sees, folder by folder: subjects, flags without \\Recent, dates as instants, sizes, octets."""
    found = {}
    for line in client.list()[1]:
        name = re.search(rb'(?:"((?:[^"\\]|\\.)*)"|(\S+))$', line)
        name = (name[1] or name[2]).decode().replace(".", "/")
        box = name if b'"/"' in line else name.replace("/", ".")
        status, count = client.select('"%s"' % box, readonly=True)
        if status != "OK":
            continue
        found[name] = []
        parts = client.fetch("1:*", "(FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])")[1] if int(count[0]) else []
        for part in parts:
            if isinstance(part, tuple):
                flags = {f for f in imaplib.ParseFlags(part[0]) if f != b"\\Recent"}
                size = int(re.search(rb"RFC822.SIZE (\d+)", part[0])[1])
                date = imaplib.Internaldate2tuple(part[0])
                found[name].append((part[1], frozenset(flags), size, date))
        found[name].sort(key=lambda message: message[0])
    return found


lab, bobs = start()
copy = tempfile.mkdtemp(prefix="mw-mail-", dir="/tmp")
try:
    bob = bobs["users"][0]
    maildir = f"{folder}/{bobs['host']}/mail/{bob['name']}"
    client = connect(bobs["address"], bobs["ports"]["imap"], bob["name"], bob["password"])
    for number in range(6):
        message = f"Subject: number {number}\r\n\r\n.dot\r\nline {'x' * number}\r\n".encode()
        flags = [r"(\Seen)", None, r"(\Flagged $Label1 work)", r"(\Answered \Draft)", r"(\Deleted)", "(work)"][number]
        check(client.append("INBOX", flags, '"01-Feb-2020 10:00:%02d +0000"' % number, message)[0] == "OK", "APPEND")
    for name in ("Projects", "Projects/2026", "Entw&APw-rfe"):
        client.create(f'"{name}"')
    client.select("INBOX")
    client.copy("1:2", '"Projects/2026"')
    ours = contents(client)
    client.logout()
    check(len(ours["INBOX"]) == 6 and len(ours["Projects/2026"]) == 2, f"{list(ours)}")
    lab.terminate()
    lab.wait(30)

    shutil.copytree(maildir, f"{copy}/bob")
    with Dovecot("127.0.0.6", free_port("127.0.0.6"), {"bob": "secret"}, maildir=copy) as dovecot:
        client = connect(dovecot.address, dovecot.port, "bob", "secret")
        theirs = contents(client)
        check(set(theirs) == set(ours), f"folders: {set(theirs) ^ set(ours)}")
        for name in ours:
            check(theirs[name] == ours[name], f"{name}:\n  ours   {ours[name]}\n  Dovecot {theirs[name]}")
        # Dovecot changes everything that can be changed.
        client.select("INBOX")
        client.store("1", "+FLAGS", r"(\Flagged newword)")
        client.store("2", "-FLAGS", r"(\Seen)")
        client.expunge()
        client.append("INBOX", r"(\Seen)", '"03-Mar-2021 12:00:00 +0000"', b"Subject: by Dovecot\r\n\r\nhello\r\n")
        client.create("Made.by.Dovecot")
        client.copy("1", "Made.by.Dovecot")
        theirs = contents(client)
        client.logout()
    shutil.rmtree(maildir)
    shutil.copytree(f"{copy}/bob", maildir)

    lab, bobs = start()
    client = connect(bobs["address"], bobs["ports"]["imap"], bob["name"], bob["password"])
    ours = contents(client)
    client.logout()
    check(set(theirs) == set(ours), f"folders: {set(theirs) ^ set(ours)}")
    for name in theirs:
        check(theirs[name] == ours[name], f"{name}:\n  ours   {ours[name]}\n  Dovecot {theirs[name]}")
    check(len(ours["INBOX"]) == 6 and len(ours["Made/by/Dovecot"]) == 1, "what Dovecot did is there")
    print("all as expected")
finally:
    lab.terminate()
    lab.wait(30)
    shutil.rmtree(copy, ignore_errors=True)
