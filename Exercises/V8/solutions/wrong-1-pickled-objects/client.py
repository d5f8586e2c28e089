import pickle
import socket
import sys

sock = socket.create_connection((sys.argv[1], int(sys.argv[2])))
pipe = sock.makefile("rwb")
for command in (["HELO", "me"], ["MAIL", "alice@example.com"], ["RCPT", "bob@example.org"], ["DATA", "Hello"], ["QUIT"]):
    pickle.dump(command, pipe)
    pipe.flush()
    print(pickle.load(pipe))
pipe.close()
sock.close()
