from socket import *


def smtp_client(port=1025, mailserver="127.0.0.1"):
    msg = "\r\nI love computer networks!"
    endmsg = "\r\n.\r\n"
    clientSocket = socket(AF_INET, SOCK_STREAM)
    clientSocket.connect((mailserver, port))
    recv = clientSocket.recv(1024).decode()
    for command in ["HELO Alice", "MAIL FROM:<alice@example.com>", "RCPT TO:<bob@example.org>", "DATA"]:
        clientSocket.send((command + "\r\n").encode())
        recv = clientSocket.recv(1024).decode()
        print(recv)
        if recv[:1] not in "23":
            break
    else:
        clientSocket.send(msg.encode())
        clientSocket.send(endmsg.encode())
        print(clientSocket.recv(1024).decode())
    clientSocket.send("QUIT\r\n".encode())
    print(clientSocket.recv(1024).decode())
    clientSocket.close()


if __name__ == "__main__":
    smtp_client(1025, "127.0.0.1")
