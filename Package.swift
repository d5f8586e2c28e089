// swift-tools-version:6.2
import PackageDescription

/// One set of settings for every Swift target of the house.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// A room of the house: its name, and the rooms on lower floors that it uses.
func room(_ name: String, uses rooms: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: rooms, swiftSettings: settings)
}

func tests(of name: String, with rooms: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + rooms, path: "Tests/\(name)Tests",
    swiftSettings: settings)
}

/// Tests of the program as a whole, from outside; `lists` are files beside them that they read.
func tests(from place: String, of rooms: [Target.Dependency], lists: [String] = []) -> Target {
  .testTarget(
    name: "\(place)Tests", dependencies: rooms, path: "Tests/\(place)Tests", exclude: lists, swiftSettings: settings)
}

/// The scenarios that the program brings along, in the program itself.
let plays: [Resource] = [
  "alice-to-bob",
  "queue",
  "pop3-two-devices",
  "imap-two-devices",
  "starttls",
  "refusals",
  "greylisting",
  "bad-wire",
].map { .embedInCode("Plays/\($0).yaml") }

let package = Package(
  name: "mailwire",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "mailwire", targets: ["mailwire"]),
    .executable(name: "mailwire-grade", targets: ["mailwire-grade"]),
    .executable(name: "mailwire-lab", targets: ["mailwire-lab"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"]), .brew(["libpcap"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
    .systemLibrary(name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"]), .brew(["lz4"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
    .systemLibrary(name: "CTLS", pkgConfig: "libssl", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),

    .systemLibrary(name: "CResolver"),
    .systemLibrary(name: "CNamespaces"),

    room("Bytes"),
    room("Inflation", uses: ["CZlib", "CZstd", "CLZ4", "Bytes"]),
    room("Console", uses: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
    room("Ciphers", uses: ["COpenSSL"]),
    room("TransportSecurity", uses: ["CTLS"]),
    room("Packets", uses: ["Bytes", "Inflation"]),
    room("MailProtocols", uses: ["Bytes"]),
    room("WebProtocols", uses: ["Bytes", "Ciphers"]),
    room("Streams", uses: ["Bytes", "Packets"]),
    room("Capture", uses: ["CPcap", "Bytes", "Packets"]),
    room("Dialogues", uses: ["Streams", "Packets", "MailProtocols", "WebProtocols", "Ciphers", "Inflation", "Bytes"]),
    room("MailSystem", uses: ["MailProtocols", "Packets", "TransportSecurity", "Ciphers", "Bytes"]),
    room(
      "MailLab",
      uses: [
        "MailSystem", "MailProtocols", "Bytes", "CResolver", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "X509", package: "swift-certificates"), .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    room("Lessons", uses: ["Dialogues", "Packets", "MailProtocols", "Bytes"]),
    .target(
      name: "Scenarios",
      dependencies: [
        "MailSystem", "Lessons", "Dialogues", "Packets", "Bytes", .product(name: "Yams", package: "Yams"),
      ], resources: plays, swiftSettings: settings),
    room(
      "Grading",
      uses: [
        "Scenarios", "MailSystem", "MailProtocols", "WebProtocols", "Lessons", "Dialogues", "Packets", "Ciphers",
        "Inflation", "Bytes",
        .product(name: "Yams", package: "Yams"), .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    room(
      "ProgramTrials",
      uses: ["Grading", "Capture", "MailSystem", "TransportSecurity", "Packets", "Ciphers", "Bytes", "CNamespaces"]),
    .executableTarget(
      name: "mailwire",
      dependencies: [
        "Lessons", "Capture", "Dialogues", "Streams", "Packets", "MailProtocols", "Console", "Bytes",
        "CMalloc",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    .executableTarget(
      name: "mailwire-grade",
      dependencies: [
        "ProgramTrials", "Grading", "Console", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "mailwire-lab",
      dependencies: [
        "MailLab", "MailSystem", "Scenarios", "Capture", "Lessons", "Packets", "Console", "Bytes", "CMalloc",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ], swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["Dialogues", "Packets", "Bytes", "CPcap"], path: "Tests/TestSupport",
      swiftSettings: settings),
    tests(of: "Bytes"),
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    tests(of: "Packets", with: ["Bytes", "TestSupport"]),
    tests(of: "TransportSecurity"),
    tests(of: "Streams", with: ["Packets", "Bytes", "TestSupport", "CAllocations"]),
    tests(of: "MailProtocols", with: ["Bytes"]),
    tests(
      of: "Dialogues", with: ["TransportSecurity", "Packets", "Inflation", "Bytes", "TestSupport", "CAllocations"]),
    tests(of: "Capture", with: ["Packets", "Bytes", "TestSupport"]),
    tests(of: "Lessons", with: ["Dialogues", "TestSupport"]),
    tests(of: "MailSystem", with: ["MailProtocols", "Packets", "Ciphers", "Bytes", "TestSupport"]),
    tests(of: "MailLab", with: ["MailSystem", "MailProtocols", "Bytes", "TestSupport"]),
    tests(of: "Scenarios", with: ["MailSystem", "Dialogues", "Packets", "Bytes", "TestSupport"]),
    tests(
      of: "ProgramTrials",
      with: ["Grading", "mailwire-grade", "MailSystem", "Packets", "Bytes", "TestSupport"]),
    tests(of: "Grading", with: ["Scenarios", "MailSystem", "Lessons", "Packets", "Inflation", "Bytes", "TestSupport"]),
    tests(from: "House", of: []),
    tests(of: "WebProtocols", with: ["Ciphers", "Bytes"]),
    tests(
      from: "Corpus", of: ["mailwire", "Dialogues", "Packets", "Bytes", "TestSupport"],
      lists: ["differences.txt", "formats.txt", "libpcap.txt", "out-of-scope.txt", "validate-json.py"]),
    tests(
      from: "Program", of: ["mailwire", "mailwire-lab", "mailwire-grade", "Dialogues", "Packets", "TestSupport"],
      lists: [
        "check-page.py", "dovecot-differences.txt", "lab-attacks.py", "lab-clients.py", "lab-crash.py",
        "lab-dovecot.py", "lab-full-disk.py", "lab-maildir.py", "lab-mx.py", "lab-postfix.py", "lab-real-clients.py",
        "tls-suites.py",
      ]),
  ]
)

// Whoever wants one program does not wait for the dependencies of the others, not even until they are fetched:
// `Scripts/mailwire` names what it builds.
let needs: [String: (dependencies: Set<String>, without: Set<String>)] = [
  "analyzer": (
    ["swift-argument-parser"], ["Scenarios", "Grading", "ProgramTrials", "MailLab", "mailwire-grade", "mailwire-lab"]
  ),
  "grader": (["swift-argument-parser", "Yams", "GRDB.swift"], ["MailLab", "mailwire-lab"]),
]
if let (dependencies, without) = Context.environment["MAILWIRE_BUILDS"].flatMap({ needs[$0] }) {
  package.products.removeAll { without.contains($0.name) }
  package.targets.removeAll { $0.type == .test || without.contains($0.name) }
  package.dependencies.removeAll { dependency in
    guard case .sourceControl(_, let location, _) = dependency.kind else { return false }
    return !dependencies.contains { location.hasSuffix("/\($0)") }
  }
}

// `Fuzzing/run` compiles the fuzz targets with the sanitizers; nobody else needs them.
if Context.environment["MAILWIRE_FUZZING"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Lessons", "Dialogues", "Streams", "Packets", "MailProtocols", "WebProtocols", "Bytes",
      ], path: "Fuzzing/Targets", swiftSettings: settings))
}
