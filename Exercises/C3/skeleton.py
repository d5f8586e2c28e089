import socket
import sys


def read_line(lines):
    """Reads one line."""


def main(host, port, user, password):
    sock = socket.create_connection((host, port))
    # LOGIN, SELECT INBOX, FETCH 1 BODY[], LOGOUT, each with its tag.
    sock.close()


main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])
