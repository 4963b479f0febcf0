import NNDiagnostics
import NNShapes
import NNSyntax

/// Reads the `data` statements: each source, the loader's settings, and whether sources joined by
/// `else` can stand for each other.
struct DataChecker {
  let evaluator: Evaluator
  let report: Reporter
  private var binder: Binder { Binder(evaluator: evaluator, report: report) }

  init(evaluator: Evaluator, report: Reporter) {
    self.evaluator = evaluator
    self.report = report
  }

  /// Nil where no source could be read.
  func check(_ data: DataStatement, _ statement: Statement) -> DataPlan? {
    let sources = data.sources.map { (call: $0, contents: contents(of: $0)) }
    let name = Name("DataLoader", statement.keyword)
    let bound = binder.bind(
      data.settings, to: DataLoaderSettings.schema, name: name, isDamaged: report.isDamaged(statement.span))
    let known = sources.compactMap { source in source.contents.map { (source.call, $0) } }
    guard let (firstCall, first) = known.first else { return nil }
    for (call, other) in known.dropFirst() {
      checkAgreement(call, other, with: firstCall, first)
    }
    let plan = DataPlan(
      name: data.name?.text ?? "train",
      sources: known.map { DataSourcePlan(kind: $1.source, sampleCount: $1.sampleCount, span: $0.span) },
      sampleShape: first.sampleShape, classCount: first.classCount,
      batchSize: bound.integer("batch_size") ?? 1,
      shuffle: bound.boolean("shuffle") ?? false, dropLast: bound.boolean("drop_last") ?? false,
      split: bound.number("split"), span: statement.span)
    checkSizes(plan, known.map { ($0.0, $0.1.sampleCount) }, bound)
    return plan
  }

  private func contents(of call: Call) -> DataSetEntry.Contents? {
    var entry = Catalogue.dataSets.first { $0.schema.name == call.name.text }
    if entry == nil {
      let near = UnknownEntry(report: report).report(call.name, wanted: .dataSet)
      entry = Catalogue.dataSets.first { $0.schema.name == near }
    }
    guard let entry else {
      for argument in call.arguments { _ = evaluator.evaluate(argument.value) }
      return nil
    }
    return entry.configure(binder.bind(call, to: entry.schema), report)
  }

  private func checkAgreement(
    _ call: Call, _ other: DataSetEntry.Contents, with firstCall: Call, _ first: DataSetEntry.Contents
  ) {
    guard other.sampleShape != first.sampleShape || other.classCount != first.classCount else { return }
    var help: String?
    if case .shapes10 = other.source, first.sampleShape.rank == 3,
      first.sampleShape[1] == first.sampleShape[2],
      other.classCount == first.classCount
    {
      help = "write Shapes10(size=\(first.sampleShape[1]), channels=\(first.sampleShape[0]))"
    }
    report.error(
      "sources-disagree",
      "\(call.name.text) has samples of \(other.sampleShape.crossed) in \(other.classCount) classes, and "
        + "\(firstCall.name.text), which it stands in for, \(first.sampleShape.crossed) in \(first.classCount)",
      at: call.span, notes: [report.note(at: firstCall.span, "the first choice")], help: help)
  }

  /// Batches against the number of samples, of the first source: the others stand in.
  private func checkSizes(_ plan: DataPlan, _ sources: [(call: Call, count: Int)], _ bound: BoundCall) {
    guard let (call, count) = sources.first else { return }
    let (training, rest) = plan.splitCounts(of: count)
    if plan.split != nil && (training == 0 || rest == 0) {
      report.error(
        "empty-split",
        "of \(counted(count, "sample")) this leaves \(training) to train on and \(rest) to validate on",
        at: bound.span("split"))
      return
    }
    guard plan.batchSize > training else { return }
    let what = "`batch_size` is \(plan.batchSize), and \(call.name.text) has \(training) samples"
    let share = plan.split == nil ? "" : " to train on"
    if plan.dropLast {
      report.error(
        "no-batches", "\(what)\(share): with drop_last=True no batch is left", at: bound.span("batch_size"),
        help: "write batch_size=\(training), or leave drop_last out")
    } else {
      report.warning(
        "batch-larger-than-data", "\(what)\(share): each epoch is one batch of \(training)",
        at: bound.span("batch_size"))
    }
  }
}

extension DataPlan {
  /// Of `count` samples, how many are `train` and how many `val`: with `split`, val is the other share
  /// rounded to the nearest; without, all are this split's own.
  public func splitCounts(of count: Int) -> (train: Int, val: Int) {
    guard let split else { return (count, 0) }
    let rest = Int((Double(count) * (1 - split)).rounded())
    return (count - min(rest, count), min(rest, count))
  }
}
