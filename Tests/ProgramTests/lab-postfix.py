"""Mail between a lab and a real Postfix, both ways, and reports of both about what they could not deliver.

The arguments are the program and a folder for the lab. It ends with status 0 if everything is as a user would expect.
"""
import email
import email.policy
import imaplib
import json
import os
import smtplib
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "Peers"))
from peers import Postfix, await_true, free_port  # noqa: E402

program, folder = sys.argv[1:]
port = free_port("127.0.0.5")


def check(holds, what):
    if not holds:
        raise SystemExit(f"not as expected: {what}")


lab = subprocess.Popen(
    [program, "lab", "up", "--dir", folder, "--base-port", "0", "--json", "--time-scale", "0.01",
     "--route", f"b.example=127.0.0.5:{port}"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)


def inbox(machine):
    user = machine["users"][0]
    client = imaplib.IMAP4(machine["address"], machine["ports"]["imap"], timeout=20)
    client.login(user["name"], user["password"])
    client.select("INBOX", readonly=True)
    parts = client.fetch("1:*", "(BODY.PEEK[])")[1]
    client.logout()
    return [part[1] for part in parts if isinstance(part, tuple)]


def submit(sender, recipients, message, options=()):
    with smtplib.SMTP(alices["address"], alices["ports"]["submission"], timeout=20) as smtp:
        smtp.login(alice["name"], alice["password"])
        smtp.ehlo_or_helo_if_needed()
        check(smtp.mail(sender, [])[0] == 250, "MAIL")
        for recipient in recipients:
            check(smtp.rcpt(recipient, options)[0] == 250, f"RCPT {recipient}")
        check(smtp.data(message)[0] == 250, "DATA")


def await_mail(what, messages, holds):
    found = []

    def look():
        found[:] = [m for m in messages() if holds(m)]
        return found
    await_true(what, look, 60)
    return found[0]


def report(octets):
    """A notification as Python's library reads it (RFC 3464): the fields of each recipient."""
    message = email.message_from_bytes(octets, policy=email.policy.default)
    check(message.get_content_type() == "multipart/report", "multipart/report")
    check(message.get_param("report-type") == "delivery-status", "report-type")
    parts = list(message.iter_parts())
    check([part.get_content_type() for part in parts][1] == "message/delivery-status", "message/delivery-status")
    check(parts[2].get_content_type() in ("message/rfc822", "text/rfc822-headers"), "what it is about")
    # The fields of the message, then those of each recipient.
    return [dict(block.items()) for block in parts[1].get_payload()]


try:
    alices, bobs = json.loads(lab.stdout.readline())["machines"]
    alice, bob = alices["users"][0], bobs["users"][0]
    # One after the other: Postfix knows where the lab is, and is down at first.
    submit(alice["name"], ["carol@b.example"], "Subject: early\r\n\r\nbefore Postfix runs\r\n")
    await_true("the lab has tried once", lambda: any(
        entry["attempts"] for host in json.loads(subprocess.run(
            [program, "lab", "status", "--json", "--dir", folder], capture_output=True).stdout)["hosts"]
        for entry in host["queue"]))
    with Postfix("127.0.0.5", port, "b.example", mailboxes=["carol"], transport={
            "someschool.edu": (bobs["address"], bobs["ports"]["relay"]),
            "example.org": (alices["address"], alices["ports"]["relay"])}) as postfix:
        await_mail("what waited for Postfix", lambda: postfix.messages("carol"), lambda m: b"before Postfix runs" in m)

        body = "\r\n".join(["dear Carol,", ".", "..dots", "", "gr\u00fc\u00dfe", "x" * 900]) + "\r\n"
        submit(alice["name"], ["carol@b.example"], f"Subject: out\r\n\r\n{body}".encode())
        message = await_mail("mail to Postfix", lambda: postfix.messages("carol"), lambda m: b"Subject: out" in m)
        check(message.replace(b"\n", b"\r\n").endswith(b"\r\n\r\n" + body.encode()), "the body, octet for octet")

        with smtplib.SMTP(postfix.address, postfix.port, timeout=20) as smtp:
            smtp.sendmail("carol@b.example", [bob["name"], alice["name"]], f"Subject: in\r\n\r\n{body}".encode())
        for machine in (alices, bobs):
            message = await_mail("mail from Postfix", lambda: inbox(machine), lambda m: b"Subject: in" in m)
            check(message.endswith(b"\r\n\r\n" + body.encode()), "the body, octet for octet")
            check(b"Return-Path: <carol@b.example>\r\n" in message, "Return-Path")

        # Postfix refuses; the lab reports to its own user.
        submit(alice["name"], ["nobody@b.example"], "Subject: lost\r\n\r\nx\r\n")
        message = await_mail("the lab's report", lambda: inbox(alices), lambda m: b"nobody@b.example" in m)
        fields = report(message)[1]
        check(fields["Action"] == "failed" and fields["Status"].startswith("5.1.1"), f"{fields}")
        check(fields["Final-Recipient"] == "rfc822; nobody@b.example", f"{fields}")
        check("550" in fields["Diagnostic-Code"], f"{fields}")

        # The lab's report goes to Postfix, whose user asked to be told that her message has come.
        with smtplib.SMTP(postfix.address, postfix.port, timeout=20) as smtp:
            smtp.sendmail("carol@b.example", [bob["name"]], "Subject: come?\r\n\r\nx\r\n", [], ["NOTIFY=SUCCESS"])
        message = await_mail("the report at Postfix", lambda: postfix.messages("carol"), lambda m: b"Action:" in m)
        check(message.startswith(b"Return-Path: <>\n"), "the null reverse-path")
        fields = report(message)[1]
        check(fields["Action"] == "delivered" and fields["Status"] == "2.0.0", f"{fields}")

        # Postfix's report about mail to the lab, and the one that was asked for.
        with smtplib.SMTP(postfix.address, postfix.port, timeout=20) as smtp:
            smtp.sendmail(alice["name"], ["nobody@someschool.edu"], "Subject: refused\r\n\r\nx\r\n")
        message = await_mail("Postfix's report", lambda: inbox(alices), lambda m: b"MAILER-DAEMON@mail.b.example" in m)
        check(report(message)[1]["Action"] == "failed", "Postfix's report says what the lab refused")
        submit(alice["name"], ["carol@b.example"], "Subject: tell me\r\n\r\nx\r\n", ["NOTIFY=SUCCESS"])
        message = await_mail("the report of success", lambda: inbox(alices), lambda m: b"Action: delivered" in m)
        check(report(message)[1]["Action"] == "delivered", "delivered, says Postfix")
    print("all as expected")
finally:
    lab.terminate()
    lab.wait(30)
