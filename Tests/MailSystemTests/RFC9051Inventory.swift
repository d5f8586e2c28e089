/// The examples of RFC 9051, and why some of them are no test.
enum RFC9051Inventory {
  static let all = RFCInventory(ids: ids, notApplicable: notApplicable)

  private static let ids =
    """
    4.5 LIST NIL|4.5 FETCH NIL
    6.1.1|6.1.2|6.1.3
    6.2.1|6.2.2 GSSAPI|6.2.2 initial response|6.2.2 no initial response|6.2.2 EXTERNAL|6.2.3
    6.3.1 unknown extension|6.3.1 CONDSTORE|6.3.2 SELECT|6.3.2 CLOSED|6.3.3|6.3.4|6.3.5 inferior names|6.3.5 dots
    6.3.6 RENAME|6.3.6 INBOX|6.3.6 subscription|6.3.7|6.3.8|6.3.9.3|6.3.9.7 deleted|6.3.9.7 renamed|6.3.9.8 basic
    6.3.9.8 news|6.3.9.8 home|6.3.9.8 1|6.3.9.8 2|6.3.9.8 3|6.3.9.8 4|6.3.9.8 5|6.3.9.8 6|6.3.9.8 7|6.3.9.8 7A
    6.3.9.8 7A1|6.3.9.8 7A2|6.3.9.8 7B|6.3.9.8 7C|6.3.9.8 8|6.3.9.8 8 redundant|6.3.9.8 9|6.3.9.8 10|6.3.9.8 11
    6.3.10 1|6.3.10 2|6.3.10 3|6.3.10 4|6.3.10 5|6.3.10 6|6.3.10 7|6.3.10 8|6.3.10 9|6.3.11|6.3.12 synchronizing
    6.3.12 APPENDUID|6.3.13
    6.4.1|6.4.2|6.4.3|6.4.4 MIN COUNT|6.4.4 ALL|6.4.4 TEXT|6.4.4 first unseen|6.4.4 UID|6.4.4 COUNT|6.4.4.4 1
    6.4.4.4 2|6.4.4.4 3|6.4.4.4 4|6.4.4.4 5|6.4.4.4 6|6.4.4.4 7|6.4.4.4 8|6.4.4.4 9|6.4.4.4 10|6.4.5|6.4.6|6.4.7
    6.4.8|6.4.9 EXPUNGE|6.4.9 FETCH|6.5
    7.1 ALREADYEXISTS|7.1 AUTHENTICATIONFAILED|7.1 AUTHORIZATIONFAILED|7.1 AUTHORIZATIONFAILED admin|7.1 CANNOT
    7.1 CLIENTBUG|7.1 CONTACTADMIN|7.1 CORRUPTION|7.1 EXPIRED|7.1 EXPUNGEISSUED|7.1 HASCHILDREN|7.1 INUSE|7.1 LIMIT
    7.1 NONEXISTENT|7.1 NOPERM|7.1 OVERQUOTA|7.1 OVERQUOTA soft|7.1 PRIVACYREQUIRED|7.1 PRIVACYREQUIRED select
    7.1 SERVERBUG|7.1 UNAVAILABLE
    7.1.1|7.1.2|7.1.3|7.1.4|7.1.5|7.2.1|7.2.2|7.3.1 Noselect|7.3.1 extended|7.3.2|7.3.3|7.3.4 UID|7.3.4 TAG|7.3.4
    7.3.5|7.4.1|7.5.1|7.5.2 BODYSTRUCTURE text|7.5.2 BODYSTRUCTURE multipart|7.5.2|7.6
    8|8 SCRAM-SHA-256
    """
    .split(whereSeparator: { $0 == "|" || $0 == "\n" }).map(String.init)

  private static let foreign = "needs mailboxes that reside on another server (REMOTE), which there are none of here"
  private static let namespaces = "needs another namespace than the personal one without a prefix (example 1)"
  private static let notApplicable: [String: String] = [
    "6.2.2 GSSAPI": "GSSAPI is not supported; the exchange belongs to keys that nobody has",
    "6.2.2 EXTERNAL": "EXTERNAL is not supported",
    "6.3.5 dots": "the other of two allowed ways: a name with inferior ones can be deleted; here it cannot",
    "6.3.9.8 news": "needs the namespace #news, and a rooted reference: both are a server's own",
    "6.3.9.8 home": "needs references that begin with ~, which are a server's own",
    "6.3.9.8 4": foreign, "6.3.9.8 5": foreign, "6.3.9.8 6": foreign, "6.3.9.8 10": foreign,
    "6.3.10 2": namespaces, "6.3.10 3": namespaces, "6.3.10 4": namespaces, "6.3.10 5": namespaces,
    "6.3.10 6": namespaces, "6.3.10 7": namespaces, "6.3.10 8": namespaces, "6.3.10 9": namespaces,
    "6.5": "a fictitious extension",
    "7.1 AUTHORIZATIONFAILED admin":
      "the RFC leaves out the exchange; nobody acts for another here, as in the one before",
    "7.1 CLIENTBUG": "needs a mailbox that SELECT opens read-only; and the code is a hint, not required",
    "7.1 CONTACTADMIN": "needs an account that an administrator has blocked",
    "7.1 CORRUPTION": "needs a damaged mailbox; the store says UNAVAILABLE",
    "7.1 EXPIRED": "passwords do not expire here",
    "7.1 NOPERM": "there is no access control list here",
    "7.1 OVERQUOTA soft": "there is no soft quota here",
    "7.1 PRIVACYREQUIRED select": "SELECT before login is in the wrong state, and BAD for that",
    "7.1 SERVERBUG": "needs a bug of ours",
    "7.1 UNAVAILABLE": "accounts need no backend that could be down",
    "8 SCRAM-SHA-256": "the server's nonce is never the same; the exchange itself is tested with RFC 7677's numbers",
  ]
}
