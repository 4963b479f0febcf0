import NNDiagnostics

/// A tree as canonical `.nn` text: a statement a line, a layer a line, four spaces a level, positional
/// before named arguments, texts in double quotes, parentheses only where precedence asks for them.
/// Parsing the text gives a tree with the same dump. Comments are not in the tree.
public func printNN(_ document: Document) -> String {
  var printer = Printer()
  for statement in document.statements { printer.statement(statement) }
  return printer.text
}

/// One statement as canonical `.nn` text.
public func printNN(_ statement: Statement) -> String {
  var printer = Printer()
  printer.statement(statement)
  return String(printer.text.dropLast())
}

/// One item of a stack as canonical `.nn` text.
public func printNN(_ item: Item) -> String {
  var printer = Printer()
  printer.item(item, level: 0)
  return String(printer.text.dropLast())
}

/// One value as canonical `.nn` text, on one line.
public func printNN(_ value: Expression) -> String { Printer.value(value) }

/// One call as canonical `.nn` text, on one line.
public func printNN(_ call: Call) -> String { Printer.call(call) }

/// `Scale(x, k=2)`: the name and parameters of a layer of the file's own.
public func printHead(_ layer: LayerDefinition) -> String {
  let parameters = layer.parameters.map { parameter in
    parameter.name.text + (parameter.defaultValue.map { "=\(Printer.value($0))" } ?? "")
  }
  return "\(layer.name.text)(\(parameters.joined(separator: ", ")))"
}

private struct Printer {
  /// Longer lines are broken where brackets allow it.
  private static let lineLength = 100
  private static let indent = "    "

  var text = ""

  mutating func statement(_ statement: Statement) {
    switch statement.kind {
    case .binding(let name, let value): line("let \(name.text) = ", .value(value))
    case .seed(let value): line("seed = ", .value(value))
    case .input(let value): line("input = ", .value(value))
    case .data(let data): self.data(data)
    case .model(let name, let stack): self.stack("model \(name.text)", stack, level: 0)
    case .layer(let layer):
      line("layer \(printHead(layer)) = ", .value(layer.body))
    case .component(let component, let name, let call, let groups):
      line("\(component.rawValue)\(name.map { " " + $0.text } ?? "") = ", .call(call))
      self.groups(groups)
    case .train(let settings): line("train", .bracketed("(", settings.map(Piece.argument), ")"))
    }
  }

  private mutating func data(_ data: DataStatement) {
    let head = "data\(data.name.map { " " + $0.text } ?? "") = "
    let sources = Piece.joined(data.sources.map(Piece.call), " else ")
    if data.settings.isEmpty {
      line(head, sources)
    } else {
      line(head + "DataLoader", .bracketed("(", [sources] + data.settings.map(Piece.argument), ")"))
    }
  }

  /// Behind the line of the optimizer.
  private mutating func groups(_ groups: [ParameterGroup]) {
    guard !groups.isEmpty else { return }
    text.removeLast()
    text += " {\n"
    for group in groups {
      let head = Self.indent + StringLiteral.quoted(group.pattern.text) + " = "
      line(head, .bracketed("(", group.settings.map(Piece.argument), ")"), level: 1)
    }
    text += "}\n"
  }

  private mutating func stack(_ head: String, _ stack: Stack, level: Int) {
    let margin = String(repeating: Self.indent, count: level)
    guard !stack.items.isEmpty else {
      text += "\(margin)\(head) {}\n"
      return
    }
    text += "\(margin)\(head) {\n"
    for item in stack.items { self.item(item, level: level + 1) }
    text += "\(margin)}\n"
  }

  mutating func item(_ item: Item, level: Int) {
    let name = item.name.map { "\($0.text) = " } ?? ""
    switch item.element {
    case .call(let call):
      line(String(repeating: Self.indent, count: level) + name, .call(call), level: level)
    case .sequential(let stack): self.stack(name + "Sequential", stack, level: level)
    }
  }

  // MARK: Lines

  /// A part of a line that can be broken inside its brackets.
  private indirect enum Piece {
    case text(String)
    case bracketed(String, [Piece], String)
    case joined([Piece], String)

    static func value(_ value: Expression) -> Piece { self.value(value, inList: false) }

    private static func value(_ value: Expression, inList: Bool) -> Piece {
      switch value.kind {
      case .list(let elements):
        let (open, close) = Printer.brackets(of: elements, inList: inList)
        return .bracketed(open, elements.map { self.value($0, inList: true) }, close)
      case .call(let call): return .call(call)
      default: return .text(Printer.value(value))
      }
    }

    static func call(_ call: Call) -> Piece {
      .joined([.text(call.name.text), .bracketed("(", call.arguments.map(Piece.argument), ")")], "")
    }

    static func argument(_ argument: Argument) -> Piece {
      guard let name = argument.name else { return .value(argument.value) }
      return .joined([.text("\(name.text)="), .value(argument.value)], "")
    }

    var flat: String {
      switch self {
      case .text(let text): text
      case .bracketed(let open, let pieces, let close):
        open + pieces.map(\.flat).joined(separator: ", ") + close
      case .joined(let pieces, let separator): pieces.map(\.flat).joined(separator: separator)
      }
    }
  }

  private mutating func line(_ head: String, _ piece: Piece, level: Int = 0) {
    text += head
    write(piece, level: level, column: head.unicodeScalars.count)
    text += "\n"
  }

  /// Writes `piece` on this line if it fits, else the outermost bracket with an element a line.
  private mutating func write(_ piece: Piece, level: Int, column: Int) {
    let flat = piece.flat
    guard column + flat.unicodeScalars.count > Self.lineLength else {
      text += flat
      return
    }
    switch piece {
    case .text(let part): text += part
    case .joined(let pieces, let separator):
      for (index, part) in pieces.enumerated() {
        if index > 0 { text += separator }
        // The last bracket is the one to break.
        if index == pieces.count - 1 {
          write(part, level: level, column: Self.lineLength)
        } else {
          text += part.flat
        }
      }
    case .bracketed(let open, let pieces, let close):
      guard !pieces.isEmpty else {
        text += open + close
        return
      }
      text += open + "\n"
      let margin = String(repeating: Self.indent, count: level + 1)
      for (index, part) in pieces.enumerated() {
        text += margin
        write(part, level: level + 1, column: margin.count + 1)
        text += index < pieces.count - 1 ? ",\n" : "\n"
      }
      text += String(repeating: Self.indent, count: level) + close
    }
  }

  // MARK: Values

  /// Plain values read as PyTorch's tuple; rows, lists of calls and single values as a list.
  static func brackets(of elements: [Expression], inList: Bool) -> (String, String) {
    if inList { return ("[", "]") }
    let isPlain = elements.allSatisfy {
      switch $0.kind {
      case .list, .call: false
      default: true
      }
    }
    return isPlain && elements.count >= 2 ? ("(", ")") : ("[", "]")
  }

  static func call(_ call: Call) -> String {
    call.name.text + "(" + call.arguments.map(argument).joined(separator: ", ") + ")"
  }

  private static func argument(_ argument: Argument) -> String {
    (argument.name.map { "\($0.text)=" } ?? "") + value(argument.value)
  }

  static func value(_ value: Expression, inList: Bool = false) -> String {
    switch value.kind {
    case .number(let text): return text
    case .string(let text): return StringLiteral.quoted(text)
    case .boolean(let flag): return flag ? "True" : "False"
    case .none: return "None"
    case .hole: return "_"
    case .word(let text): return text
    case .list(let elements):
      let (open, close) = brackets(of: elements, inList: inList)
      return open + elements.map { Self.value($0, inList: true) }.joined(separator: ", ") + close
    case .unary(let operation, let operand):
      return operation.rawValue + self.operand(operand, tighterThan: Parser.unaryPrecedence - 1)
    case .binary(let operation, let left, let right):
      let precedence = Parser.precedence(operation)
      if operation == .power {
        // To the right first; a sign may stand before the exponent but not before the base.
        return operand(left, tighterThan: precedence) + " ** "
          + operand(right, tighterThan: Parser.unaryPrecedence - 1)
      }
      return operand(left, tighterThan: precedence - 1) + " \(operation.rawValue) "
        + operand(right, tighterThan: precedence)
    case .call(let call): return Self.call(call)
    }
  }

  /// An operand, in parentheses where its own operator holds no tighter than `limit`.
  private static func operand(_ value: Expression, tighterThan limit: Int) -> String {
    let precedence: Int? =
      switch value.kind {
      case .unary: Parser.unaryPrecedence
      case .binary(let operation, _, _): Parser.precedence(operation)
      default: nil
      }
    let text = Self.value(value)
    return (precedence ?? .max) <= limit ? "(\(text))" : text
  }
}
