import NNSyntax

// Calls in `.nn` spelling on one line, for messages and for `help:` lines.

extension Expression {
  /// `(3, 3)`, `width * 2`, `'same'`. Long lists are cut.
  var sourceText: String { text(depth: 0) }

  private func text(depth: Int) -> String {
    guard depth < 6 else { return "…" }
    switch kind {
    case .number(let text): return shortened(text)
    case .string(let text): return "'\(shortened(text))'"
    case .boolean(let flag): return flag ? "True" : "False"
    case .none: return "None"
    case .hole: return "_"
    case .word(let word): return shortened(word)
    case .list(let elements):
      let shown = elements.prefix(6).map { $0.text(depth: depth + 1) }
      let rest = elements.count > 6 ? ", …" : elements.count == 1 ? "," : ""
      return "(\(shown.joined(separator: ", "))\(rest))"
    case .unary(let operation, let operand):
      return operation.rawValue + operand.operandText(depth: depth + 1)
    case .binary(let operation, let left, let right):
      let (a, b) = (left.operandText(depth: depth + 1), right.operandText(depth: depth + 1))
      return "\(a)\(operation.rawValue)\(b)"
    case .call(let call):
      let shown = call.arguments.prefix(6).map { argument in
        (argument.name.map { $0.text + "=" } ?? "") + argument.value.text(depth: depth + 1)
      }
      return "\(call.name.text)(\(shown.joined(separator: ", ")))"
    }
  }

  /// In brackets where it is an operation itself.
  private func operandText(depth: Int) -> String {
    switch kind {
    case .binary, .unary: "(\(text(depth: depth)))"
    default: text(depth: depth)
    }
  }
}

extension Argument {
  /// `3`, `padding=2`.
  var sourceText: String { (name.map { $0.text + "=" } ?? "") + value.sourceText }
}

extension Call {
  /// `Conv2d(3, 32, 5, padding=2)`.
  var sourceText: String { "\(name.text)(\(arguments.map(\.sourceText).joined(separator: ", ")))" }

  /// The same with another value at one place.
  func sourceText(replacing position: Int, with value: String) -> String {
    let list = arguments.enumerated().map { index, argument in
      index == position ? (argument.name.map { $0.text + "=" } ?? "") + value : argument.sourceText
    }
    return "\(name.text)(\(list.joined(separator: ", ")))"
  }
}
