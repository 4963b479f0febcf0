import NNDiagnostics
import NNSyntax

/// The document with the overrides made, in order, and what is wrong with them.
///
/// A path is a `let` name, `seed`, `input`, `loss`, `optimizer`, `data`, `data.SETTING`,
/// `data.NAME.SETTING`, `data.CIFAR10.ARGUMENT`, `train.SETTING`, `loss.ARGUMENT`,
/// `optimizer.ARGUMENT`, a model's name, or a layer or its argument below that: `Tudui[0]`,
/// `Tudui.3.0`, `Tudui.conv1.stride`. What is legal but not yet written is added; what matches
/// nothing is an error that points at the option.
public func apply(_ overrides: [Override], to document: Document) -> (
  document: Document, diagnostics: [Diagnostic]
) {
  var editor = OverrideEditor(document: document)
  for override in overrides { editor.apply(override) }
  return (editor.document, editor.diagnostics)
}

/// Makes overrides to a document, one after the other.
struct OverrideEditor {
  var document: Document
  var diagnostics: [Diagnostic] = []
  /// The override being made, and what its spans carry.
  var current: Override?
  var source = 0

  mutating func apply(_ override: Override) {
    document.otherSources.append(override.source)
    source = document.otherSources.count
    current = override
    guard let path = OverridePath(override.path), let first = path.steps.first else {
      fail(
        "bad-path", "`\(shortened(override.path))` is no path",
        help: "write names and numbers joined by dots: train.epochs, optimizer.lr, Tudui[0], Tudui.3.0")
      return
    }
    let rest = path.steps.dropFirst()
    if let index = indexOfBinding(first), rest.isEmpty { return setBinding(index) }
    if let index = indexOfModel(first) { return setModel(index, rest) }
    switch first {
    case "seed", "input": setValue(first, rest)
    case "data": setData(rest)
    case "train": setTrain(rest)
    case "loss": setComponent(.loss, rest)
    case "optimizer": setComponent(.optimizer, rest)
    case "schedule": setComponent(.schedule, rest)
    default: failUnmatched(path.steps[0], among: names)
    }
  }

  /// What a path may begin with.
  private var names: [String] {
    let own = document.statements.compactMap { statement -> String? in
      switch statement.kind {
      case .binding(let name, _), .model(let name, _): name.text
      default: nil
      }
    }
    return own + ["seed", "input", "data", "train", "loss", "optimizer", "schedule"]
  }

  // MARK: What stands for itself

  func indexOfBinding(_ name: String) -> Int? {
    document.statements.firstIndex {
      if case .binding(let bound, _) = $0.kind { return bound.text == name }
      return false
    }
  }

  private mutating func setBinding(_ index: Int) {
    guard case .binding(let name, _) = document.statements[index].kind, let value = expression() else {
      return
    }
    document.statements[index].kind = .binding(name, value)
  }

  /// `seed`, `input`.
  private mutating func setValue(_ keyword: String, _ rest: ArraySlice<String>) {
    guard rest.isEmpty else {
      return fail("no-match", "`\(keyword)` has no settings", help: "write --set \(keyword)=…")
    }
    guard let value = expression() else { return }
    let kind: Statement.Kind = keyword == "seed" ? .seed(value) : .input(value)
    let index = document.statements.firstIndex {
      switch ($0.kind, kind) {
      case (.seed, .seed), (.input, .input): true
      default: false
      }
    }
    put(kind, at: index)
  }

  private mutating func setTrain(_ rest: ArraySlice<String>) {
    let index = document.statements.firstIndex {
      if case .train = $0.kind { return true }
      return false
    }
    guard let index, case .train(var settings) = document.statements[index].kind else {
      return fail("no-match", "the file has no `train`", help: "add train(epochs=…) to it")
    }
    guard rest.count == 1, let name = rest.first else {
      return fail("no-match", "a setting of `train` is one name", help: "write --set train.epochs=3")
    }
    if set(name, in: &settings, of: "train") { document.statements[index].kind = .train(settings) }
  }

  /// `loss`, `optimizer`, `schedule`, with the component's name after it where several are told apart.
  private mutating func setComponent(_ component: Statement.Component, _ path: ArraySlice<String>) {
    var rest = path
    let all = document.statements.indices.filter {
      if case .component(component, _, _, _) = document.statements[$0].kind { return true }
      return false
    }
    var index = all.first
    let named = all.first {
      if case .component(_, let name?, _, _) = document.statements[$0].kind { return name.text == rest.first }
      return false
    }
    if let named {
      index = named
      rest = rest.dropFirst()
    } else if all.count > 1 {
      return fail(
        "ambiguous-path", "the file has \(all.count) `\(component.rawValue)` statements",
        help: "put the name after it: \(component.rawValue).NAME.ARGUMENT")
    }
    if rest.isEmpty {
      var name: Name?
      if let index, case .component(_, let written, _, _) = document.statements[index].kind { name = written }
      return setStatement(component.rawValue, name: name, at: index)
    }
    guard let index, case .component(_, let name, var call, let groups) = document.statements[index].kind
    else {
      return fail(
        "no-match", "the file has no `\(component.rawValue)`",
        help: "set it whole: --set \(component.rawValue)=…")
    }
    guard rest.count == 1, let argument = rest.first else {
      return fail("no-match", "an argument of \(call.name.text) is one name")
    }
    if set(argument, in: &call) {
      document.statements[index].kind = .component(component, name: name, call, groups: groups)
    }
  }

  // MARK: Pieces

  /// Replaces a statement, or adds it at the end.
  mutating func put(_ kind: Statement.Kind, at index: Int?) {
    if let index {
      document.statements[index].kind = kind
    } else if let current {
      let span = current.valueSpan.stamped(source)
      document.statements.append(Statement(kind, span: span, keyword: span))
    }
  }

  /// The value of the override, or nil where it is none, which is reported.
  mutating func expression() -> Expression? {
    guard let current else { return nil }
    let parsed = parseExpression(current.source, in: current.valueSpan)
    diagnostics += parsed.diagnostics
    return parsed.diagnostics.hasErrors ? nil : parsed.expression?.stamped(source)
  }

  mutating func fail(_ code: String, _ message: String, help: String? = nil) {
    guard let current else { return }
    let span = current.pathSpan.end > 0 ? current.pathSpan : current.valueSpan
    diagnostics.append(
      Diagnostic(.error, code: code, message, in: current.source, at: span.stamped(source), help: help))
  }

  mutating func failUnmatched(_ word: String, among names: [String]) {
    fail(
      "no-match", "the file has no `\(shortened(word))`",
      help: didYouMean(word, from: names)
        ?? (names.isEmpty ? nil : "there are \(list(Array(names.prefix(8))))"))
  }
}
