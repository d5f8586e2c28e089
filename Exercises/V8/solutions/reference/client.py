import email.utils
import socket
import sys


class Client:
    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port))
        self.lines = self.sock.makefile("rb")

    def reply(self):
        while True:
            line = self.lines.readline()
            if not line:
                sys.exit("the server has closed the connection")
            if line[3:4] != b"-":
                return line[:3].decode()

    def say(self, text):
        self.sock.sendall((text + "\r\n").encode())
        return self.reply()

    def close(self):
        self.say("QUIT")
        self.lines.close()
        self.sock.close()


def smtp_client(port=1025, mailserver="127.0.0.1"):
    client = Client(mailserver, port)
    commands = [
        ("HELO student.example.com", "250"),
        ("MAIL FROM:<alice@example.com>", "250"),
        ("RCPT TO:<bob@example.org>", "250"),
        ("DATA", "354"),
    ]
    if client.reply() == "220" and all(client.say(line) == code for line, code in commands):
        client.say(
            "From: Alice <alice@example.com>\r\n"
            "To: Bob <bob@example.org>\r\n"
            f"Date: {email.utils.formatdate()}\r\n"
            "Subject: Lunch\r\n"
            "\r\n"
            "I love computer networks!\r\n"
            "."
        )
    client.close()


if __name__ == "__main__":
    smtp_client(1025, "127.0.0.1")
