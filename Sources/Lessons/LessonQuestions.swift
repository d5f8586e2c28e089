/// The lesson's five questions, written in the same language as a lecturer's own.
package enum LessonQuestions {
  package static let all: [Question] = {
    do { return try QuestionFile.parse(source) } catch { preconditionFailure("the lesson's questions: \(error)") }
  }()

  private static let source = #"""
    {"questions": [
      {"name": "endpoints", "ask": "Who talks to whom?",
       "why": "The client opens the connection with a SYN; the server answers on the port it listens on.",
       "rfc": "RFC 9293 §3.5",
       "answer": [{"lines": [
         {"label": "client", "text": "{client.address} port {client.port}"},
         {"label": "server", "text": "{server.address} port {server.port}"},
         {"label": "told by", "when": ["roles=syn-ack"], "text": "the server's SYN-ACK; the client's SYN was not captured"},
         {"label": "told by", "when": ["roles=content"], "text": "what each side says; the beginning was not captured"},
         {"label": "told by", "when": ["roles=port"], "text": "the port numbers only; the beginning was not captured"}]}]},

      {"name": "first-messages", "ask": "What does each side say first?", "protocols": ["smtp", "pop3", "imap"],
       "why": "In mail protocols the server speaks first: it greets, and the client waits for the greeting.",
       "rfc": {"smtp": "RFC 5321 §3.1", "pop3": "RFC 1939 §4", "imap": "RFC 9051 §7.1.1"},
       "answer": [{"lines": [
         {"label": "first", "when": ["opening.server"], "text": "the {opening.first}"},
         {"label": "server", "text": "{opening.server.lines}"},
         {"label": "client", "text": "{opening.client.lines}"}]}],
       "cannot-tell": [
         {"when": ["!opening.server", "!opening.client"], "reason": "neither side's beginning was captured"},
         {"when": ["!client.synFrame", "!server.synFrame"], "reason": "the capture starts in the middle of the connection: these are the first lines in it, not the first that were said"},
         {"when": ["!opening.server"], "reason": "the server's side: nothing of it was captured"},
         {"when": ["opening.gaps.server"], "reason": "{opening.gaps.server} octets of the server's beginning were not captured"},
         {"when": ["!opening.client", "!protection", "!client.synFrame"], "reason": "the client's side: nothing of it was captured"},
         {"when": ["!opening.client", "!protection", "!client.gapByteCount=0"], "reason": "the client's side: nothing of it was captured"},
         {"when": ["!opening.client", "!protection", "closing.how=capture-ended"], "reason": "the capture ends before the client says anything"},
         {"when": ["opening.gaps.client"], "reason": "{opening.gaps.client} octets of the client's beginning were not captured"}],
       "none": [{"when": ["!opening.client", "!protection"], "reason": "the client said nothing"}]},

      {"name": "first-messages", "ask": "What does each side say first?", "protocols": ["http"],
       "why": "In HTTP the client speaks first: it asks, and the server answers.", "rfc": "RFC 9112 §2.1",
       "answer": [{"lines": [
         {"label": "first", "text": "the {opening.first}"},
         {"label": "client", "text": "{opening.client.lines}"},
         {"label": "server", "text": "{opening.server.lines}"}]}],
       "cannot-tell": [
         {"when": ["!client.synFrame", "!server.synFrame"], "reason": "the capture starts in the middle of the connection: these are the first lines in it, not the first that were said"},
         {"when": ["!opening.server"], "reason": "the server's side: nothing of it was captured"},
         {"when": ["!opening.client"], "reason": "the client's side: nothing of it was captured"}]},

      {"name": "first-messages", "ask": "What does each side say first?", "protocols": ["tls"],
       "why": "The first message of a TLS connection is the client's hello; it names the server in clear.",
       "rfc": "RFC 8446 §4.1.2, RFC 6066 §3",
       "answer": [{"lines": [
         {"label": "client", "text": "a TLS ClientHello for {protection.serverName}"}]}],
       "cannot-tell": [{"when": ["protection"], "reason": "all that follows is encrypted with TLS"}]},

      {"name": "credentials", "ask": "Which user name and password are used?",
       "why": "What proves who the user is depends on the mechanism.",
       "reasons": [
         {"when": ["!credentials"], "text": "Base64 is an encoding, not encryption: whoever sees the packets reads the password."},
         {"when": ["credentials[mechanism=PLAIN]"], "text": "Base64 is an encoding, not encryption: whoever sees the packets reads the password.", "rfc": {"smtp": "RFC 4954 §4", "pop3": "RFC 5034 §4", "imap": "RFC 9051 §6.2"}},
         {"when": ["credentials[mechanism=LOGIN].encoded"], "text": "Base64 is an encoding, not encryption: whoever sees the packets reads the password.", "rfc": {"smtp": "RFC 4954 §4", "pop3": "RFC 5034 §4", "imap": "RFC 9051 §6.2"}},
         {"when": ["credentials[mechanism=unknown]"], "text": "Base64 is an encoding, not encryption: whoever sees the packets reads the password."},
         {"when": ["credentials[mechanism=Basic]"], "text": "Base64 is an encoding, not encryption: whoever sees the packets reads the password."},
         {"when": ["credentials[mechanism=USER/PASS]"], "text": "The password travels in clear: whoever sees the packets reads it."},
         {"when": ["protocol=imap", "credentials[encoded=]"], "text": "The password travels in clear: whoever sees the packets reads it.", "rfc": "RFC 9051 §6.2.3"},
         {"when": ["credentials[mechanism=form]"], "text": "The password travels in clear: whoever sees the packets reads it.", "rfc": "RFC 9112 §11.4"},
         {"when": ["credentials[mechanism=JSON]"], "text": "The password travels in clear: whoever sees the packets reads it.", "rfc": "RFC 9112 §11.4"},
         {"when": ["credentials[mechanism=query]"], "text": "The password travels in clear: whoever sees the packets reads it.", "rfc": "RFC 9112 §11.4"},
         {"when": ["credentials[mechanism=query]"], "text": "What stands in a query also stays in logs and histories.", "rfc": "RFC 9110 §17.9"},
         {"when": ["credentials[mechanism=APOP]"], "text": "The password does not travel, only a digest that proves it; a weak password can be guessed by it.", "rfc": "RFC 1939 §7"},
         {"when": ["credentials[mechanism=CRAM-MD5]"], "text": "The password does not travel, only a digest that proves it; a weak password can be guessed by it.", "rfc": "RFC 2195 §2"},
         {"when": ["credentials[mechanism=DIGEST-MD5]"], "text": "The password does not travel, only a digest that proves it; a weak password can be guessed by it.", "rfc": "RFC 2831 §2.1"},
         {"when": ["credentials[mechanism=Digest]"], "text": "The password does not travel, only a digest that proves it; a weak password can be guessed by it.", "rfc": "RFC 7616 §3.4"},
         {"when": ["credentials[mechanism~SCRAM-]"], "text": "The password does not travel, only a digest that proves it; a weak password can be guessed by it.", "rfc": "RFC 5802 §3"},
         {"when": ["credentials[mechanism=NTLM]"], "text": "The password does not travel, only a digest that proves it; a weak password can be guessed by it.", "rfc": "[MS-NLMP] §3.3"},
         {"when": ["credentials[mechanism=GSSAPI]"], "text": "The password does not travel; a ticket proves who the user is.", "rfc": "RFC 4752 §3.1"},
         {"when": ["credentials[mechanism=Negotiate]"], "text": "The password does not travel; a ticket proves who the user is.", "rfc": "RFC 4559 §4"},
         {"when": ["credentials[mechanism=XOAUTH2]"], "text": "No password travels, but a token that serves as one: whoever sees the packets can use it.", "rfc": "RFC 6750 §5.2"},
         {"when": ["credentials[mechanism=OAUTHBEARER]"], "text": "No password travels, but a token that serves as one: whoever sees the packets can use it.", "rfc": "RFC 7628 §5"},
         {"when": ["credentials[mechanism=Bearer]"], "text": "No password travels, but a token that serves as one: whoever sees the packets can use it.", "rfc": "RFC 6750 §5.2"}],
       "rfc": {"smtp": "RFC 4954 §4", "pop3": "RFC 1939 §7", "imap": "RFC 9051 §6.2", "http": "RFC 7617 §2", "tls": "RFC 8446 §5"},
       "answer": [{"each": "credentials", "lines": [
         {"label": "mechanism", "text": "{mechanism}"},
         {"label": "user name", "text": "{username}"},
         {"label": "user name", "when": ["username="], "text": "(empty)"},
         {"label": "password", "text": "{password}"},
         {"label": "password", "when": ["password="], "text": "(empty)"},
         {"label": "token", "when": ["mechanism=Bearer"], "text": "{encoded}"},
         {"label": "on the wire", "when": ["!mechanism=Bearer"], "text": "{encoded}"},
         {"label": "missing", "when": ["isComplete=no"], "text": "octets within it were not captured: this is not all"},
         {"label": "result", "when": ["accepted=yes"], "text": "accepted: {reply}"},
         {"label": "result", "when": ["accepted=no"], "text": "refused: {reply}"},
         {"label": "result", "when": ["!accepted", "reply"], "text": "{reply}"}]}],
       "cannot-tell": [
         {"when": ["protection", "!protection.alert", "!credentials"], "reason": "all from frame {protection.frames[0]} on is encrypted with TLS; a password may have been sent inside"},
         {"when": ["!opening.client", "!client.synFrame"], "reason": "nothing that the client said was captured"},
         {"when": ["!opening.client", "!client.gapByteCount=0"], "reason": "nothing that the client said was captured"},
         {"when": ["!credentials", "anomalies[name=tunnel]"], "reason": "another protocol is spoken from frame {anomalies[name=tunnel].frame} on, which is not read here; a login may be in it"},
         {"when": ["!credentials", "!client.synFrame", "!server.synFrame"], "reason": "the capture starts in the middle of the connection: a login may have come before"},
         {"when": ["!credentials", "gaps"], "reason": "octets of the conversation were not captured: a login may be among them"},
         {"when": ["!credentials", "!messages", "closing.how=capture-ended"], "reason": "the capture ends before the connection does: a login may come later"},
         {"when": ["!credentials", "!omitted=0"], "reason": "{omitted} facts of this long conversation were left out: a login may be among them"}],
       "none": [{"when": ["!credentials"], "reason": "the client did not log in"}]},

      {"name": "message", "ask": "What is the message?", "protocols": ["smtp", "pop3", "imap"],
       "why": "The envelope (MAIL, RCPT) says where a message goes; its header is part of the message and may differ.",
       "rfc": {"smtp": "RFC 5321 §2.3.1", "pop3": "RFC 1939 §5, RFC 5322 §2.1", "imap": "RFC 9051 §6.4.5, RFC 5322 §2.1"},
       "answer": [{"each": "messages", "lines": [
         {"label": "sent by", "text": "{via} {label}"},
         {"label": "sent by", "when": ["!label"], "text": "{via}"},
         {"label": "", "when": ["ranges"], "text": "put together from {ranges} ranges"},
         {"label": "envelope", "each": "envelope.from", "text": "from <{path}>"},
         {"label": "envelope", "when": ["envelope.from.path="], "each": "envelope.from", "text": "from <>"},
         {"label": "", "each": "envelope.to[code>0]", "text": "to <{path}>, answered {code}"},
         {"label": "", "when": ["!envelope.to[code>0]"], "each": "envelope.to", "text": "to <{path}>"},
         {"label": "From", "text": "{fields[name=From].value}"},
         {"label": "To", "text": "{fields[name=To].value}"},
         {"label": "Cc", "text": "{fields[name=Cc].value}"},
         {"label": "Date", "text": "{fields[name=Date].value}"},
         {"label": "Subject", "text": "{fields[name=Subject].value}"},
         {"label": "size", "text": "{byteCount} octets"},
         {"label": "SHA-256", "text": "{sha256}"},
         {"label": "missing", "when": ["isComplete=no", "!gapByteCount=0"], "text": "not whole: {gapByteCount} octets were not captured"},
         {"label": "missing", "when": ["isComplete=no", "gapByteCount=0"], "text": "not whole: its beginning or its end was not sent, or not captured"},
         {"label": "text", "text": "{text.content}"},
         {"label": "", "when": ["text.isCut=yes"], "text": "[only the beginning is shown]"},
         {"label": "attachment", "each": "parts[isAttachment=yes]", "text": "{name|contentType}: {contentType}, {encoding}, {decodedByteCount} octets decoded"},
         {"label": "result", "text": "{reply.lines}"}]},
         {"each": "exchanges[replies.code>399]", "when": ["protocol=smtp"], "lines": [
           {"label": "refused", "when": ["!request.verb=AUTH", "!request.verb=*"], "text": "{request.line}"},
           {"label": "", "when": ["!request.verb=AUTH", "!request.verb=*"], "text": "{replies.lines}"}]}],
       "cannot-tell": [
         {"when": ["protection", "!protection.alert", "!messages"], "reason": "all from frame {protection.frames[0]} on is encrypted with TLS"},
         {"when": ["!messages", "!client.synFrame", "!server.synFrame"], "reason": "the capture starts in the middle of the connection: a message may have come before"},
         {"when": ["!messages", "!opening.client", "!client.synFrame"], "reason": "nothing that the client said was captured"},
         {"when": ["!messages", "!opening.server", "!server.synFrame"], "reason": "nothing that the server said was captured"},
         {"when": ["!messages", "anomalies[name=unreadable-compression]"], "reason": "what is compressed cannot be read from frame {anomalies[name=unreadable-compression].frame} on"},
         {"when": ["!messages", "gaps"], "reason": "octets of the conversation were not captured: a message may be among them"},
         {"when": ["!messages", "closing.how=capture-ended"], "reason": "the capture ends before the connection does: a message may come later"},
         {"when": ["!messages", "!omitted=0"], "reason": "{omitted} facts of this long conversation were left out: a message may be among them"}],
       "none": [{"when": ["!messages"], "reason": "no message was transferred"}]},

      {"name": "message", "ask": "What is the message?", "protocols": ["http"],
       "why": "GET pulls from the server, POST pushes to it; bodies are shown with chunks and compression undone.",
       "rfc": "RFC 9110 §9.3, RFC 9112 §7.1",
       "answer": [{"each": "messages", "lines": [
         {"label": "request", "when": ["via=request"], "text": "{label}"},
         {"label": "response", "when": ["via=response"], "text": "{label}"},
         {"label": "type", "text": "{fields[name=Content-Type].value}"},
         {"label": "cookie", "text": "{fields[name=Cookie].value}"},
         {"label": "sets cookie", "text": "{fields[name=Set-Cookie].value}"},
         {"label": "body", "when": ["parts"], "text": "{byteCount} octets"},
         {"label": "missing", "when": ["isComplete=no", "!gapByteCount=0"], "text": "not whole: {gapByteCount} octets were not captured"},
         {"label": "missing", "when": ["isComplete=no", "gapByteCount=0"], "text": "not whole: its end was not captured, or its content was read no further"},
         {"label": "text", "text": "{text.content}"}]},
         {"each": "anomalies[name=tunnel]", "lines": [{"label": "then", "text": "{text}"}]}]},

      {"name": "message", "ask": "What is the message?", "protocols": ["tls"],
       "why": "TLS hides what is said; addresses, ports, times and lengths stay visible.", "rfc": "RFC 8446 appendix E",
       "answer": [{"lines": [
         {"label": "visible", "text": "{client.byteCount} octets from the client, {server.byteCount} from the server"}]}],
       "cannot-tell": [{"when": ["protection"], "reason": "the content is encrypted with TLS"}]},

      {"name": "disconnection", "ask": "How does the connection end?",
       "why": "The client asks to quit, the server agrees, and each side closes its direction with a FIN; RST breaks off.",
       "rfc": {"smtp": "RFC 5321 §4.1.1.10, RFC 9293 §3.6", "pop3": "RFC 1939 §6, RFC 9293 §3.6", "imap": "RFC 9051 §6.1.3, RFC 9293 §3.6", "": "RFC 9293 §3.6"},
       "answer": [
         {"lines": [
           {"label": "client says", "text": "{closing.quit.request.line}"},
           {"label": "client says", "when": ["closing.quit", "!closing.quit.request"], "text": "QUIT itself was not captured"},
           {"label": "server says", "text": "{closing.quit.replies.lines}"}]},
         {"each": "closing.finishes", "lines": [{"label": "FIN", "text": "by the {by}"}]},
         {"each": "closing.resets", "lines": [{"label": "RST", "text": "by the {by}"}]},
         {"when": ["protection.alert"], "lines": [{"label": "TLS", "text": "broken off by the {protection.alert.by} with the alert {protection.alert.name}"}]},
         {"when": ["closing.how=finished"], "lines": [{"label": "ends", "text": "in order: both sides sent FIN"}]},
         {"when": ["closing.how=reset"], "lines": [{"label": "ends", "text": "broken off with RST"}]},
         {"when": ["closing.how=reused"], "lines": [{"label": "ends", "text": "unseen: the same ports begin a new connection"}]},
         {"when": ["closing.how=evicted"], "lines": [{"label": "ends", "text": "unseen: given up after a long silence"}]}],
       "cannot-tell": [{"when": ["closing.how=capture-ended"], "reason": "the capture ends before the connection does"}]}
    ]}
    """#
}
