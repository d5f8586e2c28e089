"""Alice and Bob with the mail programs that people use, unmodified: msmtp, mutt, s-nail, fetchmail, mpop, getmail, mbsync.

The arguments are the program and a folder for the lab. A program that is not installed is told, and left out; with
MAILWIRE_REQUIRE_PEERS=1 it is a failure.
"""
import email
import json
import os
import shutil
import subprocess
import sys
import time

program, folder = sys.argv[1:]
home = f"{folder}/home"
os.makedirs(home)
environment = {**os.environ, "HOME": home, "MAILRC": "/dev/null", "LC_ALL": "C.UTF-8"}
BODY = "Dear Bob,\n.a line with a dot\n..\ngr\u00fc\u00dfe\n"


def check(holds, what):
    if not holds:
        raise SystemExit(f"not as expected: {what}")


def has(name):
    if shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin"):
        return True
    check(os.environ.get("MAILWIRE_REQUIRE_PEERS") != "1", f"{name} is not installed")
    print(f"{name} is not installed: not tried")
    return False


def run(*command, input=None, statuses=(0,)):
    result = subprocess.run(command, input=input, text=True, capture_output=True, env=environment, timeout=60)
    check(result.returncode in statuses, f"{' '.join(command)}: status {result.returncode} {result.stdout}{result.stderr}")
    return result.stdout + result.stderr


def write(name, text):
    path = f"{home}/{name}"
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o600)
    return path


lab = subprocess.Popen([program, "lab", "up", "--dir", folder, "--base-port", "0", "--json", "--time-scale", "0.01"],
                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
try:
    alices, bobs = json.loads(lab.stdout.readline())["machines"]
    alice, bob = alices["users"][0], bobs["users"][0]
    write("ca.pem", subprocess.run([program, "lab", "ca", "--dir", folder], capture_output=True, text=True).stdout)
    submission, submissions = alices["ports"]["submission"], alices["ports"]["submissions"]
    subjects = []

    def message(subject):
        subjects.append(subject)
        return f"From: {alice['name']}\nTo: {bob['name']}\nSubject: {subject}\nMIME-Version: 1.0\n" \
               f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{BODY}"

    # --- Sending.
    if has("msmtp"):
        for name, port, tls in (("clear", submission, "tls off"), ("STARTTLS", submission, "tls on\ntls_starttls on"),
                                ("TLS", submissions, "tls on\ntls_starttls off")):
            path = write("msmtprc", f"account default\nhost {alices['address']}\nport {port}\nauth on\nuser {alice['name']}\n"
                                    f"password {alice['password']}\nfrom {alice['name']}\n{tls}\n"
                                    f"tls_trust_file {home}/ca.pem\n")
            run("msmtp", "-C", path, bob["name"], input=message(f"msmtp, {name}"))
    if has("mutt"):
        path = write("muttrc", f"set smtp_url=\"smtp://{alice['name'].replace('@', '%40')}:{alice['password']}@{alices['address']}:{submission}\"\n"
                               f"set from={alice['name']}\nset ssl_starttls=no\nset ssl_force_tls=no\nset copy=no\n"
                               f"set use_envelope_from=yes\nset send_charset=utf-8\nset smtp_authenticators=login\n")
        subjects.append("mutt")
        run("mutt", "-F", path, "-s", "mutt", bob["name"], input=BODY)
    if has("s-nail"):
        user = alice["name"].replace("@", "%40")
        subjects.append("s-nail")
        run("s-nail", "-n", "-S", "v15-compat", "-S", f"mta=smtp://{user}:{alice['password']}@{alices['address']}:{submission}",
            "-S", "smtp-auth=plain", "-S", f"from={alice['name']}", "-S", "sendwait", "-S", "sendcharsets=utf-8",
            "-S", "ttycharset=utf-8", "-s", "s-nail", bob["name"], input=BODY)
    check(len(subjects) > 0, "something was sent")

    # --- Bob's mailbox, when all has come.
    def count():
        status = subprocess.run([program, "lab", "status", "--json", "--dir", folder], capture_output=True, check=True)
        return sum(m["messages"] for h in json.loads(status.stdout)["hosts"] for m in h["mailboxes"] if m["account"] == bob["name"])
    for _ in range(600):
        if count() == len(subjects):
            break
        time.sleep(0.05)
    check(count() == len(subjects), f"{count()} of {len(subjects)} messages have come")

    def expect(texts, reader):
        """The messages that a program has fetched."""
        found = {}
        for text in texts:
            parsed = email.message_from_bytes(text)
            body = parsed.get_payload(decode=True).decode().replace("\r\n", "\n")
            found[parsed["Subject"]] = body
        check(sorted(found) == sorted(subjects), f"{reader}: {sorted(found)}")
        for subject, body in found.items():
            check(body.rstrip("\n") == BODY.rstrip("\n"), f"{reader}, {subject}: {body!r}")

    def maildir(path):
        for place in ("cur", "new", "tmp"):
            os.makedirs(f"{home}/{path}/{place}", exist_ok=True)
        return f"{home}/{path}"

    def texts(path):
        return [open(f"{path}/{place}/{name}", "rb").read() for place in ("cur", "new") for name in os.listdir(f"{path}/{place}")]

    # --- IMAP, both ways.
    if has("mbsync"):
        path = maildir("mbsync/INBOX")
        config = write("mbsyncrc", f"""IMAPAccount bob
Host {bobs['address']}
Port {bobs['ports']['imap']}
User {bob['name']}
Pass {bob['password']}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account bob

MaildirStore near
Path {home}/mbsync/
Inbox {path}
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Both
Expunge Both
SyncState *
""")
        run("mbsync", "-c", config, "all")
        expect(texts(path), "mbsync")
        check(os.path.isdir(f"{home}/mbsync/Drafts"), "folders come along")
        # What is flagged, removed and made here is so at the server.
        files = sorted(os.listdir(f"{path}/cur") + os.listdir(f"{path}/new"))
        place = "new" if os.path.exists(f"{path}/new/{files[0]}") else "cur"
        os.rename(f"{path}/{place}/{files[0]}", f"{path}/cur/{files[0].split(':')[0]}:2,FS")
        maildir("mbsync/Made here")
        run("mbsync", "-c", config, "all")
        status = json.loads(subprocess.run([program, "lab", "status", "--json", "--dir", folder], capture_output=True).stdout)
        boxes = {m["folder"]: m for h in status["hosts"] for m in h["mailboxes"] if m["account"] == bob["name"]}
        check(boxes["INBOX"]["unseen"] == len(subjects) - 1, "a flag set by mbsync")
        check("Made here" in boxes, f"a folder made by mbsync: {list(boxes)}")
        check("Nothing" not in run("mbsync", "-V", "-c", config, "all"), "a third time changes nothing")
    # --- POP3, to keep.
    if has("mpop"):
        path = maildir("mpop")
        for tls, port in (("tls off", "pop3"), ("tls on\ntls_starttls on", "pop3"), ("tls on\ntls_starttls off", "pop3s")):
            config = write("mpoprc", f"account default\nhost {bobs['address']}\nport {bobs['ports'][port]}\nuser {bob['name']}\n"
                                     f"password {bob['password']}\nauth on\nkeep on\n{tls}\ntls_trust_file {home}/ca.pem\n"
                                     f"delivery maildir {path}\nuidls_file {home}/uidls-{port}\n")
            run("mpop", "-C", config)
            if tls == "tls off":
                expect(texts(path), "mpop")
    if has("getmail"):
        path = maildir("getmail")
        os.makedirs(f"{home}/.getmail", exist_ok=True)
        # It delivers nothing as root.
        as_nobody = []
        if os.geteuid() == 0:
            as_nobody = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
            for place in (path, f"{path}/cur", f"{path}/new", f"{path}/tmp", f"{home}/.getmail"):
                shutil.chown(place, "nobody", "nogroup")
            os.chmod(folder, 0o755)
        for kind, service in (("SimplePOP3Retriever", "pop3"), ("SimpleIMAPRetriever", "imap")):
            config = write(".getmail/getmailrc", f"[retriever]\ntype = {kind}\nserver = {bobs['address']}\nport = {bobs['ports'][service]}\n"
                                                 f"username = {bob['name']}\npassword = {bob['password']}\n[destination]\ntype = Maildir\n"
                                                 f"path = {path}/\n[options]\ndelete = false\nread_all = true\n")
            if as_nobody:
                shutil.chown(config, "nobody", "nogroup")
            run(*as_nobody, "getmail", "--getmaildir", f"{home}/.getmail", "--rcfile", config)
        check(len(texts(path)) == 2 * len(subjects), "getmail by POP3 and by IMAP")
        expect(texts(path), "getmail")
    check(count() == len(subjects), "what is kept is there")
    # --- POP3, to delete.
    if has("fetchmail"):
        path = f"{home}/fetched"
        config = write("fetchmailrc", f"poll {bobs['address']} protocol pop3 port {bobs['ports']['pop3']} auth password username \"{bob['name']}\" "
                                      f"password \"{bob['password']}\" fetchall nokeep sslproto '' mda \"/bin/sh -c 'cat >> {path}; echo ====END==== >> {path}'\"\n")
        run("fetchmail", "-f", config, "--nosyslog", "--pidfile", f"{home}/fetchmail.pid")
        octets = open(path, "rb").read()
        expect([part.lstrip(b"\n") for part in octets.split(b"====END====\n") if part.strip()], "fetchmail")
        check(count() == 0, "what was fetched is gone")
    print("all as expected")
finally:
    lab.terminate()
    lab.wait(30)
