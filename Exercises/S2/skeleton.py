from socket import *


def smtp_client(port=1025, mailserver="127.0.0.1"):
    msg = "\r\nI love computer networks!"
    endmsg = "\r\n.\r\n"

    # Create a socket called clientSocket and connect it to the mail server at the port.

    # Read the server's greeting; it begins with 220.

    # Send HELO and read the reply.

    # Send MAIL FROM and read the reply. If the code is not 250, say QUIT and leave.

    # Send RCPT TO and read the reply.

    # Send DATA and read the reply.

    # Send the header, an empty line, the body, and the end of the message; then read the reply.

    # Send QUIT, read the reply, and close the socket.


if __name__ == "__main__":
    smtp_client(1025, "127.0.0.1")
