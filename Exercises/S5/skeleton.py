import socket
import sys


def read_reply(sock):
    """Reads one whole reply and returns its code."""


def main(host, port, user, password):
    sock = socket.create_connection((host, port))
    # EHLO, AUTH LOGIN, the user name, the password; then the message.
    sock.close()


main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])
