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

let package = Package(
  name: "mailwire",
  platforms: [.macOS(.v26)],
  products: [
    .executable(name: "mailwire", targets: ["mailwire"]), .executable(name: "mailwire-lab", targets: ["mailwire-lab"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"]), .brew(["libpcap"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),

    room("Bytes"),
    room("Inflation", uses: ["CZlib", "Bytes"]),
    room("Ciphers", uses: ["COpenSSL"]),
    room("Packets", uses: ["Bytes", "Inflation"]),
    room("MailProtocols", uses: ["Bytes"]),
    room("WebProtocols", uses: ["Bytes"]),
    room("Streams", uses: ["Bytes", "Packets"]),
    room("Capture", uses: ["CPcap", "Bytes", "Packets"]),
    room("Dialogues", uses: ["Streams", "Packets", "MailProtocols", "WebProtocols", "Ciphers", "Inflation", "Bytes"]),
    room("MailSystem", uses: ["MailProtocols", "Packets", "Ciphers", "Bytes"]),
    room(
      "MailLab",
      uses: [
        "MailSystem", "MailProtocols", "Bytes", .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    room("Lessons", uses: ["Dialogues", "MailProtocols", "Bytes"]),
    .executableTarget(
      name: "mailwire",
      dependencies: [
        "Lessons", "Capture", "Dialogues", "Streams", "Packets", "Bytes", "CMalloc",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),

    .executableTarget(
      name: "mailwire-lab",
      dependencies: [
        "MailLab", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ], swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["Dialogues", "Packets", "Bytes", "CPcap"], path: "Tests/TestSupport",
      swiftSettings: settings),
    tests(of: "Bytes"),
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    tests(of: "Packets", with: ["Bytes", "TestSupport"]),
    tests(of: "Streams", with: ["Packets", "Bytes", "TestSupport", "CAllocations"]),
    tests(of: "MailProtocols", with: ["Bytes"]),
    tests(of: "Dialogues", with: ["Packets", "Inflation", "Bytes", "TestSupport", "CAllocations"]),
    tests(of: "Capture", with: ["Packets", "Bytes", "TestSupport"]),
    tests(of: "Lessons", with: ["Dialogues"]),
    tests(of: "MailSystem", with: ["MailProtocols", "Packets", "Ciphers", "Bytes"]),
    tests(from: "House", of: []),
    tests(of: "WebProtocols", with: ["Bytes"]),
    tests(
      from: "Corpus", of: ["mailwire", "Dialogues", "Packets", "Bytes", "TestSupport"],
      lists: ["differences.txt", "formats.txt", "libpcap.txt", "out-of-scope.txt", "validate-json.py"]),
    tests(from: "Program", of: ["mailwire", "mailwire-lab", "Dialogues", "TestSupport"], lists: ["lab-clients.py"]),
  ]
)

// `Fuzzing/run` compiles the fuzz targets with the sanitizers; nobody else needs them.
if Context.environment["MAILWIRE_FUZZING"] != nil {
  package.targets.append(
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "Lessons", "Dialogues", "Streams", "Packets", "MailProtocols", "WebProtocols", "Bytes",
      ], path: "Fuzzing/Targets", swiftSettings: settings))
}
