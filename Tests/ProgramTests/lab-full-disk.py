"""A disk that is full is a temporary failure (4yz), and nothing is lost by it.

The arguments are the program and a folder for the lab, on which a small disk is put that nobody else sees. Messages are
sent until one is refused; then some are deleted, and mail goes on.
"""
import imaplib
import json
import os
import smtplib
import subprocess
import sys
import time

program, folder = sys.argv[1:]
MEGABYTES = 6


def check(holds, what):
    if not holds:
        raise SystemExit(f"not as expected: {what}")


command = (f"mount -t tmpfs -o size={MEGABYTES}m none {folder} && "
           f"exec {program} lab up --dir {folder} --base-port 0 --json --time-scale 0.001")
unshare = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])
lab = subprocess.Popen(unshare + ["sh", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
try:
    alices, bobs = json.loads(lab.stdout.readline())["machines"]
    bob = bobs["users"][0]
    acknowledged = []

    def send(number):
        with smtplib.SMTP(bobs["address"], bobs["ports"]["relay"], timeout=20) as smtp:
            smtp.ehlo()
            smtp.mail("carol@elsewhere.example")
            smtp.rcpt(bob["name"])
            body = ("x" * 70 + "\r\n") * 2000
            return smtp.data(f"Subject: number {number}\r\n\r\n{body}")[0]

    def numbers():
        client = imaplib.IMAP4(bobs["address"], bobs["ports"]["imap"], timeout=20)
        client.login(bob["name"], bob["password"])
        count = int(client.select("INBOX")[1][0])
        found = []
        for part in client.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1] if count else []:
            if isinstance(part, tuple):
                found.append(int(part[1].split()[2]))
        return client, found

    code, number = 250, 0
    while code == 250 and number < 200:
        number += 1
        code = send(number)
        if code == 250:
            acknowledged.append(number)
    check(number < 200, "the disk is small")
    check(code in (451, 452), f"{code} where there is no room")
    check(len(acknowledged) >= 5, f"{len(acknowledged)} were taken before")
    # To append to a folder is refused, too, and the session goes on.
    client, found = numbers()
    status = client.append("Drafts", None, None, b"Subject: x\r\n\r\n" + b"y" * 3_000_000)
    check(status[0] == "NO", f"APPEND: {status}")
    check(client.noop()[0] == "OK", "NOOP behind it")
    # Room is made: what waits gets into the mailbox, and new mail is taken.
    client.store("1:3", "+FLAGS", r"(\Deleted)")
    deleted = found[:3]
    client.expunge()
    client.logout()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        client, found = numbers()
        if set(found) | set(deleted) == set(acknowledged):
            break
        # More of it, until everything that was promised fits.
        client.store("1", "+FLAGS", r"(\Deleted)")
        deleted += found[:1]
        client.expunge()
        client.logout()
        time.sleep(0.1)
    check(set(found) | set(deleted) >= set(acknowledged), f"lost: {set(acknowledged) - set(found) - set(deleted)}")
    for _ in range(100):
        code = send(1000)
        if code == 250:
            break
        time.sleep(0.1)
    check(code == 250, f"{code} when there is room again")
    print("all as expected")
finally:
    lab.terminate()
    lab.wait(30)
