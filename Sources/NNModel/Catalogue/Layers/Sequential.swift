import NNShapes

// Sequential: layers one after another, (*) to what the last one gives. The grammar knows it by name,
// so it has no entry; these are its rules.

struct SequentialRules: LayerRules {
  let layers: [LayerPlan]

  var weights: [WeightPlan] {
    layers.flatMap { layer in
      layer.configuration.rules.weights.map { WeightPlan("\(layer.key).\($0.name)", $0.shape) }
    }
  }

  var outputCount: Int { layers.last?.configuration.rules.outputCount ?? 1 }

  func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    var flow = input
    for layer in layers {
      let child = LayerSite(
        report: site.report, text: layer.text, span: layer.span, call: nil, bound: nil,
        history: site.history, isTraining: site.isTraining)
      let rules = layer.configuration.rules
      guard let output = rules.output(of: flow, at: child) else { return nil }
      if rules is SequentialRules == false {
        site.history.append(
          FlowHistory.Step(text: layer.text, span: layer.span, input: flow, output: output, rules: rules))
      }
      flow = output
    }
    return flow
  }
}
