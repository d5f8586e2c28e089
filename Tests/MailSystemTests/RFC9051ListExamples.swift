@testable import MailSystem

/// RFC 9051 §6.3.9 to §6.3.11: LIST, NAMESPACE, STATUS.
enum RFC9051ListExamples {
  private static func folders(_ names: String...) -> [RFCFolder] { names.map { RFCFolder($0) } }
  private static let food = folders(
    "INBOX", "Fruit", "Fruit/Apple", "Fruit/Banana", "Tofu", "Vegetable", "Vegetable/Broccoli", "Vegetable/Corn")
  private static let eaten: Set<String> = [
    "INBOX", "Fruit/Banana", "Fruit/Peach", "Vegetable", "Vegetable/Broccoli",
  ]
  private static let foo = folders("INBOX", "Foo", "Foo/Bar", "Foo/Baz", "Moo")
  private static let bars = folders(
    "INBOX", "foo2", "foo2/bar1", "foo2/bar2", "baz2", "baz2/bar2", "baz2/bar22", "baz2/bar222", "eps2", "eps2/mamba",
    "qux2/bar2")
  private static let subscribedBars: Set<String> = [
    "foo2/bar1", "foo2/bar2", "baz2/bar2", "baz2/bar22", "baz2/bar222", "eps2", "eps2/mamba", "qux2/bar2",
  ]

  static let all: [IMAPExample] = [
    IMAPExample(
      "6.3.9.8 basic",
      script: #"""
        C: A101 LIST "" ""
        S: * LIST (\Noselect) "/" ""
        S: A101 OK LIST Completed
        """#),
    IMAPExample(
      "6.3.9.8 1", folders: food,
      script: #"""
        C: A01 LIST "" "*"
        S: * LIST (\Marked \NoInferiors) "/" "inbox"
        S: * LIST () "/" "Fruit"
        S: * LIST () "/" "Fruit/Apple"
        S: * LIST () "/" "Fruit/Banana"
        S: * LIST () "/" "Tofu"
        S: * LIST () "/" "Vegetable"
        S: * LIST () "/" "Vegetable/Broccoli"
        S: * LIST () "/" "Vegetable/Corn"
        S: A01 OK done
        """#),
    IMAPExample(
      "6.3.9.8 2", folders: food, subscriptions: eaten,
      script: #"""
        C: A02 LIST (SUBSCRIBED) "" "*"
        S: * LIST (\Marked \NoInferiors \Subscribed) "/" "inbox"
        S: * LIST (\Subscribed) "/" "Fruit/Banana"
        S: * LIST (\Subscribed \NonExistent) "/" "Fruit/Peach"
        S: * LIST (\Subscribed) "/" "Vegetable"
        S: * LIST (\Subscribed) "/" "Vegetable/Broccoli"
        S: A02 OK done
        """#),
    IMAPExample(
      "6.3.9.8 3", folders: food,
      script: #"""
        C: A03 LIST () "" "%" RETURN (CHILDREN)
        S: * LIST (\Marked \NoInferiors) "/" "inbox"
        S: * LIST (\HasChildren) "/" "Fruit"
        S: * LIST (\HasNoChildren) "/" "Tofu"
        S: * LIST (\HasChildren) "/" "Vegetable"
        S: A03 OK done
        """#),
    IMAPExample(
      "6.3.9.8 7", folders: foo,
      script: #"""
        C: C01 LIST "" "*"
        S: * LIST (\Marked \NoInferiors) "/" "inbox"
        S: * LIST () "/" "Foo"
        S: * LIST () "/" "Foo/Bar"
        S: * LIST () "/" "Foo/Baz"
        S: * LIST () "/" "Moo"
        S: C01 OK done
        C: CA3 LIST "" "%" RETURN (CHILDREN)
        S: * LIST (\Marked \NoInferiors) "/" "inbox"
        S: * LIST (\HasChildren) "/" "Foo"
        S: * LIST (\HasNoChildren) "/" "Moo"
        S: CA3 OK done
        """#),
    // The command between them is the RFC's in words: it returns no mailboxes.
    IMAPExample(
      "6.3.9.8 7A", folders: foo, subscriptions: ["Foo/Baz"],
      script: #"""
        C: C02 LIST (SUBSCRIBED) "" "*"
        S: * LIST (\Subscribed) "/" "Foo/Baz"
        S: C02 OK done
        C: C03 LIST (SUBSCRIBED) "" "%"
        S: C03 OK done
        C: C04 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
        S: * LIST () "/" "Foo" ("CHILDINFO" ("SUBSCRIBED"))
        S: C04 OK done
        """#),
    IMAPExample(
      "6.3.9.8 7A1", folders: foo, subscriptions: ["Foo/Baz", "Foo"],
      script: #"""
        C: C04 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
        S: * LIST (\Subscribed \HasChildren) "/" "Foo"
            ("CHILDINFO" ("SUBSCRIBED"))
        S: C04 OK done
        """#),
    IMAPExample(
      "6.3.9.8 7A2", folders: folders("INBOX", "Foo/Bar", "Foo/Baz", "Moo"), subscriptions: ["Foo/Baz"],
      script: #"""
        C: C04 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
        S: * LIST (\NonExistent) "/" "Foo" ("CHILDINFO"
            ("SUBSCRIBED"))
        S: C04 OK done
        """#),
    IMAPExample(
      "6.3.9.8 7B", folders: foo,
      script: #"""
        C: C04 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%"
        S: C04 OK done
        """#),
    IMAPExample(
      "6.3.9.8 7C", folders: foo, subscriptions: ["Foo", "Moo"],
      script: #"""
        C: C04 LIST (SUBSCRIBED RECURSIVEMATCH) "" "%" RETURN
            (CHILDREN)
        S: * LIST (\HasChildren \Subscribed) "/" "Foo"
        S: * LIST (\HasNoChildren \Subscribed) "/" "Moo"
        S: C04 OK done
        """#),
    IMAPExample(
      "6.3.9.8 8", folders: bars, subscriptions: subscribedBars,
      script: #"""
        C: D01 LIST "" "*"
        S: * LIST (\Marked \NoInferiors) "/" "inbox"
        S: * LIST () "/" "foo2"
        S: * LIST () "/" "foo2/bar1"
        S: * LIST () "/" "foo2/bar2"
        S: * LIST () "/" "baz2"
        S: * LIST () "/" "baz2/bar2"
        S: * LIST () "/" "baz2/bar22"
        S: * LIST () "/" "baz2/bar222"
        S: * LIST () "/" "eps2"
        S: * LIST () "/" "eps2/mamba"
        S: * LIST () "/" "qux2/bar2"
        S: D01 OK done
        C: D02 LIST (SUBSCRIBED) "" "*"
        S: * LIST (\Subscribed) "/" "foo2/bar1"
        S: * LIST (\Subscribed) "/" "foo2/bar2"
        S: * LIST (\Subscribed) "/" "baz2/bar2"
        S: * LIST (\Subscribed) "/" "baz2/bar22"
        S: * LIST (\Subscribed) "/" "baz2/bar222"
        S: * LIST (\Subscribed) "/" "eps2"
        S: * LIST (\Subscribed) "/" "eps2/mamba"
        S: * LIST (\Subscribed) "/" "qux2/bar2"
        S: D02 OK done
        C: D03 LIST (RECURSIVEMATCH SUBSCRIBED) "" "*2"
        S: * LIST () "/" "foo2" ("CHILDINFO" ("SUBSCRIBED"))
        S: * LIST (\Subscribed) "/" "foo2/bar2"
        S: * LIST (\Subscribed) "/" "baz2/bar2"
        S: * LIST (\Subscribed) "/" "baz2/bar22"
        S: * LIST (\Subscribed) "/" "baz2/bar222"
        S: * LIST (\Subscribed) "/" "eps2" ("CHILDINFO" ("SUBSCRIBED"))
        S: * LIST (\Subscribed) "/" "qux2/bar2"
        S: D03 OK done
        """#),
    IMAPExample(
      "6.3.9.8 8 redundant", folders: bars, subscriptions: subscribedBars,
      differences: ["foo2", "baz2"].map {
        RFCExample.Difference(
          "* LIST () \"/\" \"\($0)\" (\"CHILDINFO\" (\"SUBSCRIBED\"))",
          because: "redundant responses are suppressed, as §6.3.9.6 says a server SHOULD")
      },
      script: #"""
        C: D03 LIST (RECURSIVEMATCH SUBSCRIBED) "" "*"
        S: * LIST () "/" "foo2" ("CHILDINFO" ("SUBSCRIBED"))
        S: * LIST (\Subscribed) "/" "foo2/bar1"
        S: * LIST (\Subscribed) "/" "foo2/bar2"
        S: * LIST () "/" "baz2" ("CHILDINFO" ("SUBSCRIBED"))
        S: * LIST (\Subscribed) "/" "baz2/bar2"
        S: * LIST (\Subscribed) "/" "baz2/bar22"
        S: * LIST (\Subscribed) "/" "baz2/bar222"
        S: * LIST (\Subscribed) "/" "eps2" ("CHILDINFO" ("SUBSCRIBED"))
        S: * LIST (\Subscribed) "/" "eps2/mamba"
        S: * LIST (\Subscribed) "/" "qux2/bar2"
        S: D03 OK done
        """#),
    IMAPExample(
      "6.3.9.8 9", folders: folders("foo"), subscriptions: ["foo/bar"],
      script: #"""
        C: a1 LIST "" ("foo")
        S: * LIST () "/" foo
        S: a1 OK done
        C: a2 LIST (SUBSCRIBED) "" "foo/*"
        S: * LIST (\Subscribed \NonExistent) "/" foo/bar
        S: a2 OK done
        C: a3 LIST (SUBSCRIBED RECURSIVEMATCH) "" foo RETURN (CHILDREN)
        S: * LIST (\HasNoChildren) "/" foo ("CHILDINFO" ("SUBSCRIBED"))
        S: a3 OK done
        """#),
    // The separator is `.` in the RFC, and `bar` cannot be selected there.
    IMAPExample(
      "6.3.9.8 11",
      folders: [
        RFCFolder("INBOX", count: 17) { number, message in if number == 1 { message.flags = ["\\Seen"] } },
        RFCFolder("foo", count: 30) { number, message in if number == 1 { message.flags = ["\\Seen"] } },
        RFCFolder("foo/inferior"),
      ], subscriptions: ["INBOX", "foo/inferior"],
      script: #"""
        C: A01 LIST "" % RETURN (STATUS (MESSAGES UNSEEN))
        S: * LIST () "/" "INBOX"
        S: * STATUS "INBOX" (MESSAGES 17 UNSEEN 16)
        S: * LIST () "/" "foo"
        S: * STATUS "foo" (MESSAGES 30 UNSEEN 29)
        S: A01 OK List completed.
        C: A02 LIST (SUBSCRIBED RECURSIVEMATCH) "" % RETURN (STATUS
             (MESSAGES))
        S: * LIST (\Subscribed) "/"  "INBOX"
        S: * STATUS "INBOX" (MESSAGES 17)
        S: * LIST () "/" "foo" (CHILDINFO ("SUBSCRIBED"))
        S: A02 OK List completed.
        """#),
    IMAPExample(
      "6.3.10 1",
      script: #"""
        C: A001 NAMESPACE
        S: * NAMESPACE (("" "/")) NIL NIL
        S: A001 OK NAMESPACE command completed
        """#),
    IMAPExample(
      "6.3.11", folders: [RFCFolder("blurdybloop", uidNext: 44_292, count: 231)],
      script: #"""
        C: A042 STATUS blurdybloop (UIDNEXT MESSAGES)
        S: * STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)
        S: A042 OK STATUS completed
        """#),
  ]
}
