import base64
import socket
import ssl
import sys


def read_reply(sock):
    """Reads one whole reply and returns its lines."""


def main(host, port, name, user, password):
    sock = socket.create_connection((host, port))
    # The greeting, EHLO, STARTTLS; then TLS on the same socket.
    # Inside TLS: EHLO again, AUTH PLAIN, the message, QUIT.
    sock.close()


main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], sys.argv[5])
