/// A command line, parsed: a verb, its files and its options, all of them legal together.
struct Invocation: Sendable {
  /// The value of an option, by the kind that its rule asks for.
  enum Value: Sendable, Equatable {
    case none
    case text(String)
    case integer(Int)
    case integers([Int])
  }

  var verb: Verb
  /// The words that are neither the verb nor options, in order; `-` is standard input.
  var operands: [String] = []
  private(set) var given: [Option: [Value]] = [:]

  init(verb: Verb) { self.verb = verb }

  /// Adds one occurrence of an option.
  mutating func add(_ option: Option, _ value: Value) { given[option, default: []].append(value) }

  /// True where the option was given.
  func has(_ option: Option) -> Bool { given[option] != nil }

  /// The text of an option, nil where it was not given or given without one.
  func text(_ option: Option) -> String? { texts(option).first }

  /// The texts of a repeatable option, in order.
  func texts(_ option: Option) -> [String] {
    given[option, default: []].compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  /// The number of an option.
  func integer(_ option: Option) -> Int? {
    if case .integer(let number)? = given[option]?.first { number } else { nil }
  }

  /// The numbers of an option.
  func integers(_ option: Option) -> [Int]? {
    if case .integers(let numbers)? = given[option]?.first { numbers } else { nil }
  }
}
