import socket
import sys


def read_reply(sock):
    """Reads one whole reply and returns its code."""


def main(host, port, recipients):
    sock = socket.create_connection((host, port))
    # One RCPT for each recipient; the message, if at least one was accepted.
    sock.close()


main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
