import NNDiagnostics
import NNSyntax

// Overrides of single arguments and of what holds them: data sets and their loader.
extension OverrideEditor {
  /// Sets an argument of a call; false where there is none of that name or no value, which is
  /// reported.
  mutating func set(_ argument: String, in call: inout Call) -> Bool {
    let others = beginsWithAnother(call) ? 1 : 0
    return set(argument, in: &call.arguments, of: call.name.text, after: others)
  }

  /// Sets `name` among the arguments of the catalogue's `owner`: where it is written, by name or by
  /// its position (`skipped` positional arguments come before the first parameter), else at the end.
  mutating func set(
    _ name: String, in arguments: inout [Argument], of owner: String, after skipped: Int = 0
  ) -> Bool {
    guard let current else { return false }
    if let schema = Catalogue.schema(owner) {
      guard let position = schema.index(of: name) else {
        let names = schema.parameters.map(\.name)
        fail(
          "no-match", "\(owner) has no setting `\(shortened(name))`",
          help: didYouMean(name, from: names) ?? "it takes \(schema.signature)")
        return false
      }
      guard let value = expression() else { return false }
      let places = schema.parameters[...position].filter { !$0.isReference }.count - 1 + skipped
      let positional = arguments.prefix { $0.name == nil }.count
      if let index = arguments.firstIndex(where: { $0.name?.text == name }) {
        arguments[index].value = value
      } else if places < positional, places >= 0 {
        arguments[places].value = value
      } else {
        arguments.append(
          Argument(name: Name(name, nameSpan(of: current)), value: value, span: value.span))
      }
      return true
    }
    fail("no-match", "`\(shortened(owner))` is not known, so it has no setting `\(shortened(name))`")
    return false
  }

  /// `SGD(tudui.parameters(), …)`, `Adam(D, …)`, `StepLR(optimizer, …)`: the first argument is a model or an
  /// optimizer, and no parameter of the catalogue's.
  private func beginsWithAnother(_ call: Call) -> Bool {
    guard let kind = Catalogue.schema(call.name.text)?.kind, kind == .optimizer || kind == .schedule,
      let first = call.arguments.first, first.name == nil
    else { return false }
    switch first.value.kind {
    case .word(let word): return indexOfBinding(word) == nil
    case .call: return true
    default: return false
    }
  }

  private func nameSpan(of override: Override) -> Span {
    (override.pathSpan.end > 0 ? override.pathSpan : override.valueSpan).stamped(source)
  }

  /// `data`, `data.SETTING`, `data.SOURCE.ARGUMENT`, each with the split's name after `data` where
  /// there are several.
  mutating func setData(_ path: ArraySlice<String>) {
    var rest = path
    let all = document.statements.indices.filter {
      if case .data = document.statements[$0].kind { return true }
      return false
    }
    let named = all.first {
      guard case .data(let data) = document.statements[$0].kind else { return false }
      return (data.name?.text ?? "train") == rest.first
    }
    if named != nil { rest = rest.dropFirst() }
    if named == nil && all.count > 1 {
      let names = all.compactMap { index -> String? in
        guard case .data(let data) = document.statements[index].kind else { return nil }
        return "data." + (data.name?.text ?? "train")
      }
      return fail(
        "ambiguous-path", "the file has \(all.count) `data` statements",
        help: "write which one: \(list(names, last: "or"))")
    }
    let index = named ?? all.first
    guard let setting = rest.first else { return setWholeData(at: index) }
    guard let index, case .data(var data) = document.statements[index].kind else {
      return fail("no-match", "the file has no `data`", help: "set it whole: --set data=…")
    }
    if rest.count == 1 {
      guard set(setting, in: &data.settings, of: "DataLoader") else { return }
    } else if let place = data.sources.firstIndex(where: { $0.name.text == setting }), rest.count == 2,
      let argument = rest.last
    {
      guard set(argument, in: &data.sources[place]) else { return }
    } else {
      return failUnmatched(setting, among: data.sources.map(\.name.text))
    }
    document.statements[index].kind = .data(data)
  }

  private mutating func setWholeData(at index: Int?) {
    var name: Name?
    if let index, case .data(let data) = document.statements[index].kind { name = data.name }
    setStatement("data", name: name, at: index)
  }

  /// Reads the value as the right side of `KEYWORD NAME = …`.
  mutating func setStatement(_ keyword: String, name: Name?, at index: Int?) {
    guard let current else { return }
    let parsed = parseStatementValue(
      Name(keyword, current.valueSpan), name: name, current.source, in: current.valueSpan)
    diagnostics += parsed.diagnostics
    guard !parsed.diagnostics.hasErrors, let statement = parsed.statement else { return }
    put(statement.stamped(source).kind, at: index)
  }
}

extension Parameter {
  /// Names a model: stands before the parameters proper.
  fileprivate var isReference: Bool {
    if case .reference = kind { return true }
    return false
  }
}
