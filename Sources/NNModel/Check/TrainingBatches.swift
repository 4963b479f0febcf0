import NNDiagnostics
import NNShapes

extension ModelPlan {
  /// The layers that cannot take a pass with `batch` samples, and why, in the order of the flow. An input with
  /// values of its own has its own batch.
  public func batchProblems(batch: Int, isTraining: Bool) -> [(layer: LayerPlan, problem: String)] {
    layers.flatMap { problems($0, batch, isTraining) }
  }

  private func problems(
    _ layer: LayerPlan, _ batch: Int, _ isTraining: Bool
  ) -> [(layer: LayerPlan, problem: String)] {
    if case .sequential(let inner) = layer.configuration {
      return inner.flatMap { problems($0, batch, isTraining) }
    }
    guard let input = layer.input.shape(inBatchOf: batch),
      let problem = layer.configuration.rules.batchProblem(input: input, isTraining: isTraining)
    else { return [] }
    return [(layer, problem)]
  }
}

extension Checker {
  /// Reports layers that cannot train on the batches that the data makes: a batch of one sample, or a last
  /// one that is left over.
  func checkBatches(_ plan: ExperimentPlan) {
    guard plan.train != nil, let data = plan.data.first(where: { $0.name == "train" }),
      plan.models.indices.contains(plan.mainModel)
    else { return }
    let model = plan.models[plan.mainModel]
    var reported: [Span] = []
    for (layer, problem) in model.batchProblems(batch: data.batchSize, isTraining: true) {
      reported.append(layer.span)
      report.error(
        "batch-too-small", "\(layer.text) \(problem)", at: layer.span,
        notes: [report.note(at: data.span, "batches of \(data.batchSize)")],
        help: data.batchSize == 1 ? "write batch_size=64" : nil)
    }
    guard !data.dropLast else { return }
    for source in data.sources {
      let samples = data.splitCounts(of: source.sampleCount).train
      let rest = samples % data.batchSize
      guard rest > 0 else { continue }
      for (layer, problem) in model.batchProblems(batch: rest, isTraining: true)
      where !reported.contains(layer.span) {
        reported.append(layer.span)
        report.error(
          "batch-too-small", "\(layer.text) \(problem): the last batch of an epoch", at: layer.span,
          notes: [
            report.note(
              at: source.span, "\(samples) samples in batches of \(data.batchSize) leave \(rest)")
          ],
          help: "write drop_last=True, or another batch_size")
      }
    }
  }

  /// Reports an `init=` that the layer's weight is not of the shape for.
  static func checkInitialization(_ bound: BoundCall, _ rules: any LayerRules, _ report: Reporter) {
    for name in ["init", "requires_grad"]
    where rules.weights.isEmpty && bound.schema.index(of: name) != nil && bound.isWritten(name) {
      report.error(
        "no-weights", "`\(name)` is about weights, and this \(bound.schema.name) has none",
        at: bound.span(name),
        help: "delete `\(name)`")
    }
    guard let initialization = bound.initialization,
      let weight = rules.weights.first(where: { $0.name == "weight" })
    else { return }
    let place = bound.span("init")
    let shape = weight.shape
    switch initialization {
    case .uniform(let a, let b) where a > b:
      report.error(
        "init-does-not-fit", "uniform draws between a and b, and \(numberText(a)) is above \(numberText(b))",
        at: place)
    case .eye where shape.rank != 2:
      report.error(
        "init-does-not-fit", "eye is for a weight of 2 dimensions, and this one is \(shape.crossed)",
        at: place)
    case .dirac(let groups) where shape.rank < 3 || shape[0] % groups != 0:
      report.error(
        "init-does-not-fit",
        shape.rank < 3
          ? "dirac is for the weight of a convolution, and this one is \(shape.crossed)"
          : "dirac with \(groups) groups needs as many parts of the weight's first dimension, which is \(shape[0])",
        at: place)
    case .xavierUniform where shape.rank < 2, .xavierNormal where shape.rank < 2,
      .kaimingUniform where shape.rank < 2, .kaimingNormal where shape.rank < 2:
      report.error(
        "init-does-not-fit",
        "\(initialization) counts inputs and outputs, and this weight, \(shape.crossed), is one number a channel",
        at: place, help: "write init=constant(1), or uniform or normal")
    case .truncNormal(let mean, let std, let a, let b):
      let share = TruncatedNormal(mean: mean, deviation: std, a: a, b: b)
      guard a >= b || !(share.accepted > 1e-3) else { break }
      report.error(
        "init-does-not-fit",
        a >= b
          ? "trunc_normal draws between a and b, and \(numberText(a)) is not below \(numberText(b))"
          : "next to nothing of N(\(numberText(mean)), \(numberText(std))²) lies between \(numberText(a)) and \(numberText(b))",
        at: place, help: "a and b are the bounds themselves, not counted in std")
    default: break
    }
  }
}
