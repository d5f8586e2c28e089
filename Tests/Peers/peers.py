"""Mail servers from Debian, each in a folder of its own on a loopback address, for tests and benchmarks.

    with Postfix("127.0.0.5", 2601, "b.example", mailboxes=["bob"]) as postfix: …
    with Dovecot("127.0.0.6", 2602, {"bob": "secret"}) as dovecot: …

Both need root, as their own packages do; nothing else on the machine is touched.
"""
import os
import shutil
import socket
import subprocess
import tempfile
import time

os.environ["PATH"] += ":/usr/sbin:/sbin"


def free_port(address="127.0.0.1"):
    with socket.socket() as s:
        s.bind((address, 0))
        return s.getsockname()[1]


def await_true(what, holds, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.02)
    raise SystemExit(f"never: {what}")


def answers(address, port):
    try:
        socket.create_connection((address, port), timeout=1).close()
        return True
    except OSError:
        return False


class Server:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="mw-peer-", dir="/tmp")
        os.chmod(self.folder, 0o755)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(text)
        return path

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()


class Postfix(Server):
    """Takes mail for `domain` into Maildirs, and relays the rest by `transport`, a dictionary of domains and servers."""

    def __init__(self, address, port, domain, mailboxes=(), transport=None, settings=""):
        super().__init__()
        self.address, self.port, self.domain = address, port, domain
        self.mailboxes, self.transport, self.settings = mailboxes, transport or {}, settings
        self.isRunning = False

    def start(self):
        f = self.folder
        for name in ("queue", "data", "log", "mail"):
            os.makedirs(f"{f}/{name}", exist_ok=True)
        shutil.chown(f"{f}/data", "postfix")
        shutil.chown(f"{f}/mail", "nobody")
        routes = "".join(f"{domain} smtp:[{host}]:{port}\n" for domain, (host, port) in self.transport.items())
        self.write("etc/transport", routes)
        self.write("etc/mailboxes", "".join(f"{name}@{self.domain} {name}/\n" for name in self.mailboxes))
        self.write(
            "etc/main.cf",
            f"""compatibility_level = 3.6
queue_directory = {f}/queue
data_directory = {f}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {f}/log/mail.log
maillog_file_prefixes = /tmp
myhostname = mail.{self.domain}
mydomain = {self.domain}
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtp_bind_address = {self.address}
alias_maps =
alias_database =
local_recipient_maps =
biff = no
virtual_mailbox_domains = {self.domain}
virtual_mailbox_maps = texthash:{f}/etc/mailboxes
virtual_mailbox_base = {f}/mail
virtual_uid_maps = static:{__import__("pwd").getpwnam("nobody").pw_uid}
virtual_gid_maps = static:{__import__("grp").getgrnam("nogroup").gr_gid}
virtual_minimum_uid = 1
transport_maps = texthash:{f}/etc/transport
smtp_host_lookup = native
disable_dns_lookups = yes
smtpd_peername_lookup = no
default_process_limit = 100
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME
{self.settings}
""",
        )
        services = """postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""
        self.write("etc/master.cf", f"{self.address}:{self.port} inet n - n - - smtpd\n{services}")
        # Without a terminal it fails and says nothing.
        run = subprocess.run(
            ["script", "--quiet", "--return", "--command", f"postfix -c {f}/etc start", f"{f}/start"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )
        if run.returncode:
            raise SystemExit(f"Postfix does not start: {open(f'{f}/start').read()}")
        self.isRunning = True
        await_true("Postfix answers", lambda: answers(self.address, self.port))

    def messages(self, name):
        """The messages in a mailbox, as octets with LF."""
        texts = []
        for place in ("new", "cur"):
            folder = f"{self.folder}/mail/{name}/{place}"
            for file in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
                with open(f"{folder}/{file}", "rb") as message:
                    texts.append(message.read())
        return texts

    def log(self):
        path = f"{self.folder}/log/mail.log"
        return open(path).read() if os.path.exists(path) else ""

    def stop(self):
        if self.isRunning:
            subprocess.run(["postfix", "-c", f"{self.folder}/etc", "stop"], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


class Dovecot(Server):
    """IMAP on `port`, POP3 on the next; users with passwords, mailboxes as Maildirs in `maildir/USER`, a copy that may be
    given away."""

    def __init__(self, address, port, users, maildir=None):
        super().__init__()
        self.address, self.port, self.users = address, port, users
        self.maildir = maildir or f"{self.folder}/mail"
        self.process = None

    def start(self):
        f = self.folder
        for name in ("run", "lib", "log", "mail"):
            os.makedirs(f"{f}/{name}", exist_ok=True)
        self.write("users", "".join(f"{name}:{{PLAIN}}{word}\n" for name, word in self.users.items()))
        # Dovecot reads no mail as root, so the mail becomes nobody's.
        for root, folders, files in os.walk(self.maildir):
            for name in folders + files:
                shutil.chown(os.path.join(root, name), "nobody", "nogroup")
        shutil.chown(self.maildir, "nobody", "nogroup")
        os.chmod(self.maildir, 0o755)
        owner = os.stat(self.maildir)
        path = self.write(
            "dovecot.conf",
            f"""base_dir = {f}/run
state_dir = {f}/lib
instance_name = {os.path.basename(f)}
protocols = imap pop3
listen = {self.address}
log_path = {f}/log/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{self.maildir}/%u:INDEX={f}/lib/index/%u
first_valid_uid = 0
first_valid_gid = 0
default_vsz_limit = 0
namespace inbox {{
  inbox = yes
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {f}/users
}}
userdb {{
  driver = static
  args = uid={owner.st_uid} gid={owner.st_gid} home={f}/lib/home/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {self.port + 1}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
""",
        )
        os.chmod(f"{f}/lib", 0o777)
        self.process = subprocess.Popen(
            ["dovecot", "-c", path, "-F"], stdin=subprocess.DEVNULL, stderr=open(f"{f}/errors", "w"))
        await_true("Dovecot answers", lambda: self.process.poll() is not None or answers(self.address, self.port))
        if self.process.poll() is not None:
            raise SystemExit(f"Dovecot does not start: {open(f'{f}/errors').read()}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                # It waits for clients that are still there.
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
