import NNDiagnostics

/// Reads the words of a command line by the tables of ``Option`` and ``Verb``. It looks at no file.
///
/// `--name value` and `--name=value` are the same; `--` ends the options; `-h` is `--help`.
struct ArgumentParser {
  private let words: [String]
  private var next = 0
  private var operands: [String] = []
  private var given: [(option: Option, value: Invocation.Value)] = []

  /// Parses the words after the name of the program.
  static func parse(_ words: [String]) throws(UsageError) -> Invocation {
    var parser = ArgumentParser(words: words)
    return try parser.parse()
  }

  private init(words: [String]) { self.words = words }

  private mutating func parse() throws(UsageError) -> Invocation {
    // The verb is the first word that is one and not the value of an option; it may stand after
    // options, whose values may depend on it. So it is looked for first.
    let verb = findVerb()
    var verbIsTaken = verb == .run
    while next < words.count {
      let word = words[next]
      next += 1
      if word == "--" {
        operands += words[next...]
        next = words.count
      } else if word == "-" || !word.hasPrefix("-") {
        if !verbIsTaken, word == verb.rawValue { verbIsTaken = true } else { operands.append(word) }
      } else {
        try parseOption(word, verb)
      }
    }
    return try assemble(verb)
  }

  private func findVerb() -> Verb {
    let word = Self.firstOperand(words)
    return Verb.words.first { $0.rawValue == word } ?? .run
  }

  /// The first word that is neither an option nor the value of one.
  static func firstOperand(_ words: [String]) -> String? {
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" { return index < words.count ? words[index] : nil }
      if word == "-" || !word.hasPrefix("-") { return word }
      if let option = Option(rawValue: String(word.dropFirst(2))), option.rule.value.takesNextWord {
        index += 1
      }
    }
    return nil
  }

  private mutating func parseOption(_ word: String, _ verb: Verb) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[0])
    let attached = parts.count > 1 ? String(parts[1]) : nil
    let known =
      name == "-h" ? Option.help : name.hasPrefix("--") ? Option(rawValue: String(name.dropFirst(2))) : nil
    guard let option = known else {
      throw UsageError(
        "there is no option \(printable(name))",
        help: didYouMean(name, from: verb.options.map(\.flag)), verb: verb)
    }
    guard verb.options.contains(option) else { throw notTaken(option, verb) }
    let kind = verb.value(of: option)
    guard let text = try valueText(of: option, kind, attached, verb) else {
      given.append((option, .none))
      return
    }
    given.append((option, try parseValue(text, of: option, kind, verb)))
  }

  /// The text of the option's value: after the `=`, or the next word; nil where it has none.
  private mutating func valueText(
    of option: Option, _ kind: OptionValue, _ attached: String?, _ verb: Verb
  ) throws(UsageError) -> String? {
    switch kind {
    case .none:
      if let attached {
        throw UsageError("\(option.flag) takes no value, found `\(printable(attached))`", verb: verb)
      }
      return nil
    case .optionalText(let name):
      if attached == "" { throw UsageError("\(option.flag)= lacks its \(name)", verb: verb) }
      return attached
    default:
      if let attached, !attached.isEmpty { return attached }
      guard attached == nil, next < words.count, !words[next].hasPrefix("--") else {
        throw UsageError("\(option.flag) needs a value:\(kind.usage)", verb: verb)
      }
      next += 1
      return words[next - 1]
    }
  }

  private func parseValue(
    _ text: String, of option: Option, _ kind: OptionValue, _ verb: Verb
  ) throws(UsageError) -> Invocation.Value {
    switch kind {
    case .none: return .none
    case .text, .optionalText: return .text(text)
    case .choice(let choices):
      guard choices.contains(text) else {
        throw UsageError(
          "\(option.flag) takes \(choices.joined(separator: " or ")), found `\(printable(text))`",
          help: didYouMean(text, from: choices), verb: verb)
      }
      return .text(text)
    case .integer(let range):
      guard let number = integer(text, in: range) else {
        throw UsageError(
          "\(option.flag) takes \(described(range)), found `\(printable(text))`", verb: verb)
      }
      return .integer(number)
    case .integers(let range):
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      let numbers = parts.compactMap { integer(String($0), in: range) }
      guard numbers.count == parts.count else {
        throw UsageError(
          "\(option.flag) takes numbers separated by commas, each \(described(range)), found "
            + "`\(printable(text))`", verb: verb)
      }
      return .integers(numbers)
    }
  }

  /// Checks what only the whole line shows: repetitions, exclusions, needs.
  private func assemble(_ verb: Verb) throws(UsageError) -> Invocation {
    var invocation = Invocation(verb: verb)
    invocation.operands = operands
    for (option, value) in given {
      if invocation.has(option), !option.rule.isRepeatable {
        throw UsageError("\(option.flag) is given twice", verb: verb)
      }
      invocation.add(option, value)
    }
    if invocation.has(.help) || invocation.has(.version) { return invocation }
    for (option, _) in given {
      let rule = option.rule
      if let other = rule.excludes.first(where: { invocation.has($0) }) {
        throw UsageError("\(option.flag) and \(other.flag) exclude each other", verb: verb)
      }
      if !rule.needsOneOf.isEmpty, !rule.needsOneOf.contains(where: { invocation.has($0) }) {
        let needed = rule.needsOneOf.map(\.flag).joined(separator: " or ")
        throw UsageError("\(option.flag) means nothing without \(needed)", verb: verb)
      }
    }
    if let missing = verb.rule.required.first(where: { !invocation.has($0) }) {
      throw UsageError(
        "`\(verb.command)` needs \(missing.flag)\(verb.value(of: missing).usage)", verb: verb)
    }
    return invocation
  }

  private func notTaken(_ option: Option, _ verb: Verb) -> UsageError {
    let takers = Verb.allCases.filter { $0.options.contains(option) }.map { "`\($0.command)`" }
    return UsageError(
      "`\(verb.command)` takes no \(option.flag)", help: "taken by " + takers.joined(separator: ", "),
      verb: verb)
  }
}

extension OptionValue {
  /// True where the value is the next word unless an `=` gives it.
  fileprivate var takesNextWord: Bool {
    switch self {
    case .none, .optionalText: false
    default: true
    }
  }
}

/// A decimal whole number, without sign, space or separator, in `range`.
private func integer(_ text: String, in range: ClosedRange<Int>) -> Int? {
  guard !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(text),
    range.contains(number)
  else { return nil }
  return number
}

private func described(_ range: ClosedRange<Int>) -> String {
  range.upperBound >= Int(Int32.max)
    ? "a whole number of at least \(range.lowerBound)"
    : "a whole number from \(range.lowerBound) to \(range.upperBound)"
}
