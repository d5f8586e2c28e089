"""Other domains by DNS: the lab, a name server and a mail server in a network of their own, where nothing leads out.

The arguments are the program and a folder for the lab. It starts itself anew in that network.
"""
import glob
import json
import os
import smtplib
import subprocess
import sys
import time

program, folder = sys.argv[1:3]
os.environ["PATH"] += ":/usr/sbin:/sbin"
if len(sys.argv) == 3:
    unshare = ["unshare", "--net", "--mount"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])
    os.execvp("unshare", unshare + [sys.executable, *sys.argv, "within"])


def check(holds, what):
    if not holds:
        raise SystemExit(f"not as expected: {what}")


subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
with open(f"{folder}/resolv.conf", "w") as file:
    file.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
subprocess.run(["mount", "--bind", f"{folder}/resolv.conf", "/etc/resolv.conf"], check=True)
os.makedirs(f"{folder}/sunk")
os.chmod(f"{folder}/sunk", 0o777)
processes = []


def start(*command):
    processes.append(subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))
    return processes[-1]


try:
    start("dnsmasq", "-k", "--conf-file=/dev/null", "--no-hosts", "--no-resolv", "--user=root", "--pid-file", "--listen-address=127.0.0.1",
          # The first of two servers is down; the second takes the mail.
          "--mx-host=b.example,down.b.example,5", "--mx-host=b.example,mx.b.example,10",
          "--host-record=mx.b.example,127.0.0.9", "--host-record=down.b.example,127.0.0.8",
          # A domain without MX is its own server; one takes no mail (RFC 7505).
          "--host-record=plain.example,127.0.0.9", "--mx-host=silent.example,.,0", "--local=/example/")
    start("smtp-sink", "-u", "root", "-c", "-d", f"{folder}/sunk/%M.", "127.0.0.9:25", "10")
    lab = subprocess.Popen([program, "lab", "up", "--dir", folder, "--base-port", "0", "--json", "--dns", "--time-scale", "0.001"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    processes.append(lab)
    alices = json.loads(lab.stdout.readline())["machines"][0]
    alice = alices["users"][0]
    with smtplib.SMTP(alices["address"], alices["ports"]["submission"], timeout=20) as smtp:
        smtp.login(alice["name"], alice["password"])
        for recipient in ("bob@b.example", "carol@plain.example", "dan@silent.example", "eve@nowhere.example"):
            smtp.sendmail(alice["name"], [recipient], f"Subject: to {recipient}\r\n\r\nx\r\n")

    def sunk():
        return "".join(open(name).read() for name in glob.glob(f"{folder}/sunk/*"))

    def reports():
        return "".join(open(name).read() for name in glob.glob(f"{folder}/{alices['host']}/mail/{alice['name']}/new/*"))
    for _ in range(400):
        if all(f"X-Rcpt-Args: <{name}>" in sunk() for name in ("bob@b.example", "carol@plain.example")) and \
                all(name in reports() for name in ("dan@silent.example", "eve@nowhere.example")):
            break
        time.sleep(0.05)
    check("<bob@b.example>" in sunk(), "by MX, to the server that is up")
    check("<carol@plain.example>" in sunk(), "without MX, to the domain itself")
    text = reports()
    check("5.1.10 silent.example takes no mail" in text, f"a null MX: {text}")
    check("5.1.2 There is no domain nowhere.example" in text, f"no such domain: {text}")
    print("all as expected")
finally:
    if lab.poll() is None and "lab" in dir():
        sys.stderr.write(subprocess.run([program, "lab", "queue", "--dir", folder], capture_output=True, text=True).stdout)
    for process in processes:
        process.terminate()
        process.wait(30)
