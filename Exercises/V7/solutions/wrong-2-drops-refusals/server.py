import email.utils
import queue
import socket
import sys
import threading
import time

NAME = "relay.example.com"
waiting = queue.Queue()


class Refused(Exception):
    """The next server has said no: for now with 4yz, for ever with 5yz."""

    def __init__(self, reply):
        super().__init__(reply)
        self.is_final = reply.startswith("5")


def serve(conn):
    lines = conn.makefile("rb")

    def say(text):
        conn.sendall((text + "\r\n").encode())

    sender, recipients = None, []
    try:
        say(f"220 {NAME} ready")
        for line in lines:
            text = line.decode("latin-1").strip()
            verb = text[:4].upper()
            if verb in ("EHLO", "HELO"):
                say(f"250 {NAME}")
            elif verb == "MAIL":
                sender, recipients = text.split("<")[1].split(">")[0], []
                say("250 Sender ok")
            elif verb == "RCPT" and sender is not None:
                recipients.append(text.split("<")[1].split(">")[0])
                say("250 Recipient ok")
            elif verb == "DATA" and recipients:
                say("354 Go on, and end with a dot")
                message = []
                for line in lines:
                    line = line.rstrip(b"\r\n")
                    if line == b".":
                        break
                    message.append(line[1:] if line.startswith(b".") else line)
                trace = f"Received: from client by {NAME} with SMTP; {email.utils.formatdate()}"
                for recipient in recipients:
                    waiting.put((sender, recipient, [trace.encode()] + message))
                say("250 Kept")
                sender, recipients = None, []
            elif verb in ("NOOP", "RSET"):
                say("250 Fine")
            elif verb == "QUIT":
                say("221 Bye")
                break
            else:
                say("503 Not now")
    except OSError:
        pass
    finally:
        lines.close()
        conn.close()


def send(place, sender, recipient, message):
    with socket.create_connection(place, 10) as sock, sock.makefile("rb") as lines:

        def hear(wanted):
            while True:
                line = lines.readline().decode("latin-1")
                if line[3:4] != "-":
                    break
            if not line.startswith(wanted):
                if line:
                    sock.sendall(b"QUIT\r\n")
                    lines.readline()
                raise Refused(line)

        def say(text, wanted):
            sock.sendall(text.encode() + b"\r\n")
            hear(wanted)

        hear("2")
        say(f"HELO {NAME}", "2")
        say(f"MAIL FROM:<{sender}>", "2")
        say(f"RCPT TO:<{recipient}>", "2")
        say("DATA", "3")
        for line in message:
            sock.sendall((b"." if line.startswith(b".") else b"") + line + b"\r\n")
        say(".", "2")
        say("QUIT", "2")


def deliver(place, seconds):
    while True:
        sender, recipient, message = waiting.get()
        try:
            send(place, sender, recipient, message)
        except (OSError, Refused) as error:
            if not getattr(error, "is_final", False):
                time.sleep(seconds)
                waiting.put((sender, recipient, message))


def notice(sender, recipient, error):
    text = f"""From: MAILER-DAEMON@{NAME}
To: {sender}
Date: {email.utils.formatdate()}
Subject: Your message was not delivered

{recipient}: {str(error).strip()}"""
    return text.encode().split(b"\n")


def main(host, port, next_host, next_port, seconds):
    threading.Thread(target=deliver, args=((next_host, next_port), seconds), daemon=True).start()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=serve, args=(conn,), daemon=True).start()


main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
