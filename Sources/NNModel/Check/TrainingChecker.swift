import NNDiagnostics
import NNSyntax

// Loss, optimizer and `train`: their arguments, and what they have to do with the rest of the file.
extension Checker {
  struct CheckedLoss {
    let entry: LossEntry
    /// Nil where arguments are wrong.
    let plan: LossPlan?
    let call: Call
    let bound: BoundCall
  }

  func checkLoss() -> CheckedLoss? {
    guard let (call, statement) = statements.loss else { return nil }
    var entry = Catalogue.losses.first { $0.schema.name == call.name.text }
    if entry == nil {
      let near = UnknownEntry(report: report).report(call.name, wanted: .loss)
      entry = Catalogue.losses.first { $0.schema.name == near }
    }
    guard let entry else {
      for argument in call.arguments { _ = evaluator.evaluate(argument.value) }
      return nil
    }
    let bound = binder.bind(call, to: entry.schema)
    if statements.train == nil && !options.isApplied && !report.hasSyntaxErrors {
      report.warning(
        "loss-without-train", "the file has a loss but no `train`: nothing is trained", at: statement.keyword,
        help: "add train(epochs=10)")
    }
    let reduction = bound.text("reduction").flatMap(Reduction.init)
    if reduction == Reduction.none && isTraining {
      report.error(
        "loss-is-no-number",
        "with reduction='none' the loss is a number for each sample; training needs one to go down",
        at: bound.span("reduction"), help: "write reduction='mean' or reduction='sum'")
    }
    let kind = bound.isComplete ? entry.configure(bound) : nil
    var plan: LossPlan?
    if let kind, let reduction { plan = LossPlan(kind: kind, reduction: reduction, span: call.span) }
    return CheckedLoss(entry: entry, plan: plan, call: call, bound: bound)
  }

  struct CheckedOptimizer {
    let entry: OptimizerEntry
    let plan: OptimizerPlan?
  }

  func checkOptimizer(_ mainModel: Int?) -> CheckedOptimizer? {
    guard let (call, statement) = statements.optimizer else { return nil }
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
    guard let rate = bound.number("lr") else { return CheckedOptimizer(entry: entry, plan: nil) }
    judge(rate, entry, bound)
    guard bound.isComplete, let kind else { return CheckedOptimizer(entry: entry, plan: nil) }
    return CheckedOptimizer(
      entry: entry, plan: OptimizerPlan(kind: kind, lr: rate, model: model ?? 0, span: call.span))
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

  private func judge(_ rate: Double, _ entry: OptimizerEntry, _ bound: BoundCall) {
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

  /// The settings of `train`, and the plan where they are right.
  func checkTraining() -> (plan: TrainPlan?, bound: BoundCall?) {
    guard let (settings, statement) = statements.train else { return (nil, nil) }
    let bound = binder.bind(
      settings, to: TrainSettings.schema, name: Name("train", statement.keyword),
      isDamaged: report.isDamaged(statement.span))
    if let validate = bound.text("validate") { checkSplitName(validate, bound.span("validate")) }
    if let epochs = bound.integer("epochs"), let stop = bound.integer("early_stop"), stop >= epochs {
      report.warning(
        "early-stop-without-effect", "early_stop=\(stop) cannot act within \(counted(epochs, "epoch"))",
        at: bound.span("early_stop"))
    }
    guard bound.isComplete, let epochs = bound.integer("epochs"), let accumulate = bound.integer("accumulate")
    else { return (nil, bound) }
    return (
      TrainPlan(
        epochs: epochs, validate: bound.text("validate"), clipGradNorm: bound.number("clip_grad_norm"),
        clipGradValue: bound.number("clip_grad_value"), accumulate: accumulate,
        earlyStop: bound.integer("early_stop"), saveEvery: bound.interval("save_every"),
        timeLimit: bound.interval("time_limit"), span: statement.span), bound
    )
  }

  /// The names of all splits: those of the statements, and `val` where one is divided.
  private var splitNames: [String] {
    let isDivided = statements.data.contains { splitSetting(of: $0.data) != nil }
    return statements.data.map { $0.data.name?.text ?? "train" } + (isDivided ? ["val"] : [])
  }

  private func splitSetting(of data: DataStatement) -> Argument? {
    data.settings.first { $0.name?.text == "split" }
  }

  private func checkSplitName(_ name: String, _ span: Span) {
    let names = splitNames
    guard !names.contains(name), !names.isEmpty, !report.hasSyntaxErrors else { return }
    report.error(
      "unknown-split", "there is no split `\(shortened(name))`", at: span,
      help: didYouMean(name, from: names)
        ?? (names == ["train"]
          ? "add split=0.9 to the data, or write data val = DataLoader(…)" : "the splits are \(list(names))"))
  }

  /// Splits that are evaluated, against the model's input: what `train` is trained on.
  func checkEvaluatedSplits(_ data: [DataPlan], _ train: BoundCall?, _ checker: DataChecker) {
    guard let training = data.first(where: { $0.name == "train" }) else { return }
    for split in data where split.name != "train" { checker.check(split, against: training) }
    if let train, train.text("validate") == "train" {
      checker.checkEvaluation(of: training, what: "`train`, evaluated,", at: train.span("validate"))
    }
  }

  /// Splits that nothing reads, and `split` where there is a `val` already.
  func checkSplits(_ train: BoundCall?) {
    let divided = statements.data.lazy.compactMap { self.splitSetting(of: $0.data) }.first
    if let divided,
      let val = statements.data.lazy.compactMap({ $0.data.name }).first(where: { $0.text == "val" })
    {
      report.error(
        "duplicate-statement", "`split` makes a split `val`, and there is a `data val`", at: divided.span,
        notes: [report.note(at: val.span, "the other one")], help: "delete one of them")
    }
    guard let train, !report.hasErrors else { return }
    let validate = train.text("validate")
    for split in statements.data.compactMap(\.data.name)
    where !["train", "test", validate].contains(split.text) {
      report.warning(
        "unused-split", "the split `\(split.text)` is never used", at: split.span,
        help: validate == nil ? "write train(…, validate=\(split.text))" : nil)
    }
    if let divided, validate != "val" {
      report.warning(
        "unused-split", "the part that `split` sets aside, `val`, is never used", at: divided.span,
        help: "write train(…, validate=val)")
    }
  }
}
