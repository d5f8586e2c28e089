import queue
import socket
import sys
import threading

waiting = queue.Queue()  # what was taken and not yet passed on: (sender, recipient, lines)


def serve(conn):
    """One client's conversation; puts what it takes into the queue."""
    conn.close()


def deliver(next_host, next_port, seconds):
    """Takes messages from the queue, one by one, and brings them to the next server."""


def main(host, port, next_host, next_port, seconds):
    threading.Thread(target=deliver, args=(next_host, next_port, seconds), daemon=True).start()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen()
    while True:
        conn, _ = listener.accept()
        threading.Thread(target=serve, args=(conn,), daemon=True).start()


main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
