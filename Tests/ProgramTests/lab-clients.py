"""Alice writes to Bob through a running lab, with the clients of Python's standard library.

The argument is what `mailwire lab up --json` said. It ends with status 0 if everything is as a user would expect.
"""
import imaplib
import json
import poplib
import smtplib
import sys
import time

alice_host, bob_host = json.loads(sys.argv[1])["machines"]
alice, bob = alice_host["users"][0], bob_host["users"][0]
BODY = "Dear Bob,\r\n.a line with a dot\r\n..\r\ngr\u00fc\u00dfe\r\n"


def check(holds, what):
    if not holds:
        sys.exit(f"not as expected: {what}")


def submit(recipients, subject):
    with smtplib.SMTP(alice_host["address"], alice_host["ports"]["submission"], timeout=20) as smtp:
        smtp.login(alice["name"], alice["password"])
        message = f"From: {alice['name']}\r\nTo: {bob['name']}\r\nSubject: {subject}\r\n\r\n{BODY}"
        return smtp.sendmail(alice["name"], recipients, message.encode(), ["BODY=8BITMIME"])


def pop3():
    client = poplib.POP3(bob_host["address"], bob_host["ports"]["pop3"], timeout=20)
    client.user(bob["name"])
    client.pass_(bob["password"])
    return client


def imap(host, user):
    client = imaplib.IMAP4(host["address"], host["ports"]["imap"], timeout=20)
    client.login(user["name"], user["password"])
    return client


def await_messages(host, user, count):
    for _ in range(200):
        client = imap(host, user)
        found = int(client.select("INBOX", readonly=True)[1][0])
        client.logout()
        if found >= count:
            return found
        time.sleep(0.1)
    sys.exit(f"{user['name']} never got {count} messages")


# Relaying is for those who have logged in.
with smtplib.SMTP(alice_host["address"], alice_host["ports"]["relay"], timeout=20) as smtp:
    smtp.ehlo("client.example")
    check(smtp.mail("eve@elsewhere.example")[0] == 250, "MAIL of a stranger")
    check(smtp.rcpt(bob["name"])[0] == 550, "no open relay")
with smtplib.SMTP(alice_host["address"], alice_host["ports"]["submission"], timeout=20) as smtp:
    try:
        smtp.login(alice["name"], "wrong")
        sys.exit("a wrong password was accepted")
    except smtplib.SMTPAuthenticationError as error:
        check(error.smtp_code == 535, "535 for a wrong password")

# Two messages arrive, one recipient is nobody, and Alice is told.
check(submit([bob["name"], "nobody@" + bob_host["domain"]], "first") == {}, "every recipient accepted")
check(submit([bob["name"]], "second") == {}, "the second message")
check(await_messages(bob_host, bob, 2) == 2, "two messages")
check(await_messages(alice_host, alice, 1) == 1, "one notification")
client = imap(alice_host, alice)
client.select("INBOX")
report = client.fetch("1", "(BODY.PEEK[])")[1][0][1].decode()
check("multipart/report" in report and "Action: failed" in report and "5.1.1" in report, "a notification of failure")
client.logout()

# POP3, to keep: nothing changes, and one session has the maildrop.
first = pop3()
check(first.stat()[0] == 2, "two messages by POP3")
retrieved = b"\r\n".join(first.retr(1)[1]) + b"\r\n"
check(retrieved.decode().endswith("\r\n\r\n" + BODY), "the body as it was sent")
try:
    pop3()
    sys.exit("two sessions had one maildrop")
except poplib.error_proto as error:
    check(b"IN-USE" in error.args[0], "[IN-USE]")
first.quit()

# IMAP, two devices: what one does, the other sees.
office, home = imap(bob_host, bob), imap(bob_host, bob)
office.select("INBOX")
home.select("INBOX")
office.store("1", "+FLAGS", r"(\Seen \Flagged)")
office.create("Projects/2026")
office.copy("2", "Projects/2026")
home.noop()
flags = home.fetch("1", "(FLAGS)")[1][0].decode()
check("\\Seen" in flags and "\\Flagged" in flags, "flags set on another device")
check(any(b'"Projects/2026"' in line or b" Projects/2026" in line for line in home.list()[1]), "a folder made there")
check(home.search(None, "SUBJECT", "second")[1] == [b"2"], "a search")
home.append("Drafts", r"(\Draft)", imaplib.Time2Internaldate(time.time()), b"Subject: draft\r\n\r\nnot yet\r\n")
check(office.status("Drafts", "(MESSAGES)")[1][0].endswith(b"(MESSAGES 1)"), "a draft saved on another device")
office.logout()
home.logout()

# POP3, to delete: after QUIT the message is gone for everybody.
client = pop3()
client.dele(1)
client.quit()
check(await_messages(bob_host, bob, 1) == 1, "one message is left")
print("all as expected")
