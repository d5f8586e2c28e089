"""kill -9 under load: no message that the lab has answered with 250 is lost, and none is there in part.

The arguments are the program, a folder for the lab, how often it is killed, and a seed. Ten clients submit numbered
messages as fast as they can while the lab is killed at random moments and started again. In the end everything that
was acknowledged must be in Bob's mailbox, whole; what is there twice was under way when the lab was killed.
"""
import json
import hashlib
import random
import re
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time

program, folder, kills, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
chance = random.Random(seed)
CLIENTS = 10


def free_port():
    """The first of seven ports that are free now."""
    while True:
        base = chance.randrange(20_000, 30_000)
        try:
            for port in range(base, base + 7):
                for address in ("127.0.0.2", "127.0.0.3"):
                    with socket.socket() as s:
                        s.bind((address, port))
            return base
        except OSError:
            continue


base = free_port()


def start():
    lab = subprocess.Popen(
        [program, "lab", "up", "--dir", folder, "--base-port", str(base), "--json", "-q", "--time-scale", "0.001"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    line = lab.stdout.readline()
    if not line:
        raise SystemExit(f"the lab did not start again: status {lab.wait()}")
    return lab, json.loads(line)["machines"]


lab, (alices, bobs) = start()
alice, bob = alices["users"][0], bobs["users"][0]
acknowledged, lock, isOver = set(), threading.Lock(), threading.Event()
attempts = 0


def text(number):
    """A message whose body tells whether it is whole."""
    lines = [f"{number} {i} " + "x" * (number * 37 % 60) for i in range(1 + number * 13 % 200)]
    body = "\r\n".join(lines) + "\r\n"
    return f"Subject: number {number} {hashlib.sha256(body.encode()).hexdigest()}\r\n\r\n{body}"


def client(first):
    global attempts
    number = first
    while not isOver.is_set():
        try:
            # Half go through the queue to the other server, half into a mailbox of the server itself.
            machine, port = (alices, "submission") if first % 2 else (bobs, "relay")
            with smtplib.SMTP(machine["address"], machine["ports"][port], timeout=20) as smtp:
                if first % 2:
                    smtp.login(alice["name"], alice["password"])
                while not isOver.is_set():
                    number += CLIENTS
                    attempts += 1
                    smtp.sendmail(alice["name"], [bob["name"]], text(number))
                    with lock:
                        acknowledged.add(number)
        except (OSError, smtplib.SMTPException):
            time.sleep(0.01)


threads = [threading.Thread(target=client, args=(i,)) for i in range(CLIENTS)]
for thread in threads:
    thread.start()
try:
    for _ in range(kills):
        time.sleep(chance.uniform(0.2, 1.5))
        lab.send_signal(signal.SIGKILL)
        lab.wait()
        lab, _ = start()
    # The last start is worth something only when somebody was served by it.
    count, deadline = len(acknowledged), time.monotonic() + 30
    while len(acknowledged) < count + CLIENTS and time.monotonic() < deadline:
        time.sleep(0.01)
    isOver.set()
    for thread in threads:
        thread.join()

    def waiting():
        answer = subprocess.run([program, "lab", "status", "--json", "--dir", folder], capture_output=True, check=True)
        return sum(len(host["queue"]) for host in json.loads(answer.stdout)["hosts"])
    deadline = time.monotonic() + 120
    while waiting() and time.monotonic() < deadline:
        time.sleep(0.1)
    if waiting():
        raise SystemExit(f"{waiting()} messages still wait")

    import imaplib
    imap = imaplib.IMAP4(bobs["address"], bobs["ports"]["imap"], timeout=60)
    imap.login(bob["name"], bob["password"])
    count = int(imap.select("INBOX", readonly=True)[1][0])
    found, partial = {}, 0
    for start_number in range(1, count + 1, 500):
        for part in imap.fetch(f"{start_number}:{min(count, start_number + 499)}", "(BODY.PEEK[])")[1]:
            if not isinstance(part, tuple):
                continue
            head, _, body = part[1].partition(b"\r\n\r\n")
            subject = re.search(rb"Subject: number (\d+) (\w+)", head)
            if subject and hashlib.sha256(body).hexdigest().encode() == subject[2]:
                found[int(subject[1])] = found.get(int(subject[1]), 0) + 1
            else:
                partial += 1
    imap.logout()
    # Nothing here is refused, so nobody may be told that something was.
    imap = imaplib.IMAP4(alices["address"], alices["ports"]["imap"], timeout=60)
    imap.login(alice["name"], alice["password"])
    reports = int(imap.select("INBOX", readonly=True)[1][0])
    imap.logout()
    lost = acknowledged - set(found)
    duplicates = sum(n - 1 for n in found.values())
    print(f"{kills} kills, seed {seed}: {attempts} tried, {len(acknowledged)} acknowledged, {count} found, {len(lost)} lost, "
          f"{partial} in part, {duplicates} more than once, {reports} reports of failures")
    if lost or partial or reports or not acknowledged:
        raise SystemExit(1)
    # Of each kill, at most what was under way: what the clients were sending, and what the queues were bringing.
    if duplicates > kills * (CLIENTS + 80):
        raise SystemExit("more came twice than was under way")
    print("all as expected")
finally:
    isOver.set()
    lab.terminate()
    lab.wait(30)
