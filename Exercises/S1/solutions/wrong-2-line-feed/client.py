import socket
import sys


def read_reply(lines):
    """The code of a whole reply: the line with a space behind the code is the last one."""
    while True:
        line = lines.readline()
        if not line:
            sys.exit("the server has closed the connection")
        if line[3:4] != b"-":
            return line[:3].decode()


def say(sock, lines, command):
    sock.sendall((command + "\n").encode())
    return read_reply(lines)


def main(host, port):
    with socket.create_connection((host, port)) as sock:
        lines = sock.makefile("rb")
        if read_reply(lines) == "220":
            say(sock, lines, "HELO student.example.com")
        say(sock, lines, "QUIT")
        lines.close()


main(sys.argv[1], int(sys.argv[2]))
