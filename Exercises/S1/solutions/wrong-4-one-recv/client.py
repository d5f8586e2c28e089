import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
greeting = sock.recv(1024)
if greeting.startswith(b"2"):
    sock.sendall(b"HELO student.example.com\r\n")
    print(sock.recv(1024))
sock.sendall(b"QUIT\r\n")
print(sock.recv(1024))
sock.close()
