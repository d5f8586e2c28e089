import socket
import sys


def main(host, port):
    # Connect to the server.
    sock = socket.create_connection((host, port))

    # Read the greeting. A reply may have several lines, and may come in pieces.

    # Say HELO student.example.com, and read the reply.

    # Say QUIT, and read the reply.

    sock.close()


main(sys.argv[1], int(sys.argv[2]))
