import NNDiagnostics
import NNShapes
import NNSyntax

/// Reads the `data` statements: each source and its transforms, the loader's settings, and whether
/// sources joined by `else` can stand for each other.
struct DataChecker {
  let evaluator: Evaluator
  let report: Reporter
  private var binder: Binder { Binder(evaluator: evaluator, report: report) }

  init(evaluator: Evaluator, report: Reporter) {
    self.evaluator = evaluator
    self.report = report
  }

  /// A source that could be read.
  private struct Source {
    var call: Call
    var contents: DataSetEntry.Contents
    /// Nil where the file has none for it.
    var written: [TransformPlan]?
    /// False where something in the transforms is wrong: nothing is said of the shape then.
    var isWhole: Bool
    var transforms: [TransformPlan] = []
    var inheritance: DataSourcePlan.Inheritance?
    /// After all transforms, and after those that are not random.
    var trainingShape: Shape?
    /// Nil where these cannot be applied without the random ones.
    var evaluationShape: Shape?
  }

  /// What another source or split may take.
  private struct Offer {
    var transforms: [TransformPlan]
    /// False where something in them is wrong, and reported.
    var isWhole: Bool
  }

  /// The splits in file order, those left out of which a source, or what becomes of it, is not known.
  func check(_ statements: [(data: DataStatement, statement: Statement)]) -> [DataPlan] {
    // `train` first: the others may take its transforms.
    let order = statements.indices.sorted { a, b in
      let (first, second) = (statements[a].data.isTraining, statements[b].data.isTraining)
      return first == second ? a < b : first
    }
    var plans: [Int: DataPlan] = [:]
    var training: Offer?
    for index in order {
      let (data, statement) = statements[index]
      let (plan, offer) = check(data, statement, training: training)
      if data.isTraining { training = offer }
      plans[index] = plan
    }
    return statements.indices.compactMap { plans[$0] }
  }

  private func check(_ data: DataStatement, _ statement: Statement, training: Offer?)
    -> (plan: DataPlan?, offer: Offer?)
  {
    var sources = data.sources.compactMap(source)
    let name = Name("DataLoader", statement.keyword)
    let bound = binder.bind(
      data.settings, to: DataLoaderSettings.schema, name: name, isDamaged: report.isDamaged(statement.span))
    var offer: Offer?
    for index in sources.indices {
      transform(&sources[index], offer, training, isTraining: data.isTraining)
      if index == 0, let written = sources[0].written {
        let shape = data.isTraining ? sources[0].trainingShape : sources[0].evaluationShape
        offer = Offer(transforms: written, isWhole: shape != nil)
      }
    }
    let shapes = sources.map { data.isTraining ? $0.trainingShape : $0.evaluationShape }
    guard let first = sources.first, let shape = shapes.first ?? nil, !shapes.contains(nil) else {
      return (nil, offer)
    }
    for other in sources.dropFirst() { checkAgreement(other, with: first, isTraining: data.isTraining) }
    let plan = DataPlan(
      name: data.name?.text ?? "train",
      sources: sources.map {
        DataSourcePlan(
          kind: $0.contents.source, sampleCount: $0.contents.sampleCount, imageShape: $0.contents.sampleShape,
          transforms: $0.transforms, inheritance: $0.inheritance, span: $0.call.span)
      },
      sampleShape: shape, evaluationShape: first.evaluationShape, classCount: first.contents.classCount,
      batchSize: bound.integer("batch_size") ?? 1,
      shuffle: bound.boolean("shuffle") ?? false, dropLast: bound.boolean("drop_last") ?? false,
      split: bound.number("split"), span: statement.span)
    checkSizes(plan, first.call, bound)
    if plan.split != nil {
      checkEvaluation(of: plan, what: "the part that `split` sets aside", at: bound.span("split"))
    }
    return (plan, offer)
  }

  private func source(_ call: Call) -> Source? {
    var entry = Catalogue.dataSets.first { $0.schema.name == call.name.text }
    if entry == nil {
      let near = UnknownEntry(report: report).report(call.name, wanted: .dataSet)
      entry = Catalogue.dataSets.first { $0.schema.name == near }
    }
    guard let entry else {
      for argument in call.arguments { _ = evaluator.evaluate(argument.value) }
      return nil
    }
    let bound = binder.bind(call, to: entry.schema)
    let transforms = bound.transforms(report)
    guard let contents = entry.configure(bound, report) else { return nil }
    return Source(call: call, contents: contents, written: transforms.written, isWhole: transforms.isWhole)
  }

  // MARK: Transforms

  /// Finds the transforms of a source: its own, those of the first source, those of `train`.
  private func transform(_ source: inout Source, _ first: Offer?, _ training: Offer?, isTraining: Bool) {
    var checker = TransformChecker(
      report: report, dataSet: source.call.name.text, span: source.call.span,
      image: source.contents.sampleShape)
    if source.written == nil, let offer = first ?? training {
      source.inheritance = first != nil ? .first : .train
      source.isWhole = offer.isWhole
      source.transforms = checker.completed(offer.transforms)
    } else {
      source.transforms = checker.completed(source.written ?? [])
    }
    if !isTraining, let random = source.written?.first(where: { $0.configuration.isRandom }) {
      report.warning(
        "random-without-effect",
        "\(random.text) does nothing here: random transforms act on `data train` only",
        at: random.span, help: "delete it")
    }
    guard source.isWhole else { return }
    if isTraining {
      source.trainingShape = checker.shape(after: source.transforms)
      // Whether the split is evaluated at all is not known yet.
      checker.report = Reporter(report.document)
    }
    source.evaluationShape = checker.shape(after: source.transforms.deterministic)
  }

  /// Images without the random transforms against those with them, which the model is made for.
  func checkEvaluation(of plan: DataPlan, what: String, at span: Span) {
    guard plan.evaluationShape != plan.sampleShape, let source = plan.sources.first else { return }
    let random = source.transforms.filter(\.configuration.isRandom).lastReshaping(source.imageShape)
    let images = plan.evaluationShape.map { "has images of \($0.crossed)" } ?? "has images that do not fit"
    report.error(
      "shapes-disagree",
      "\(what) \(images), and the model is trained on \(plan.sampleShape.crossed): "
        + "\(random?.text ?? "a random transform") acts in training only",
      at: span, notes: random.map { [report.note(at: $0.span, "the random transform")] } ?? [],
      help: "add CenterCrop((\(plan.sampleShape[1]), \(plan.sampleShape[2]))) to the transforms")
  }

  /// A split that is only evaluated against the one that is trained on.
  func check(_ plan: DataPlan, against training: DataPlan) {
    guard plan.sampleShape != training.sampleShape || plan.classCount != training.classCount else { return }
    report.error(
      "splits-disagree",
      "data \(plan.name) has samples of \(plan.text) in \(plan.classCount) classes, and data "
        + "\(training.name), which the model is trained on, \(training.text) in \(training.classCount)",
      at: plan.sources.first?.span ?? plan.span,
      notes: training.sources.first.map { [report.note(at: $0.span, "what is trained on")] } ?? [])
  }

  // MARK: Sources and batches

  private func checkAgreement(_ other: Source, with first: Source, isTraining: Bool) {
    func shape(_ source: Source) -> Shape? { isTraining ? source.trainingShape : source.evaluationShape }
    let isEvaluation = shape(other) == shape(first) && other.contents.classCount == first.contents.classCount
    guard !isEvaluation || other.evaluationShape != first.evaluationShape else { return }
    var help: String?
    let image = first.contents.sampleShape
    if case .shapes10 = other.contents.source, image[1] == image[2],
      other.contents.classCount == first.contents.classCount, other.contents.sampleShape != image
    {
      help = "write Shapes10(size=\(image[1]), channels=\(image[0]))"
    }
    func text(_ source: Source) -> String {
      let transforms = isEvaluation ? source.transforms.deterministic : source.transforms
      let last = transforms.lastReshaping(source.contents.sampleShape)
      return ((isEvaluation ? source.evaluationShape : shape(source))?.crossed ?? "another shape")
        + (last.map { " after \($0.text)" } ?? "") + (isEvaluation ? " where it is evaluated" : "")
    }
    report.error(
      "sources-disagree",
      "\(other.call.name.text) has samples of \(text(other)) in \(other.contents.classCount) classes, and "
        + "\(first.call.name.text), which it stands in for, \(text(first)) in \(first.contents.classCount)",
      at: other.call.span, notes: [report.note(at: first.call.span, "the first choice")], help: help)
  }

  /// Batches against the number of samples, of the first source: the others stand in.
  private func checkSizes(_ plan: DataPlan, _ call: Call, _ bound: BoundCall) {
    let count = plan.sources[0].sampleCount
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

extension DataStatement {
  /// True for `data train` and a lone `data`.
  var isTraining: Bool { (name?.text ?? "train") == "train" }
}

extension DataPlan {
  /// `3×64×64 after Resize(64)`.
  fileprivate var text: String {
    let source = sources.first
    let transforms = name == "train" ? source?.transforms : source?.transforms.deterministic
    let last = source.flatMap { transforms?.lastReshaping($0.imageShape) }
    return sampleShape.crossed + (last.map { " after \($0.text)" } ?? "")
  }

  /// Of `count` samples, how many are `train` and how many `val`: with `split`, val is the other share
  /// rounded to the nearest; without, all are this split's own.
  public func splitCounts(of count: Int) -> (train: Int, val: Int) {
    guard let split else { return (count, 0) }
    let rest = Int((Double(count) * (1 - split)).rounded())
    return (count - min(rest, count), min(rest, count))
  }
}
