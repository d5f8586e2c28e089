import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
lines = sock.makefile("rb")
sock.sendall(b"HELO student.example.com\r\n")
print(lines.readline())
print(lines.readline())
sock.sendall(b"QUIT\r\n")
print(lines.readline())
lines.close()
sock.close()
