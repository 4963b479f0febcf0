import NNDiagnostics
import NNSyntax

// The optimizer: its arguments, and the model that it updates.
extension Checker {
  struct CheckedOptimizer {
    let entry: OptimizerEntry
    let plan: OptimizerPlan?
  }

  func checkOptimizer(_ mainModel: Int?, _ models: [CheckedModel]) -> CheckedOptimizer? {
    guard let (call, groups, _, statement) = statements.optimizer else { return nil }
    var entry = Catalogue.optimizers.first { $0.schema.name == call.name.text }
    if entry == nil {
      let near = UnknownEntry(report: report).report(call.name, wanted: .optimizer)
      entry = Catalogue.optimizers.first { $0.schema.name == near }
    }
    guard let entry else { return nil }
    if statements.train == nil && !options.isApplied && !report.hasSyntaxErrors {
      report.warning(
        "optimizer-without-train", "the file has an optimizer but no `train`: nothing is trained",
        at: statement.keyword, help: "add train(epochs=10)")
    }
    var arguments = call.arguments
    var model = mainModel
    if let first = arguments.first, first.name == nil || first.name?.text == "params", namesModel(first.value)
    {
      model = self.model(of: first.value, mainModel)
      arguments.removeFirst()
    }
    let bound = binder.bind(
      arguments, to: entry.schema, name: call.name, isDamaged: report.isDamaged(call.span))
    let kind = entry.configure(bound, report)
    judge(entry, bound)
    var own: OptimizerPlan.Group?
    if bound.isComplete, let kind, let rate = bound.number("lr") {
      own = OptimizerPlan.Group(pattern: nil, kind: kind, lr: rate, text: bound.canonicalText)
    }
    let rest = groups.map { check($0, entry, bound, isOwnRight: own != nil) }
    let plan = model.flatMap { models.indices.contains($0) ? models[$0].plan : nil }
    let matched = plan.flatMap { match(groups, in: $0) }
    guard let own, !rest.contains(where: { $0 == nil }) else {
      return CheckedOptimizer(entry: entry, plan: nil)
    }
    return CheckedOptimizer(
      entry: entry,
      plan: OptimizerPlan(
        groups: [own] + rest.compactMap { $0 }, matched: matched ?? [:], model: model ?? 0, span: call.span))
  }

  /// True for `Tudui`, `tudui.parameters()`, `[…]`, in the place of PyTorch's first argument.
  private func namesModel(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .call, .list: true
    case .word(let word): evaluator.place(of: word) == nil
    default: false
    }
  }

  private func model(of expression: Expression, _ mainModel: Int?) -> Int? {
    let names = statements.models.map(\.name.text)
    var name: String?
    switch expression.kind {
    case .word(let word): name = word
    case .call(let call):
      let parts = call.name.text.split(separator: ".")
      if parts.count == 2, parts.last == "parameters", call.arguments.isEmpty { name = String(parts[0]) }
    default: break
    }
    guard let name else {
      var found = expression.sourceText
      if case .list = expression.kind { found = "a list" }
      report.error(
        "not-a-model", "an optimizer is given a model or its parameters, not \(found)",
        at: expression.span, help: names.first.map { "write \($0).parameters(), or leave it out" })
      return mainModel
    }
    // A pasted line has PyTorch's variable, the same word in small letters.
    let index = names.firstIndex(of: name) ?? names.firstIndex { $0.lowercased() == name.lowercased() }
    guard let index else {
      report.error(
        "unknown-model", "there is no model `\(shortened(name))`", at: expression.span,
        help: didYouMean(name, from: names)
          ?? names.first.map { "write \($0).parameters(), or leave it out" })
      return mainModel
    }
    if let mainModel, index != mainModel, isTraining, names.indices.contains(mainModel) {
      report.error(
        "models-disagree", "`train` trains \(names[mainModel]), and the optimizer updates \(names[index])",
        at: expression.span, help: "write \(names[mainModel]).parameters(), or leave it out")
    }
    return index
  }

  /// Warns of a learning rate that is probably a mistake.
  func judge(_ entry: OptimizerEntry, _ bound: BoundCall) {
    guard let rate = bound.number("lr") else { return }
    if rate == 0 {
      report.warning(
        "rate-zero", "with lr=0 nothing is learned", at: bound.span("lr"), help: "lr=0.01 is usual")
    } else if rate > entry.highRate {
      report.warning(
        "high-rate",
        "a learning rate of \(bound["lr"].value?.description ?? "") is very high for \(entry.schema.name): training will "
          + "probably diverge", at: bound.span("lr"),
        help: "rates from 0.0001 to \(numberText(entry.highRate / 10)) are usual")
    }
  }

  /// Reports a model without a weight that training could change.
  func checkTrainable(_ plan: ExperimentPlan) {
    guard let optimizer = plan.optimizer, plan.models.indices.contains(optimizer.model) else { return }
    let model = plan.models[optimizer.model]
    guard !model.layers.contains(where: \.isTrainable) else { return }
    let hasWeights = model.layers.contains { !$0.configuration.rules.weights.isEmpty }
    report.error(
      "nothing-to-train",
      hasWeights
        ? "every weight of `\(model.name)` has requires_grad=False: there is nothing to train"
        : "no layer of `\(model.name)` has weights: there is nothing to train", at: optimizer.span,
      notes: [report.note(at: model.span, "the model")],
      help: hasWeights
        ? "leave requires_grad out of a layer" : "add a layer with weights, such as Linear(_, 10)")
  }
}

extension LayerPlan {
  /// It, or a layer inside it, has weights that a step changes.
  fileprivate var isTrainable: Bool {
    if case .sequential(let inner) = configuration { return inner.contains(where: \.isTrainable) }
    return !isFrozen && !configuration.rules.weights.isEmpty
  }
}
