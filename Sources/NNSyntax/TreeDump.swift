import NNDiagnostics

/// The tree, one node a line, two spaces a level; the same for both spellings.
///
///     model Tudui
///       layer Conv2d
///         3
///         32
///         stride = 1
///       block = sequential
///         layer Flatten
///
/// A statement begins with its keyword. Values stand as they are written (`3`, `1_000`, `"data"`, `True`,
/// `None`, `_`), after `NAME = ` where they are named; what has parts says its kind first: `word same`,
/// `list`, `operator *`, `call randn`, `layer Conv2d`, `source CIFAR10`, `else Shapes10`,
/// `parameter x`. No two trees
/// have the same dump, spans aside.
///
/// - Parameter spans: adds ` @ 3:5-3:43`, first line and column and those just past the end.
public func dump(_ document: Document, spans: Bool) -> String {
  var dumper = TreeDumper(file: spans ? document.file : nil)
  for statement in document.statements { dumper.statement(statement) }
  return dumper.text
}

private struct TreeDumper {
  /// Set where positions are wanted.
  let file: SourceFile?
  var text = ""
  var level = 0

  mutating func node(_ label: String, _ span: Span, children: (inout TreeDumper) -> Void = { _ in }) {
    text += String(repeating: "  ", count: level) + label
    if let file {
      let (start, end) = (file.position(of: span.start), file.position(of: span.end))
      text += " @ \(start.line):\(start.column)-\(end.line):\(end.column)"
    }
    text += "\n"
    level += 1
    children(&self)
    level -= 1
  }

  mutating func statement(_ statement: Statement) {
    let span = statement.span
    switch statement.kind {
    case .binding(let name, let value): node("let \(name.text)", span) { $0.value(value) }
    case .seed(let value): node("seed", span) { $0.value(value) }
    case .input(let value): node("input", span) { $0.value(value) }
    case .data(let data):
      node(named("data", data.name), span) { dumper in
        for (index, source) in data.sources.enumerated() {
          dumper.call(source, as: index == 0 ? "source" : "else")
        }
        dumper.arguments(data.settings)
      }
    case .model(let name, let stack): node("model \(name.text)", span) { $0.stack(stack) }
    case .layer(let layer):
      node("layer \(layer.name.text)", span) { dumper in
        for parameter in layer.parameters {
          if let value = parameter.defaultValue {
            dumper.value(value, head: "\(parameter.name.text) = ", span: parameter.span)
          } else {
            dumper.node("parameter \(parameter.name.text)", parameter.span)
          }
        }
        dumper.value(layer.body, head: "body = ")
      }
    case .component(let component, let name, let call, let groups):
      node(named(component.rawValue, name), span) { dumper in
        dumper.call(call, as: "call")
        for group in groups {
          dumper.node("group \(StringLiteral.quoted(group.pattern.text))", group.span) {
            $0.arguments(group.settings)
          }
        }
      }
    case .train(let settings): node("train", span) { $0.arguments(settings) }
    }
  }

  private func named(_ keyword: String, _ name: Name?) -> String {
    name.map { "\(keyword) \($0.text)" } ?? keyword
  }

  private mutating func stack(_ stack: Stack) {
    for item in stack.items {
      let head = item.name.map { "\($0.text) = " } ?? ""
      switch item.element {
      case .call(let call):
        node("\(head)layer \(call.name.text)", item.span) { $0.arguments(call.arguments) }
      case .sequential(let stack): node("\(head)sequential", item.span) { $0.stack(stack) }
      }
    }
  }

  private mutating func call(_ call: Call, as kind: String) {
    node("\(kind) \(call.name.text)", call.span) { $0.arguments(call.arguments) }
  }

  private mutating func arguments(_ arguments: [Argument]) {
    for argument in arguments {
      value(argument.value, head: argument.name.map { "\($0.text) = " } ?? "", span: argument.span)
    }
  }

  private mutating func value(_ value: Expression, head: String = "", span: Span? = nil) {
    let span = span ?? value.span
    switch value.kind {
    case .number(let text): node(head + text, span)
    case .string(let text): node(head + StringLiteral.quoted(text), span)
    case .boolean(let flag): node(head + (flag ? "True" : "False"), span)
    case .none: node(head + "None", span)
    case .hole: node(head + "_", span)
    case .word(let text): node("\(head)word \(text)", span)
    case .list(let elements):
      node("\(head)list", span) { dumper in for element in elements { dumper.value(element) } }
    case .unary(let operation, let operand):
      node("\(head)sign \(operation.rawValue)", span) { $0.value(operand) }
    case .binary(let operation, let left, let right):
      node("\(head)operator \(operation.rawValue)", span) { dumper in
        dumper.value(left)
        dumper.value(right)
      }
    case .call(let call):
      node("\(head)call \(call.name.text)", span) { $0.arguments(call.arguments) }
    }
  }
}
