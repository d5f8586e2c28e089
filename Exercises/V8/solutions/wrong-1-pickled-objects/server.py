import pickle
import socket
import sys

listener = socket.socket()
listener.bind((sys.argv[1], int(sys.argv[2])))
listener.listen()
while True:
    conn, address = listener.accept()
    pipe = conn.makefile("rwb")
    command = [""]
    while command[0] != "QUIT":
        command = pickle.load(pipe)
        pickle.dump((250, "ok"), pipe)
        pipe.flush()
    conn.close()
