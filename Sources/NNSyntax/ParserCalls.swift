import NNDiagnostics

// Calls and their arguments: `nn.Conv2d(3, 32, 5, stride=1)`.

extension Parser {
  /// `NAME {"." NAME}` without PyTorch's prefixes; nil (reported) where there is no name.
  mutating func parseDottedName() -> Name? {
    guard at(.name) else {
      report(.expectedName("a name", found: found), at: missingSpan)
      return nil
    }
    var parts = [Name(text, token.span)]
    advance()
    while at(.dot), !atNewLine {
      advance()
      guard at(.name), !atNewLine else {
        report(.expectedName("a name after `.`", found: found), at: missingSpan)
        break
      }
      parts.append(Name(text, token.span))
      advance()
    }
    let dropped = TorchPrefix.length(parts.map(\.text))
    let rest = parts.dropFirst(dropped)
    let span = rest.reduce(rest.first?.span ?? token.span) { $0.union($1.span) }
    return Name(rest.map(\.text).joined(separator: "."), span)
  }

  /// A call that should be here; `what` says which kind for the message: "a loss".
  mutating func parseCall(_ what: String) -> Call? {
    guard at(.name), !atNewLine, !atNextStatement else {
      report(.expectedCall(what, found: atNextStatement ? "the end of the line" : found), at: missingSpan)
      return nil
    }
    let start = token.span.start
    guard let name = parseDottedName() else { return nil }
    return parseCall(after: name, from: start)
  }

  /// The arguments of a call whose name was read.
  mutating func parseCall(after name: Name, from start: Int) -> Call {
    var arguments: [Argument] = []
    if at(.leftParenthesis), !atNewLine {
      arguments = parseArguments().arguments
    } else if !token.newlineBefore, atLooseArgument {
      report(.argumentsWithoutParentheses(name.text))
      skipLooseArguments()
    }
    return Call(name: name, arguments: arguments, span: span(from: start))
  }

  /// After the name of a call without `(`: what can only be an argument, as in `SGD lr=0.1` and
  /// `Conv2d 3, 32`.
  private var atLooseArgument: Bool {
    switch token.kind {
    case .string, .leftBracket: true
    case .number: peek() != .star
    case .name: newlinesCount && !open.contains { $0.kind == .leftBrace } && peek() == .equals
    default: false
    }
  }

  /// Passes the arguments, up to the next call of the line.
  private mutating func skipLooseArguments() {
    repeat {
      recover()
      guard at(.comma), peek() != .name, !nextIsOnNewLine else { break }
      advance()
    } while !at(.end)
    silence()
  }

  /// `(arg, arg, …)`, and the height of the highest value.
  mutating func parseArguments() -> (arguments: [Argument], height: Int) {
    var result: (arguments: [Argument], height: Int) = ([], 0)
    bracketed { result = $0.parseArgumentList() }
    return result
  }

  /// The arguments up to the closing bracket.
  ///
  /// - Parameters:
  ///   - earlier: the arguments read before, which are part of the result.
  ///   - last: the name of the argument to stop at.
  mutating func parseArgumentList(
    after earlier: [Argument] = [], before last: String? = nil
  ) -> (arguments: [Argument], height: Int) {
    var arguments = earlier
    var lastNamed = earlier.last { $0.name != nil }?.name
    var names: [String: Span] = [:]
    for case let name? in earlier.map(\.name) { names[name.text] = name.span }
    var highest = 0
    while !at(.end), !token.kind.closesBracket {
      let before = taken
      if let last, at(.name), text == last, peek() == .equals { break }
      if at(.comma) {
        report(.emptyBetweenCommas())
        advance()
        continue
      }
      if let argument = parseArgument() {
        highest = max(highest, height)
        if let name = argument.name {
          if let first = names[name.text] {
            reportAlways(.duplicateArgument(name.text), at: name.span, notes: [(first, "first given here")])
          } else {
            names[name.text] = name.span
            arguments.append(argument)
          }
          lastNamed = name
        } else if let lastNamed {
          reportAlways(
            .positionalAfterNamed(file.text(in: argument.span)), at: argument.span,
            notes: [(lastNamed.span, "named here")])
        } else {
          arguments.append(argument)
        }
      } else {
        recover()
      }
      if parseSeparator() == .closing || taken == before { break }
    }
    return (arguments, highest)
  }

  private mutating func parseArgument() -> Argument? {
    let start = token.span.start
    var name: Name?
    if at(.name) {
      let next = peek()
      if next == .equals || next == .colon {
        name = Name(text, token.span)
        advance()
        if at(.colon) { reportAlways(.colonForEquals("\(name?.text ?? "")="), at: token.span) }
        advance(joining: true)
      } else if next == .number || next == .string, !nextIsOnNewLine {
        let written = Name(text, token.span)
        advance()
        report(.missingEqualsInCall(written.text, value: text(token)))
        name = written
      }
    }
    guard let value = parseExpression() else { return nil }
    return Argument(name: name, value: value, span: span(from: start))
  }
}

/// PyTorch's module paths, which say nothing here.
enum TorchPrefix {
  private static let paths: Set<String> = [
    "torch", "torch.nn", "nn", "torch.nn.modules", "torch.optim", "optim", "torch.optim.lr_scheduler",
    "optim.lr_scheduler", "lr_scheduler", "torch.utils.data", "utils.data", "torchvision",
    "torchvision.datasets", "datasets", "torchvision.transforms", "transforms", "torchvision.transforms.v2",
    "transforms.v2", "v2",
  ]

  /// How many leading parts are such a path; at least one part is left.
  static func length(_ parts: [String]) -> Int {
    guard parts.count > 1 else { return 0 }
    for count in stride(from: min(parts.count - 1, 4), to: 0, by: -1)
    where paths.contains(parts.prefix(count).joined(separator: ".")) {
      return count
    }
    return 0
  }
}

/// `nn.Conv2d` is `Conv2d`: a dotted name without PyTorch's prefixes, as the parser writes it in the tree.
public func droppingTorchPrefix(_ name: String) -> String {
  let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
  return parts.dropFirst(TorchPrefix.length(parts)).joined(separator: ".")
}
