import socket
import sys

MAILBOX = ["Subject: One\n\n.a dot\nBye", "Subject: Two\n\nHello"]


def serve(conn):
    # Say +OK; then read lines, and answer each, until QUIT.
    conn.close()


def main(host, port):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    while True:
        conn, address = listener.accept()
        serve(conn)


main(sys.argv[1], int(sys.argv[2]))
