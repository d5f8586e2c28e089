extension WireRule {
  /// Three of growing help, where an exercise has none of its own.
  package var hints: [String] {
    switch self {
    case .connect:
      [
        "Look at what your program does with its arguments.", "The host is the first argument, the port the second.",
        "In Python: sock.connect((sys.argv[1], int(sys.argv[2]))).",
      ]
    case .waitGreeting:
      [
        "Who speaks first, the client or the server?", "Receive before you send anything.",
        "Right behind connect, read lines until one begins with three digits and a space.",
      ]
    case .waitReply:
      [
        "What does your program do between two commands?",
        "Write one function that sends a command and reads its reply.",
        "Read lines until one has a space behind its three digits; only then send the next command.",
      ]
    case .crlf:
      [
        "Look at the last octets of the line in the capture.", "The end of a line is two characters.",
        "Send (line + '\\r\\n').encode().",
      ]
    case .order:
      [
        "Compare the commands in the capture with a dialogue from the book.",
        "First HELO, then MAIL, then RCPT, then DATA.",
        "MAIL is said once for a message, RCPT once for each recipient.",
      ]
    case .syntax:
      [
        "Compare the command with the one in the standard, letter by letter.",
        "Look at what stands between FROM and the address.",
        "MAIL FROM:<alice@example.com> and RCPT TO:<bob@example.org>.",
      ]
    case .multiline:
      [
        "How much of a reply does one recv() bring?", "Look at the fourth character of each line of the reply.",
        "Collect octets until you have a whole line; go on while its fourth character is a hyphen.",
      ]
    case .code:
      [
        "What does your program do with the reply?", "Compare the first three characters, not the words.",
        "Only 2yz and 3yz mean yes. Behind 4yz or 5yz, do not go on with the message.",
      ]
    case .envelope:
      [
        "Which addresses does the task name?", "The sender is said with MAIL, each recipient with RCPT.",
        "One RCPT command for each recipient, before DATA.",
      ]
    case .end:
      [
        "How does the server know that the message is over?", "Look at the last five octets that your program sent.",
        "Behind the last line of the message, send '.\\r\\n'.",
      ]
    case .body:
      [
        "Compare the body in the capture with the one that you wanted to send.", "Look at lines that begin with a dot.",
        "If a line begins with '.', send one dot more in front of it.",
      ]
    case .headers:
      [
        "What does the receiver show above the text?", "The header comes first, one field in a line.",
        "From: …, To: …, Subject: …, Date: …, then an empty line, then the body.",
      ]
    case .auth:
      [
        "What does the server ask, and how often?", "Decode the server's 334 lines from base64.",
        "AUTH LOGIN; behind the first 334 the user name, behind the second the password, both in base64, each in one line.",
      ]
    case .quit:
      [
        "How does a telephone call end politely?", "The last command is QUIT, and it has a reply, too.",
        "Send QUIT, read 221, and only then close the socket.",
      ]
    case .limits:
      [
        "How long is your longest line?", "A command has at most 512 octets, a line of the message 1000.",
        "Break long lines, or encode them.",
      ]
    case .finish:
      [
        "What does your program wait for in the end?",
        "recv() returns nothing more (b'') when the other side has closed.",
        "Leave your loop when recv() returns b'', and close the socket at the end.",
      ]
    case .retry:
      [
        "What does the first digit of the reply tell?", "4 means: try again later. 5 means: do not try again.",
        "Behind a reply that begins with 4, wait a moment and say the command again; behind 5, say QUIT.",
      ]
    case .pauses:
      [
        "How much time lies between the refusal and the next try? The ladder tells.",
        "What may have changed at the server after a thousandth of a second?",
        "Sleep before the next try: in Python, time.sleep(seconds).",
      ]
    case .attachment:
      [
        "Which header field says that a message has parts?", "Content-Type: multipart/mixed with a boundary.",
        "Send the file in base64 in a part of its own, with Content-Transfer-Encoding: base64.",
      ]
    case .commands:
      [
        "Compare what your program says with what the task asks for.", "Each step of the task is a command.",
        "Look at the ladder: which command is missing, or comes too early?",
      ]
    case .tags:
      [
        "What is the first word of each command?", "Count your commands: a1, a2, a3.",
        "Use a counter that grows with each command.",
      ]
    case .listen:
      [
        "Which port does your server use?", "The host is the first argument, the port the second.",
        "sock.bind((sys.argv[1], int(sys.argv[2]))); sock.listen().",
      ]
    case .greets:
      [
        "Who speaks first?", "Send the greeting right behind accept().",
        "conn.sendall(b'220 mail.example.org ready\\r\\n').",
      ]
    case .answers:
      [
        "Look at which line got the wrong answer.",
        "Draw your server as states: which commands are allowed in which state?",
        "Each command has one reply: 250 done, 354 send the message, 500 not known, 501 wrong words, 503 not now.",
      ]
    case .replies:
      [
        "Compare your reply with one from the book.", "Three digits, a space, words, and the end of the line.",
        "Send f'{code} {text}\\r\\n'.encode().",
      ]
    case .together:
      [
        "What does your server do while a client is silent?",
        "accept() must be called again while the first client is served.",
        "Start a thread for each connection that accept() returns.",
      ]
    case .closes:
      [
        "What happens behind QUIT?", "Send 221, then close.", "conn.sendall(b'221 Bye\\r\\n'); conn.close().",
      ]
    case .restarts:
      [
        "Start your server, connect to it, end it while you are connected, and start it again: what does it say?",
        "bind() does not get a port of which a connection is still in TIME-WAIT, unless the socket is to reuse its address.",
        "Before bind: listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1). With socketserver: allow_reuse_address = True in your class.",
      ]
    case .prints:
      [
        "Compare what your program printed with the message in the capture.", "Look at lines that begin with a dot.",
        "Take one dot away from each line that begins with a dot, and stop at the line that is only a dot.",
      ]
    case .relay:
      [
        "Where is the message while the next server is away?",
        "Put what you have taken into a queue, and work on it in a thread.",
        "Try each message in the queue; when the connection or a reply says no for now, sleep and try it again.",
      ]
    case .trace:
      [
        "What stands at the top of a message that has travelled?", "Each server adds a line in front of the header.",
        "Put 'Received: from client by server; date' in front of the message before you pass it on.",
      ]
    case .bounce:
      [
        "Who knows that the message did not arrive?", "Behind 5yz, the message goes back to where it came from.",
        "Send a message with MAIL FROM:<> and RCPT TO:<the sender> to the next server, and say why in its text.",
      ]
    case .startTLS:
      [
        "What does the reply to EHLO offer?", "Say STARTTLS, read 220, and only then begin TLS.",
        "context.wrap_socket(sock, server_hostname=name), right behind 220.",
      ]
    case .greetsAgain:
      [
        "What does the server still know of you when TLS has begun?",
        "Inside TLS the dialogue begins anew, without a greeting.",
        "Behind wrap_socket, the first line is EHLO once more.",
      ]
    case .nothingSecretInClear:
      [
        "Can you read the password in the capture?", "If the reply to EHLO has no line STARTTLS, there is no TLS.",
        "No STARTTLS in the reply: say QUIT and stop. Else say AUTH only behind the handshake.",
      ]
    case .certificate:
      [
        "Who tells your program that this is the right server?",
        "A certificate is signed by somebody, and bears a name.",
        "ssl.create_default_context(cafile='ca.pem') looks at both; do not switch check_hostname or verify_mode off.",
      ]
    case .serverName:
      [
        "Which name does your program tell TLS?", "The name is one of your program's arguments.",
        "context.wrap_socket(sock, server_hostname=name).",
      ]
    case .lines:
      [
        "Look at what your program sends in the capture.", "SMTP is text: words, spaces, CRLF.",
        "Do not use pickle. Send text.encode(), and decode what comes.",
      ]
    }
  }
}
