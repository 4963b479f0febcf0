import NNDiagnostics
import NNSyntax

/// Checks that every span of a tree lies in the file, between characters, and in its parent's.
public struct SpanCheck {
  private let file: SourceFile
  private var problems: [String] = []

  /// What is wrong with the spans of a tree; empty where nothing is.
  public static func problems(in document: Document) -> [String] {
    var check = SpanCheck(file: document.file)
    for statement in document.statements { check.visit(statement) }
    return check.problems
  }

  /// The same of findings in `file` and their notes.
  public static func problems(in diagnostics: [Diagnostic], of file: SourceFile) -> [String] {
    var check = SpanCheck(file: file)
    for diagnostic in diagnostics {
      // Of a file that is no text, a byte is all that can be shown.
      if diagnostic.code != "invalid-utf8" { check.visit(diagnostic.span, diagnostic.code) }
      for note in diagnostic.notes { check.visit(note.span, "note of \(diagnostic.code)") }
    }
    return check.problems
  }

  private init(file: SourceFile) { self.file = file }

  private mutating func visit(_ span: Span, _ what: String, in parent: Span? = nil) {
    let bytes = file.bytes
    func splits(_ offset: Int) -> Bool { offset < bytes.count && bytes[offset] & 0xC0 == 0x80 }
    if span.start < 0 || span.end < span.start || span.end > bytes.count {
      problems.append("\(what): \(span) is not in a file of \(bytes.count) bytes")
    } else if splits(span.start) || splits(span.end) {
      problems.append("\(what): \(span) cuts a character")
    } else if let parent, span.start < parent.start || span.end > parent.end {
      problems.append("\(what): \(span) is not inside \(parent)")
    }
  }

  private mutating func visit(_ statement: Statement) {
    let span = statement.span
    visit(span, "statement")
    visit(statement.keyword, "keyword")
    switch statement.kind {
    case .binding(let name, let value):
      visit(name.span, name.text, in: span)
      visit(value, in: span)
    case .seed(let value), .input(let value):
      visit(value, in: span)
    case .data(let data):
      if let name = data.name { visit(name.span, name.text, in: span) }
      for source in data.sources { visit(source, in: span) }
      for setting in data.settings { visit(setting, in: span) }
    case .model(let name, let stack):
      visit(name.span, name.text, in: span)
      visit(stack, in: span)
    case .layer(let layer):
      visit(layer.name.span, layer.name.text, in: span)
      for parameter in layer.parameters {
        visit(parameter.span, "parameter", in: span)
        visit(parameter.name.span, parameter.name.text, in: parameter.span)
        if let value = parameter.defaultValue { visit(value, in: parameter.span) }
      }
      visit(layer.body, in: span)
    case .component(_, let name, let call, let groups):
      if let name { visit(name.span, name.text, in: span) }
      visit(call, in: span)
      for group in groups {
        visit(group.span, "group", in: span)
        visit(group.pattern.span, group.pattern.text, in: group.span)
        for setting in group.settings { visit(setting, in: group.span) }
      }
    case .train(let settings):
      for setting in settings { visit(setting, in: span) }
    }
  }

  private mutating func visit(_ stack: Stack, in parent: Span) {
    visit(stack.span, "stack", in: parent)
    for item in stack.items {
      visit(item.span, "item", in: stack.span)
      if let name = item.name { visit(name.span, name.text, in: item.span) }
      switch item.element {
      case .call(let call): visit(call, in: item.span)
      case .sequential(let stack): visit(stack, in: item.span)
      }
    }
  }

  private mutating func visit(_ call: Call, in parent: Span) {
    visit(call.span, call.name.text, in: parent)
    visit(call.name.span, call.name.text, in: call.span)
    for argument in call.arguments { visit(argument, in: call.span) }
  }

  private mutating func visit(_ argument: Argument, in parent: Span) {
    visit(argument.span, "argument", in: parent)
    if let name = argument.name { visit(name.span, name.text, in: argument.span) }
    visit(argument.value, in: argument.span)
  }

  private mutating func visit(_ value: Expression, in parent: Span) {
    visit(value.span, "value", in: parent)
    switch value.kind {
    case .number, .string, .boolean, .none, .hole, .word: return
    case .list(let elements): for element in elements { visit(element, in: value.span) }
    case .unary(_, let operand): visit(operand, in: value.span)
    case .binary(_, let left, let right):
      visit(left, in: value.span)
      visit(right, in: value.span)
    case .call(let call): visit(call, in: value.span)
    }
  }
}
