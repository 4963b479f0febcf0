import NNDiagnostics
import NNSyntax

/// A file's statements by kind; what may be there once is, and names are told apart.
struct Statements {
  var seed: Expression?
  var input: (value: Expression, statement: Statement)?
  var data: [(data: DataStatement, statement: Statement)] = []
  var models: [(name: Name, stack: Stack, statement: Statement)] = []
  var layers: [LayerDefinition] = []
  var loss: (call: Call, statement: Statement)?
  var optimizer: (call: Call, groups: [ParameterGroup], name: Name?, statement: Statement)?
  var schedule: (call: Call, statement: Statement)?
  var train: (settings: [Argument], statement: Statement)?

  private let report: Reporter

  init(_ document: Document, _ evaluator: Evaluator, _ report: Reporter) {
    self.report = report
    var seen: [String: Span] = [:]
    for statement in document.statements {
      switch statement.kind {
      case .binding(let name, let value):
        checkName(name)
        evaluator.define(name, value, statement: statement.span)
      case .seed(let value): if isFirst("seed", statement, &seen) { seed = value }
      case .input(let value): if isFirst("input", statement, &seen) { input = (value, statement) }
      case .data(let statementData): addData(statementData, statement, &seen)
      case .model(let name, let stack):
        checkName(name)
        if isNew(name, kind: "model", &seen) { models.append((name, stack, statement)) }
      case .layer(let definition):
        checkName(definition.name)
        if Formula.Function(rawValue: definition.name.text) != nil {
          report.error(
            "reserved-name", "`\(definition.name.text)` is a function of formulas", at: definition.name.span,
            help: "take another name")
        }
        if isNew(definition.name, kind: "layer", &seen) { layers.append(definition) }
      case .component(.loss, let name, let call, _):
        if let name { checkName(name) }
        if isFirst("loss", statement, &seen) { loss = (call, statement) }
      case .component(.optimizer, let name, let call, let groups):
        if let name { checkName(name) }
        if isFirst("optimizer", statement, &seen) { optimizer = (call, groups, name, statement) }
      case .component(.schedule, let name, let call, _):
        if let name { checkName(name) }
        if isFirst("schedule", statement, &seen) { schedule = (call, statement) }
      case .train(let settings): if isFirst("train", statement, &seen) { train = (settings, statement) }
      }
    }
    for name in document.unreadBindings { evaluator.defineUnread(name) }
    for (name, kind) in models.map({ ($0.name, "model") }) + layers.map({ ($0.name, "layer") }) {
      guard let place = evaluator.place(of: name.text) else { continue }
      report.error(
        "duplicate-name", "`\(name.text)` is a \(kind) and a `let`", at: name.span,
        notes: [report.note(at: place, "the `let`")], help: "give one of them another name")
    }
    for layer in layers {
      guard let model = models.first(where: { $0.name.text == layer.name.text }) else { continue }
      report.error(
        "duplicate-name", "`\(layer.name.text)` is a layer and a model", at: layer.name.span,
        notes: [report.note(at: model.name.span, "the model")], help: "give one of them another name")
    }
  }

  private mutating func addData(_ data: DataStatement, _ statement: Statement, _ seen: inout [String: Span]) {
    if let name = data.name { checkName(name) }
    let split = data.name?.text ?? "train"
    let place = data.name?.span ?? statement.keyword
    if let earlier = seen["data " + split] {
      report.error(
        "duplicate-statement",
        data.name == nil
          ? "there is a second `data`; without a name it is the split `train`"
          : "there are two splits `\(split)`",
        at: place, notes: [report.note(at: earlier, "the first one")],
        help: "name them: data train = …, data val = …, data test = …")
      return
    }
    seen["data " + split] = place
    self.data.append((data, statement))
  }

  /// What a file has once at most.
  private func isFirst(_ word: String, _ statement: Statement, _ seen: inout [String: Span]) -> Bool {
    if let earlier = seen[word] {
      report.error(
        "duplicate-statement", "there is a second `\(word)`; training uses one", at: statement.keyword,
        notes: [report.note(at: earlier, "the first one")], help: "delete one of them")
      return false
    }
    seen[word] = statement.keyword
    return true
  }

  private func isNew(_ name: Name, kind: String, _ seen: inout [String: Span]) -> Bool {
    if let earlier = seen[kind + " " + name.text] {
      report.error(
        "duplicate-name", "there are two \(kind)s `\(name.text)`", at: name.span,
        notes: [report.note(at: earlier, "the first one")], help: "give one of them another name")
      return false
    }
    seen[kind + " " + name.text] = name.span
    return true
  }

  /// A name of the user's may not hide one of the catalogue.
  private func checkName(_ name: Name) {
    guard Catalogue.isReserved(name.text) else { return }
    report.error(
      "reserved-name", "`\(name.text)` is nnrun's own name", at: name.span, help: "take another name")
  }
}
