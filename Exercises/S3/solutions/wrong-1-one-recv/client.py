import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print(sock.recv(1024))
for command in (b"EHLO student.example.com", b"NOOP", b"QUIT"):
    sock.sendall(command + b"\r\n")
    print(sock.recv(1024))
sock.close()
