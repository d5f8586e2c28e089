import Foundation
import Testing

@testable import Grading

/// What cannot be started is told with a reason, before it is tried.
@Suite struct ExecutableFormTests {
  private func obstacle(_ octets: [UInt8]) -> String? { ExecutableForm.obstacle(octets, name: "client") }
  private func obstacle(_ text: String) -> String? { obstacle(Array(text.utf8)) }

  @Test func whatThisSystemRunsPasses() throws {
    #expect(obstacle("#!/bin/sh\nexit 0\n") == nil)
    #expect(obstacle("#!/bin/sh") == nil)
    #expect(obstacle("echo a script whose first line says nothing\n") == nil)
    // A line of a script may end as it likes.
    #expect(obstacle("#!/usr/bin/perl\nprint 1;\r\n") == nil)
    #expect(obstacle([UInt8](try Data(contentsOf: URL(filePath: "/bin/sh")))) == nil)
  }
  @Test(arguments: [
    ("#!/usr/bin/python3\r\nprint(1)\r\n", "CR and LF"), ("", "is empty"),
    ("import socket\n", "#!/usr/bin/env python3"),
    ("from socket import *\n", "client.py"), ("#include <stdio.h>\n", "Compile it"),
  ])
  func textThatNothingRunsIsTold(_ text: String, _ word: String) {
    #expect(obstacle(text)?.contains(word) == true, "\(obstacle(text) ?? "nil")")
  }
  @Test(
    arguments: [
      ([0x4D, 0x5A, 0x90, 0], "Windows"), ([0xCF, 0xFA, 0xED, 0xFE, 7, 0, 0, 1], "macOS"),
      ([0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 2], "macOS"), ([0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 61], "Java"),
      ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1], "beginning"),
      ([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 243, 0], "another processor"),
      ([0x7F, 0x45, 0x4C, 0x46, 2, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 22], "another processor"),
    ] as [([UInt8], String)])
  func programsForOtherMachinesAreTold(_ octets: [UInt8], _ word: String) {
    #expect(obstacle(octets)?.contains(word) == true, "\(obstacle(octets) ?? "nil")")
  }
}
