import socket
import sys


def read_reply(sock):
    """Reads one whole reply and returns its code."""


def main(host, port):
    sock = socket.create_connection((host, port))
    # Greeting, EHLO, NOOP, QUIT: read the whole reply each time.
    sock.close()


main(sys.argv[1], int(sys.argv[2]))
