import NNDiagnostics

/// The tree as JSON, a statement a line: `{"statements": […]}`.
///
/// A statement is `{"kind": KEYWORD, …}` with `name`, `value`, `sources`, `settings`, `layers`, `call`,
/// `parameters` (each `{"name", "value"}`, null without a default) or `body` as it has them, an optimizer also
/// `groups` if it has some, each `{"pattern", "settings"}`; a call `{"name", "arguments"}`; an argument `{"name", "value"}` with a null name where
/// it is positional; a layer `{"name", "call"}` or `{"name", "layers"}`. A value is `{"kind": "number",
/// "text": "1_000"}`, `{"kind": "string", "text": …}`, `{"kind": "boolean", "value": true}`, `{"kind":
/// "none"}`, `{"kind": "hole"}`, `{"kind": "word", "text": …}`, `{"kind": "list", "elements": […]}`,
/// `{"kind": "sign" | "operator", "operator": "+", "operands": […]}` or `{"kind": "call", "call": …}`.
///
/// - Parameter spans: adds `"span": {"line", "column", "endLine", "endColumn"}` to every object.
public func dumpJSON(_ document: Document, spans: Bool = false) -> String {
  let lines = document.statements.map { statement in
    var writer = JSONWriter(file: spans ? document.file : nil)
    writer.statement(statement)
    return "  " + writer.text
  }
  return lines.isEmpty
    ? "{\"statements\": []}\n" : "{\"statements\": [\n\(lines.joined(separator: ",\n"))\n]}\n"
}

private struct JSONWriter {
  let file: SourceFile?
  var text = ""
  private var needsComma = false

  init(file: SourceFile?) { self.file = file }

  // MARK: JSON

  mutating func object(_ span: Span? = nil, _ fields: (inout JSONWriter) -> Void) {
    separate()
    text += "{"
    needsComma = false
    fields(&self)
    if let file, let span {
      let (start, end) = (file.position(of: span.start), file.position(of: span.end))
      separate()
      text += "\"span\": {\"line\": \(start.line), \"column\": \(start.column), "
      text += "\"endLine\": \(end.line), \"endColumn\": \(end.column)}"
    }
    text += "}"
    needsComma = true
  }

  mutating func field(_ name: String, _ value: (inout JSONWriter) -> Void) {
    separate()
    text += "\"\(name)\": "
    needsComma = false
    value(&self)
    needsComma = true
  }

  mutating func field(_ name: String, _ value: String) { field(name) { $0.text += jsonString(value) } }

  mutating func array<Element>(_ elements: [Element], _ write: (inout JSONWriter, Element) -> Void) {
    text += "["
    needsComma = false
    for element in elements { write(&self, element) }
    text += "]"
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { text += ", " }
    needsComma = false
  }

  // MARK: The tree

  mutating func statement(_ statement: Statement) {
    object(statement.span) { writer in
      switch statement.kind {
      case .binding(let name, let value):
        writer.field("kind", "let")
        writer.field("name", name.text)
        writer.field("value") { $0.value(value) }
      case .seed(let value):
        writer.field("kind", "seed")
        writer.field("value") { $0.value(value) }
      case .input(let value):
        writer.field("kind", "input")
        writer.field("value") { $0.value(value) }
      case .data(let data):
        writer.field("kind", "data")
        writer.name(data.name)
        writer.field("sources") { $0.array(data.sources) { $0.call($1) } }
        writer.field("settings") { $0.arguments(data.settings) }
      case .model(let name, let stack):
        writer.field("kind", "model")
        writer.field("name", name.text)
        writer.field("layers") { $0.items(stack) }
      case .layer(let layer):
        writer.field("kind", "layer")
        writer.field("name", layer.name.text)
        writer.field("parameters") { writer in
          writer.array(layer.parameters) { writer, parameter in
            writer.object(parameter.span) { writer in
              writer.field("name", parameter.name.text)
              writer.field("value") { writer in
                if let value = parameter.defaultValue { writer.value(value) } else { writer.text += "null" }
              }
            }
          }
        }
        writer.field("body") { $0.value(layer.body) }
      case .component(let component, let name, let call, let groups):
        writer.field("kind", component.rawValue)
        writer.name(name)
        writer.field("call") { $0.call(call) }
        if !groups.isEmpty { writer.field("groups") { $0.groups(groups) } }
      case .train(let settings):
        writer.field("kind", "train")
        writer.field("settings") { $0.arguments(settings) }
      }
    }
  }

  private mutating func name(_ name: Name?) {
    field("name") { $0.text += name.map { jsonString($0.text) } ?? "null" }
  }

  private mutating func groups(_ groups: [ParameterGroup]) {
    array(groups) { writer, group in
      writer.object(group.span) { writer in
        writer.field("pattern", group.pattern.text)
        writer.field("settings") { $0.arguments(group.settings) }
      }
    }
  }

  private mutating func items(_ stack: Stack) {
    array(stack.items) { writer, item in
      writer.object(item.span) { writer in
        writer.name(item.name)
        switch item.element {
        case .call(let call): writer.field("call") { $0.call(call) }
        case .sequential(let stack): writer.field("layers") { $0.items(stack) }
        }
      }
    }
  }

  private mutating func call(_ call: Call) {
    object(call.span) { writer in
      writer.field("name", call.name.text)
      writer.field("arguments") { $0.arguments(call.arguments) }
    }
  }

  private mutating func arguments(_ arguments: [Argument]) {
    array(arguments) { writer, argument in
      writer.object(argument.span) { writer in
        writer.name(argument.name)
        writer.field("value") { $0.value(argument.value) }
      }
    }
  }

  private mutating func value(_ value: Expression) {
    object(value.span) { writer in
      switch value.kind {
      case .number(let text):
        writer.field("kind", "number")
        writer.field("text", text)
      case .string(let text):
        writer.field("kind", "string")
        writer.field("text", text)
      case .boolean(let flag):
        writer.field("kind", "boolean")
        writer.field("value") { $0.text += flag ? "true" : "false" }
      case .none: writer.field("kind", "none")
      case .hole: writer.field("kind", "hole")
      case .word(let text):
        writer.field("kind", "word")
        writer.field("text", text)
      case .list(let elements):
        writer.field("kind", "list")
        writer.field("elements") { $0.array(elements) { $0.value($1) } }
      case .unary(let operation, let operand): writer.operation("sign", operation.rawValue, [operand])
      case .binary(let operation, let left, let right):
        writer.operation("operator", operation.rawValue, [left, right])
      case .call(let call):
        writer.field("kind", "call")
        writer.field("call") { $0.call(call) }
      }
    }
  }

  private mutating func operation(_ kind: String, _ sign: String, _ operands: [Expression]) {
    field("kind", kind)
    field("operator", sign)
    field("operands") { $0.array(operands) { $0.value($1) } }
  }
}
