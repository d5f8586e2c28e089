import Glibc

/// What libFuzzer calls with every input. `FUZZ_TARGET` names the target; one program holds them all, so that the
/// house is compiled once.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = unsafe UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)
  let octets = unsafe Array(input)
  switch Target.chosen {
  case .decode: DecodeTarget.run(octets)
  case .reassembly: ReassemblyTarget.run(octets)
  case .capture: CaptureTarget.run(octets)
  case .dialogue: DialogueTarget.run(octets)
  case .message: MessageTarget.run(octets)
  case .grammar: GrammarTarget.run(octets)
  case .questions: QuestionsTarget.run(octets)
  }
  return 0
}

/// The targets, by the names that `Fuzzing/run` uses.
enum Target: String {
  case decode, reassembly, capture, dialogue, message, grammar, questions

  static let chosen: Target = {
    let name = unsafe getenv("FUZZ_TARGET").map { unsafe String(cString: $0) } ?? "dialogue"
    guard let target = Target(rawValue: name) else { fatalError("no target is called '\(name)'") }
    return target
  }()
}
