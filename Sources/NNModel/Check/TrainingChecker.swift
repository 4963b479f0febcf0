import NNDiagnostics
import NNSyntax

// Loss and `train`: their arguments, and what they have to do with the rest of the file.
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
    if case .klDiv? = kind, reduction == .mean {
      report.warning(
        "mean-of-divergence",
        "with reduction='mean' KLDivLoss divides by all numbers of the output; the divergence of a sample is "
          + "their sum", at: bound.span("reduction"), help: "write reduction='batchmean'")
    }
    var plan: LossPlan?
    if let kind, let reduction { plan = LossPlan(kind: kind, reduction: reduction, span: call.span) }
    return CheckedLoss(entry: entry, plan: plan, call: call, bound: bound)
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
