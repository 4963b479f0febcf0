import NNDiagnostics
import NNShapes
import NNSyntax

/// Everything that can be known about a model file before data flows.
///
/// - Parameters:
///   - document: the tree, overrides made (``apply(_:to:)``).
///   - syntax: what reading the file found; places that it calls damaged are not judged again.
/// - Returns: all findings, those of `syntax` included, in file order; and the plan, nil where there is
///   an error.
public func check(
  _ document: Document, options: CheckOptions = CheckOptions(), syntax: [Diagnostic] = []
) -> (plan: ExperimentPlan?, diagnostics: [Diagnostic]) {
  let checker = Checker(document, options, syntax)
  let plan = checker.check()
  let diagnostics = (syntax + checker.report.diagnostics).inFileOrder
  return (diagnostics.hasErrors ? nil : plan, diagnostics)
}

/// One run of the check, statement by statement, then what they have to do with each other.
final class Checker {
  let report: Reporter
  let evaluator: Evaluator
  let statements: Statements
  let layers: LayerDefinitions
  let options: CheckOptions

  init(_ document: Document, _ options: CheckOptions, _ syntax: [Diagnostic]) {
    report = Reporter(document, syntax: syntax)
    evaluator = Evaluator(report)
    self.options = options
    statements = Statements(document, evaluator, report)
    evaluator.resolveBindings()
    layers = LayerDefinitions(statements.layers, evaluator, report)
  }

  var binder: Binder { Binder(evaluator: evaluator, report: report) }
  var isTraining: Bool { statements.train != nil }

  func check() -> ExperimentPlan? {
    let seed = statements.seed.flatMap(checkSeed)
    let input = statements.input.flatMap {
      InputChecker(evaluator: evaluator, report: report).check($0.value)
    }
    let dataChecker = DataChecker(evaluator: evaluator, report: report)
    let data = dataChecker.check(statements.data)
    let source = modelInput(input, data)
    let models = statements.models.map { check($0.name, $0.stack, $0.statement, source) }
    checkCompleteness()
    let training = checkTraining()
    let mainModel = mainModel(training.bound)
    let loss = checkLoss()
    let optimizer = checkOptimizer(mainModel, models)
    let schedule = checkSchedule(optimizer)
    let checked = ExperimentPlan(
      seed: seed ?? 0, seedIsWritten: statements.seed != nil, input: input, data: data,
      models: models.compactMap(\.plan), mainModel: mainModel ?? 0, loss: loss?.plan,
      optimizer: optimizer?.plan, schedule: schedule?.plan, train: training.plan)
    if let mainModel, models.indices.contains(mainModel) {
      let ending = OutputChecker(
        report: report, model: models[mainModel], data: data.first { $0.name == "train" } ?? data.first,
        loss: loss, isTraining: isTraining)
      ending.check()
    }
    checkScheduleLength(schedule, checked)
    checkSplits(training.bound)
    checkEvaluatedSplits(data, training.bound, dataChecker)
    let isPlanned = !report.hasErrors && models.allSatisfy { $0.plan != nil }
    if isPlanned {
      checkMemory(checked, optimizer)
      checkBatches(checked)
      checkTrainable(checked)
    }
    if !report.hasSyntaxErrors {
      evaluator.reportUnused()
      layers.reportUnused()
    }
    return isPlanned && !report.hasErrors && !checked.models.isEmpty ? checked : nil
  }

  private func checkSeed(_ expression: Expression) -> UInt64? {
    let located = evaluator.evaluate(expression)
    if let seed = located.value.asInteger, seed >= 0 { return UInt64(seed) }
    switch located.value {
    case .invalid: break
    case .word(let word): evaluator.reportUnknownName(word, at: located.span)
    default:
      report.error(
        "wrong-type", "`seed` is a whole number of at least 0, not \(located.value.phrase)", at: located.span)
    }
    return nil
  }

  // MARK: What must be there

  private func checkCompleteness() {
    guard !report.hasSyntaxErrors else { return }
    if statements.models.isEmpty {
      report.error(
        "no-model", "the file has no model", at: Span(0, 0), help: "write model Net { Linear(784, 10) }")
    }
    if let input = statements.input, let data = statements.data.first {
      let (first, second) =
        data.statement.span.start < input.statement.span.start
        ? (data.statement.keyword, input.statement.keyword)
        : (input.statement.keyword, data.statement.keyword)
      report.error(
        "data-and-input", "a file has `data` or `input`, not both: each says what goes into the model",
        at: second,
        notes: [report.note(at: first, "the other one")],
        help: "keep `data` to train, `input` to apply the model to a shape or to values")
    } else if statements.input == nil && statements.data.isEmpty {
      for model in statements.models {
        report.error(
          "no-input", "nothing says what goes into `\(model.name.text)`", at: model.name.span,
          help: "write input = \(inputExample(model.stack)), or data = DataLoader(…)")
      }
    }
    guard let train = statements.train else { return }
    let place = train.statement.keyword
    if statements.data.isEmpty {
      report.error(
        "missing-data", "`train` needs data", at: place,
        help: "write data = DataLoader(CIFAR10(\"data\"), batch_size=64)")
    } else if !statements.data.contains(where: { ($0.data.name?.text ?? "train") == "train" }) {
      let names = statements.data.compactMap { $0.data.name.map { "`\($0.text)`" } }
      report.error(
        "missing-data", "`train` needs a split `train`, and the file has only \(list(names))", at: place,
        help: "write data train = DataLoader(…)")
    }
    if statements.loss == nil {
      report.error("missing-loss", "`train` needs a loss", at: place, help: "write loss = CrossEntropyLoss()")
    }
    if statements.optimizer == nil {
      report.error(
        "missing-optimizer", "`train` needs an optimizer", at: place, help: "write optimizer = SGD(lr=0.01)")
    }
  }

  /// A shape that the first layer would take.
  private func inputExample(_ stack: Stack) -> String {
    guard case .call(let call)? = stack.items.first?.element else { return "(3, 32, 32)" }
    let size = call.arguments.first.flatMap { argument -> String? in
      if case .number(let text) = argument.value.kind { return text }
      return nil
    }
    switch call.name.text {
    case "Linear": return size ?? "784"
    case "Conv2d": return "(\(size ?? "3"), 32, 32)"
    default: return "(3, 32, 32)"
    }
  }

  // MARK: Models

  /// What goes into the models, and how messages call it.
  struct ModelInput {
    var shape: FlowShape?
    var origin: FlowHistory.Origin
    var span: Span? { origin.span }
  }

  private func modelInput(_ input: InputPlan?, _ data: [DataPlan]) -> ModelInput {
    if let statement = statements.data.first {
      // Where `train` is there and wrong, no other split tells what the model is given.
      let hasTraining = statements.data.contains { $0.data.isTraining }
      let split = hasTraining ? data.first { $0.name == "train" } : data.first
      let name = statement.data.sources.first?.name.text ?? "the data"
      let source = split?.sources.first
      let reshaping = source.flatMap { $0.transforms.lastReshaping($0.imageShape) }
      return ModelInput(
        shape: split.map { FlowShape(batchOf: $0.sampleShape) },
        origin: .init(
          text: "\(name) images" + (reshaping.map { " after \($0.text)" } ?? ""), isPlural: true,
          span: split?.sources.first?.span ?? statement.statement.keyword))
    }
    guard let statement = statements.input else {
      return ModelInput(origin: .init(text: "the input", isPlural: false, span: nil))
    }
    let shape: FlowShape? =
      switch input {
      case .shape(let sample)?: FlowShape(batchOf: sample)
      case .values(let shape, _)?, .randn(let shape)?: FlowShape(shape)
      case nil: nil
      }
    return ModelInput(
      shape: shape, origin: .init(text: "the input", isPlural: false, span: statement.value.span))
  }

  /// A model after the walk through its stack.
  struct CheckedModel {
    var name: Name
    /// Nil where there are mistakes.
    var plan: ModelPlan?
    /// The output, or what it would be without the mistakes.
    var output: FlowShape?
    var leaves: [StackChecker.Leaf]
  }

  private func check(_ name: Name, _ stack: Stack, _ statement: Statement, _ input: ModelInput)
    -> CheckedModel
  {
    if stack.items.isEmpty && !report.isDamaged(statement.span) {
      report.error(
        "empty-model", "`\(name.text)` has no layers", at: name.span,
        help: "write model \(name.text) { Linear(784, 10) }")
    }
    let shape = channelsFirst(input, stack)
    let stackChecker = StackChecker(
      evaluator: evaluator, report: report, layers: layers, isTraining: isTraining,
      history: FlowHistory(origin: input.origin), input: shape)
    let checked = stackChecker.check(stack)
    NeighbourChecker(report: report).check(stackChecker.leaves)
    var plan: ModelPlan?
    if let checked, let shape {
      plan = ModelPlan(
        name: name.text, layers: checked.layers, input: shape, output: checked.output, span: statement.span,
        inputSpan: input.span ?? statement.span)
    }
    return CheckedModel(name: name, plan: plan, output: stackChecker.outputShape, leaves: stackChecker.leaves)
  }

  /// The input, or where it is plainly height × width × channels, that turned round after the report.
  private func channelsFirst(_ input: ModelInput, _ stack: Stack) -> FlowShape? {
    guard let shape = input.shape, let span = input.span, statements.input != nil, statements.data.isEmpty,
      shape.rank == 4, let height = shape.dimensions[1].fixedSize, let width = shape.dimensions[2].fixedSize,
      let channels = shape.dimensions[3].fixedSize, channels == 1 || channels == 3, height > 4, width > 4
    else { return input.shape }
    let help = "write input = (\(channels), \(height), \(width))"
    let message =
      "input \(height)×\(width)×\(channels) looks like height × width × channels; nnrun, like PyTorch, takes "
      + "channels first: \(channels)×\(height)×\(width)"
    var firstLayer: Call?
    if case .call(let call)? = stack.items.first?.element { firstLayer = call }
    let taken = firstLayer.flatMap { writtenChannels($0) }
    if taken == height { return shape }
    guard let firstLayer, taken != nil else {
      report.warning("channels-last", message, at: span, help: help)
      return shape
    }
    report.error(
      "channels-last", message, at: span,
      notes: [
        report.note(at: firstLayer.span, "\(firstLayer.sourceText) reads the first dimension as channels")
      ],
      help: help)
    return FlowShape([shape.dimensions[0], .fixed(channels), .fixed(height), .fixed(width)])
  }

  /// The input channels of a `Conv2d` where they are a number or the name of one; nil for other layers.
  private func writtenChannels(_ call: Call) -> Int? {
    guard call.name.text == "Conv2d",
      let argument = call.arguments.first(where: { $0.name?.text == "in_channels" })
        ?? call.arguments.first(where: { $0.name == nil })
    else { return nil }
    switch argument.value.kind {
    case .number, .word: return evaluator.evaluate(argument.value).value.asInteger
    default: return nil
    }
  }

  /// The index of the model that is trained and that tools take; nil, reported, where the file does not
  /// say.
  private func mainModel(_ train: BoundCall?) -> Int? {
    let names = statements.models.map(\.name.text)
    if let wanted = options.model ?? train?.text("model") {
      if let index = names.firstIndex(of: wanted) { return index }
      guard !names.isEmpty && !report.hasSyntaxErrors else { return nil }
      let message = "there is no model `\(shortened(wanted))`"
      let help = didYouMean(wanted, from: names) ?? "the file has \(list(names))"
      if options.model != nil {
        report.error("unknown-model", message, inOption: "--model", value: wanted, help: help)
      } else if let train {
        report.error("unknown-model", message, at: train.span("model"), help: help)
      }
      return nil
    }
    if names.count > 1, let train = statements.train {
      report.error(
        "several-models", "the file has \(names.count) models, \(list(names)); `train` has to say which",
        at: train.statement.keyword, help: "write train(…, model=\(names[0]))")
      return nil
    }
    return names.isEmpty ? nil : 0
  }
}
