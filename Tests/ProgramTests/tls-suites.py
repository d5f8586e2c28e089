#!/usr/bin/env python3
"""tls-suites.py PROGRAM FOLDER: every cipher suite that Python's OpenSSL speaks, read live with its secrets.

A POP3 server and its clients speak TLS through `PROGRAM capture --proxy --key-log`, one connection after another: TLS
1.0 to 1.3, with the digest of the clear text and of the encrypted one (RFC 7366), and with resumed sessions. What the
program says of each must be what was said. The packets that it keeps must say the same when they are read again.
"""

import json
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import warnings

warnings.simplefilter("ignore")
program, folder = sys.argv[1:3]
keys = os.path.join(folder, "keys")
NO_ENCRYPT_THEN_MAC = 0x80000
VERSIONS = {
    "TLS 1.0": ssl.TLSVersion.TLSv1,
    "TLS 1.1": ssl.TLSVersion.TLSv1_1,
    "TLS 1.2": ssl.TLSVersion.TLSv1_2,
    "TLS 1.3": ssl.TLSVersion.TLSv1_3,
}
LINES = [f"line {number} of the message" for number in range(1500)]


def make_certificate(name, algorithm):
    key, certificate = (os.path.join(folder, name + suffix) for suffix in (".key", ".pem"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", *algorithm, "-nodes", "-keyout", key, "-out", certificate,
         "-days", "2", "-subj", "/CN=mail.example"], check=True, capture_output=True)
    return certificate, key


server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
for name, algorithm in {"rsa": ["rsa:2048"], "ec": ["ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]}.items():
    server_context.load_cert_chain(*make_certificate(name, algorithm))
server_context.set_ciphers("ALL:@SECLEVEL=0")
server_context.minimum_version = ssl.TLSVersion.TLSv1
listener = socket.create_server(("127.0.0.1", 0))


def serve():
    while True:
        connection, _ = listener.accept()
        try:
            with server_context.wrap_socket(connection, server_side=True) as secure:
                speak(secure.makefile("rwb"))
                secure.unwrap()
        except (ssl.SSLError, OSError):
            connection.close()


def speak(stream):
    def say(text):
        stream.write(text.encode() + b"\r\n")
        stream.flush()

    say("+OK ready")
    for line in stream:
        word = line.split()[0].upper()
        if word == b"RETR":
            say("\r\n".join(["+OK", "Subject: inside", ""] + LINES + ["."]))
        else:
            say("+OK")
        if word == b"QUIT":
            return


def client_context(version, suite, options):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = context.maximum_version = VERSIONS[version]
    context.set_ciphers((suite or "ALL") + ":@SECLEVEL=0")
    context.options |= options
    context.keylog_filename = keys
    return context


def talk(context, port, password, session=None):
    """One conversation; what was agreed on, and the session to resume."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
        with context.wrap_socket(plain, server_hostname="mail.example", session=session) as secure:
            stream = secure.makefile("rwb")
            stream.readline()
            for line in ["USER alice", "PASS " + password, "RETR 1", "QUIT"]:
                stream.write(line.encode() + b"\r\n")
                stream.flush()
                stream.readline()
                while line.startswith("RETR") and stream.readline() != b".\r\n":
                    pass
            agreed = secure.cipher()[0], secure.session, secure.session_reused
            secure.unwrap()
            return agreed


def iana(name):
    """OpenSSL's name of a suite in IANA's spelling."""
    run = subprocess.run(["openssl", "ciphers", "-stdname", name + ":@SECLEVEL=0"], capture_output=True, text=True)
    found = re.search(rf"^(\S+)\s+- {re.escape(name)}\s", run.stdout, re.MULTILINE)
    return found.group(1) if found else name


threading.Thread(target=serve, daemon=True).start()
packets = os.path.join(folder, "packets.pcapng")
target = "127.0.0.1:%d" % listener.getsockname()[1]
capture = subprocess.Popen(
    [program, "capture", "--proxy", "127.0.0.1:0=" + target, "--format", "ndjson", "--key-log", keys, "-w", packets],
    stdout=open(os.path.join(folder, "live"), "wb"), stderr=subprocess.PIPE, text=True)
port = None
while port is None:
    line = capture.stderr.readline()
    if not line:
        sys.exit("the capture did not begin")
    found = re.search(r"listening on 127\.0\.0\.1:(\d+) ", line)
    port = int(found.group(1)) if found else None

suites = subprocess.run(
    ["openssl", "ciphers", "-s", "-tls1_2", "ALL:NULL:!PSK:!SRP:!ARIA:!aNULL:!kDHE:!DSS:@SECLEVEL=0"],
    capture_output=True, text=True, check=True).stdout.strip().split(":")
expected = {}
for version in VERSIONS:
    for suite in suites if version != "TLS 1.3" else [None]:
        if version in ("TLS 1.0", "TLS 1.1") and re.search("GCM|CCM|POLY|SHA256|SHA384", suite):
            continue
        for options in (0, NO_ENCRYPT_THEN_MAC):
            password = f"word-{len(expected)}"
            try:
                agreed, session, _ = talk(context := client_context(version, suite, options), port, password)
            except ssl.SSLError:
                # A suite for which this server has no key, or that this library refuses.
                continue
            expected[password] = version, iana(agreed)
            if options:
                password += "-resumed"
                if talk(context, port, password, session)[2]:
                    expected[password] = version, iana(agreed)
capture.send_signal(signal.SIGINT)
capture.communicate()

again = subprocess.run(
    [program, "analyze", "--format", "ndjson", "-o", "tls.keylog_file:" + keys, packets], capture_output=True, check=True)
with open(os.path.join(folder, "live"), "rb") as file:
    sources = {"live": file.read(), "the file": again.stdout}
faults = []
for source, text in sources.items():
    found = {}
    for line in text.splitlines():
        conversation = json.loads(line)
        logins = conversation["credentials"]
        if not logins:
            continue
        message = conversation["messages"][0]
        protection = conversation["protection"]
        decryption = protection["decryption"]
        found[logins[0]["password"]] = protection["version"], protection["cipherSuite"]
        octets = len("\r\n".join(["Subject: inside", ""] + LINES + [""]).encode())
        if message["byteCount"] != octets or not message["isComplete"] or "obstacle" in decryption:
            faults.append(f"{source}: {logins[0]['password']}: {message['byteCount']} octets, {decryption}")
    faults += [f"{source}: {name}: {found.get(name)} for {agreed}" for name, agreed in expected.items()
               if found.get(name) != agreed]
    faults += [f"{source}: {name}, which nobody said" for name in found.keys() - expected.keys()]
for fault in faults[:20]:
    print(fault)
print(len(expected), "connections,", len(set(expected.values())), "versions and suites,",
      sum("resumed" in name for name in expected), "resumed")
sys.exit(1 if faults or len(expected) < 20 else 0)
