import NNDiagnostics
import NNShapes
import NNSyntax

/// Walks a model's stack: arguments, shapes, and what each layer thinks of its input. One mistake is
/// one finding: after it the walk goes on with what the layer says, or quietly where that is unknown.
final class StackChecker {
  /// One layer, `Sequential` left out, in the order that values take.
  struct Leaf {
    let entry: LayerEntry
    let text: String
    let span: Span
    /// False where something about it is wrong.
    let isSound: Bool
    /// Nil where the arguments are wrong.
    let configuration: LayerConfiguration?
  }

  private let evaluator: Evaluator
  private let report: Reporter
  private let binder: Binder
  private let definitions: LayerDefinitions
  private let isTraining: Bool
  private let history: FlowHistory
  /// Nil after a layer whose output is unknown.
  private var flow: FlowShape?
  private var isIntact = true
  private var itemCount = 0
  private(set) var leaves: [Leaf] = []

  init(
    evaluator: Evaluator, report: Reporter, layers: LayerDefinitions, isTraining: Bool, history: FlowHistory,
    input: FlowShape?
  ) {
    definitions = layers
    self.evaluator = evaluator
    self.report = report
    binder = Binder(evaluator: evaluator, report: report)
    self.isTraining = isTraining
    self.history = history
    flow = input
  }

  /// The layers and the output's shape; nil where there are mistakes.
  func check(_ stack: Stack) -> (layers: [LayerPlan], output: FlowShape)? {
    let layers = layers(of: stack, path: "")
    reportUntakenIndices()
    guard isIntact, let flow else { return nil }
    return (layers, flow)
  }

  /// The output's shape, or what it would be without the mistakes; nil where unknown.
  var outputShape: FlowShape? { flow }

  private func layers(of stack: Stack, path: String) -> [LayerPlan] {
    var plans: [LayerPlan] = []
    var names: [String: Span] = [:]
    var end = stack.span.start
    for (index, item) in stack.items.enumerated() {
      itemCount += 1
      guard itemCount <= Bounds.items else {
        if itemCount == Bounds.items + 1 && !report.hasSyntaxErrors {
          report.error("too-many-layers", "a model has at most \(Bounds.items) layers", at: item.span)
        }
        lose()
        return plans
      }
      if item.span.source == 0 && stack.span.source == 0 {
        if report.isDamaged(from: end, to: item.span.start) { lose() }
        end = item.span.end
      }
      let key = item.name?.text ?? String(index)
      if let name = item.name {
        if let earlier = names[name.text] {
          report.error(
            "duplicate-name", "two layers of this stack are called `\(name.text)`", at: name.span,
            notes: [report.note(at: earlier, "the first one")])
        }
        names[name.text] = name.span
      }
      if let plan = layer(item, key: key, path: path.isEmpty ? key : "\(path).\(key)") { plans.append(plan) }
    }
    if stack.span.source == 0, report.isDamaged(from: end, to: stack.span.end) { lose() }
    return plans
  }

  private func layer(_ item: Item, key: String, path: String) -> LayerPlan? {
    switch item.element {
    case .sequential(let stack):
      let input = flow
      let layers = layers(of: stack, path: path)
      guard isIntact, let input, let output = flow else { return nil }
      return LayerPlan(
        key: key, path: path, text: "Sequential(…)", typeName: "Sequential", description: "Sequential",
        settings: "Sequential", configuration: .sequential(layers), input: input, output: output,
        span: item.span)
    case .call(let call): return layer(call, key: key, path: path)
    }
  }

  private func layer(_ call: Call, key: String, path: String) -> LayerPlan? {
    let errors = report.errorCount
    guard let entry = entry(for: call) else { return nil }
    // What is wrong with a layer of the file's shows where it is used and where it is defined.
    report.context = definitions.note(call.name.text).map { [$0] } ?? []
    defer { report.context = [] }
    let bound = binder.bind(call, to: entry.schema)
    let configuration = entry.configure(bound, flow, report)
    if let configuration { Checker.checkInitialization(bound, configuration.rules, report) }
    let input = flow
    let output = configuration.flatMap { passOn(input, through: $0, call, bound) }
    leaves.append(
      Leaf(
        entry: entry, text: call.sourceText, span: call.span, isSound: report.errorCount == errors,
        configuration: configuration))
    guard let output, !report.isDamaged(call.span) else {
      lose()
      assumeFeatures(of: configuration, call)
      return nil
    }
    flow = output
    guard let configuration, let input, bound.isComplete else {
      isIntact = false
      return nil
    }
    return LayerPlan(
      key: key, path: path, text: call.sourceText, typeName: entry.schema.name,
      description: entry.describe(bound, configuration), settings: bound.canonicalText,
      configuration: configuration, input: input,
      output: output, span: call.span, initialization: bound.initialization, isFrozen: bound.isFrozen)
  }

  /// Moves the flow on through a layer; nil where the shape is unknown then.
  private func passOn(
    _ input: FlowShape?, through configuration: LayerConfiguration, _ call: Call, _ bound: BoundCall
  ) -> FlowShape? {
    let rules = configuration.rules
    let text = call.sourceText
    checkSize(of: rules, text: text, span: call.span)
    guard let input else { return nil }
    let site = LayerSite(
      report: report, text: text, span: call.span, call: call, bound: bound, history: history,
      isTraining: isTraining)
    guard let output = rules.output(of: input, at: site), isRepresentable(output, text: text, span: call.span)
    else { return nil }
    history.append(.init(text: text, span: call.span, input: input, output: output, rules: rules))
    return output
  }

  /// Only the last layer may give two values, and one whose indices a `MaxUnpool2d` takes.
  private func reportUntakenIndices() {
    for offer in history.offers {
      guard let index = leaves.firstIndex(where: { $0.span == offer.span }), index + 1 < leaves.count else {
        continue
      }
      let next = leaves[index + 1]
      report.error(
        "two-values",
        "\(offer.text) gives two values, which only the last layer may unless a MaxUnpool2d takes the indices",
        at: offer.span, notes: [report.note(at: next.span, "\(next.entry.schema.name) takes one")],
        help: "leave return_indices out")
    }
  }

  /// The layer's entry. An unknown name is reported, and the nearest one stands for it so that the
  /// rest of the stack can be checked.
  private func entry(for call: Call) -> LayerEntry? {
    if let entry = Catalogue.layer(call.name.text) ?? definitions.entry(call.name.text) { return entry }
    isIntact = false
    let near = UnknownEntry(report: report, own: definitions.names).report(call.name, wanted: .layer)
    if let near, let entry = Catalogue.layer(near) ?? definitions.entry(near) { return entry }
    for argument in call.arguments { _ = evaluator.evaluate(argument.value) }
    // Neighbours on both sides of it are not judged together.
    leaves.append(
      Leaf(entry: .unknown, text: call.name.text, span: call.span, isSound: false, configuration: nil))
    if !UnavailableNames.keepingShape.contains(call.name.text) { lose() }
    return nil
  }

  /// From here on the shape is unknown.
  private func lose() {
    isIntact = false
    flow = nil
    history.forget()
  }

  /// Where the shape is unknown, a `Linear` gives a row of features again.
  private func assumeFeatures(of configuration: LayerConfiguration?, _ call: Call) {
    guard case .linear(let linear)? = configuration else { return }
    let output = FlowShape([.batch(1), .fixed(linear.outFeatures)])
    let input = FlowShape([.batch(1), .fixed(linear.inFeatures)])
    history.append(.init(text: call.sourceText, span: call.span, input: input, output: output, rules: linear))
    flow = output
  }

  private func checkSize(of rules: any LayerRules, text: String, span: Span) {
    for weight in rules.weights where weight.shape.elementCountIfRepresentable == nil {
      report.error(
        "too-large",
        "the \(weight.name) of \(text) would have \(weight.shape.crossed) elements: more than 2^63",
        at: span)
      isIntact = false
    }
  }

  private func isRepresentable(_ output: FlowShape, text: String, span: Span) -> Bool {
    if output.shape(inBatchOf: 1) != nil { return true }
    report.error("too-large", "\(text) gives \(output.crossed): more than 2^63 elements", at: span)
    return false
  }
}

extension LayerEntry {
  /// Stands for a layer that is not in the catalogue, in the list of neighbours.
  static let unknown = LayerEntry(
    schema: CallSchema(.layer, "?", [], ""), traits: [], configure: { _, _, _ in nil },
    describe: { _, _ in "" })
}
