import NNDiagnostics
import NNShapes
import NNSyntax

extension ModelPlan {
  /// The plan for an input of this very shape, as `apply` reads it from an array file: the file's
  /// sample with a batch of any size in front, or one sample without a batch, which each layer takes
  /// as PyTorch does (`Flatten()` of an unbatched (C, H, W) gives (C, H·W)).
  ///
  /// - Parameter name: what messages call the input: the path of its file.
  public func replanned(for shape: Shape, named name: String, in document: Document)
    -> (plan: ModelPlan?, diagnostics: [Diagnostic])
  {
    let report = Reporter(document)
    guard accepts(shape) else {
      let expected =
        input.isBatched
        ? "N×\(input.sampleText), or \(input.sampleText) without a batch" : input.crossed
      report.error(
        "other-input", "\(name) is \(shape.crossed), and the file's input is \(expected)", at: inputSpan,
        help: "give an array of that shape, or change the file's input")
      return (nil, report.diagnostics)
    }
    let history = FlowHistory(origin: .init(text: name, isPlural: false, span: inputSpan))
    let flow = FlowShape(shape)
    let layers = replan(layers, flow, report, history)
    guard let layers, !report.hasErrors else { return (nil, report.diagnostics) }
    var plan = self
    plan.layers = layers
    plan.input = flow
    plan.output = layers.last?.output ?? flow
    return (plan, report.diagnostics.filter { $0.severity == .error })
  }

  /// True for a batch of the file's samples, for one sample alone, and for the file's own values' shape.
  private func accepts(_ shape: Shape) -> Bool {
    let given = FlowShape(shape).dimensions
    guard input.isBatched else { return given == input.dimensions }
    let sample = Array(input.dimensions.dropFirst())
    return given == sample || (!given.isEmpty && Array(given.dropFirst()) == sample)
  }

  private func replan(_ layers: [LayerPlan], _ start: FlowShape, _ report: Reporter, _ history: FlowHistory)
    -> [LayerPlan]?
  {
    var flow = start
    var result: [LayerPlan] = []
    for var layer in layers {
      layer.input = flow
      if case .sequential(let inner) = layer.configuration {
        guard let inner = replan(inner, flow, report, history) else { return nil }
        layer.configuration = .sequential(inner)
        layer.output = inner.last?.output ?? flow
      } else {
        let site = LayerSite(
          report: report, text: layer.text, span: layer.span, call: nil, bound: nil, history: history,
          isTraining: false)
        let rules = layer.configuration.rules
        guard let output = rules.output(of: flow, at: site) else { return nil }
        guard output.shape(inBatchOf: 1) != nil else {
          report.error(
            "too-large", "\(layer.text) gives \(output.crossed): more than 2^63 elements", at: layer.span)
          return nil
        }
        layer.output = output
        history.append(
          FlowHistory.Step(text: layer.text, span: layer.span, input: flow, output: output, rules: rules))
      }
      flow = layer.output
      result.append(layer)
    }
    return result
  }
}
