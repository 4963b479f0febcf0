import NNDiagnostics
import NNShapes

/// What a run holds in memory, in bytes of float32 values: estimated from the plan, before anything
/// is allocated. Sums saturate.
public struct MemoryEstimate: Sendable {
  /// Of all models.
  public var parameters: Int
  /// One value for each parameter that is trained.
  public var gradients: Int
  /// What the optimizer keeps for each of them.
  public var optimizerState: Int
  /// The values between the layers, of one batch, and in training their gradients.
  public var activations: Int

  public var total: Int {
    [gradients, optimizerState, activations].reduce(parameters, saturatingSum)
  }

  public init(_ plan: ExperimentPlan) {
    let counts = plan.models.map { LayerConfiguration.sequential($0.layers).parameterCount }
    parameters = saturatingProduct(4, counts.reduce(0, saturatingSum))
    let trains = plan.train != nil
    let main = plan.models.indices.contains(plan.mainModel) ? plan.models[plan.mainModel] : nil
    let trained = plan.models.indices.contains(plan.mainModel) ? counts[plan.mainModel] : 0
    gradients = trains ? saturatingProduct(4, trained) : 0
    let cycles = plan.schedule?.kind.cycledMomentum != nil
    let states = plan.optimizer?.groups.map { $0.kind.stateValues(cyclesMomentum: cycles) } ?? []
    let state = trains ? states.max() ?? 0 : 0
    optimizerState = saturatingProduct(4 * state, trained)
    let batch = trains ? plan.data.map(\.batchSize).max() ?? 1 : 1
    var values = main.map { elements($0.input, batch) } ?? 0
    for layer in main.map({ leaves($0.layers) }) ?? [] {
      values = saturatingSum(values, elements(layer.output, batch))
    }
    activations = saturatingProduct(trains ? 8 : 4, values)
  }
}

private func elements(_ shape: FlowShape, _ batch: Int) -> Int {
  shape.shape(inBatchOf: batch)?.elementCount ?? .max
}

/// The layers that are no containers, in the order of the flow.
private func leaves(_ layers: [LayerPlan]) -> [LayerPlan] {
  layers.flatMap { layer in
    if case .sequential(let inner) = layer.configuration { return leaves(inner) }
    return [layer]
  }
}

extension Checker {
  /// Refuses a file whose run would take more than the limit.
  func checkMemory(_ plan: ExperimentPlan, _ optimizer: CheckedOptimizer?) {
    guard let limit = options.memoryLimit, !plan.models.isEmpty else { return }
    let estimate = MemoryEstimate(plan)
    guard estimate.total > limit else { return }
    var parts = [
      "\(bytes(estimate.parameters)) of parameters",
      "\(bytes(estimate.activations)) of values between the layers",
    ]
    if estimate.gradients > 0 { parts.insert("\(bytes(estimate.gradients)) of gradients", at: 1) }
    if estimate.optimizerState > 0 {
      parts.insert("\(bytes(estimate.optimizerState)) kept by the optimizer", at: 2)
    }
    let batch = plan.data.map(\.batchSize).max() ?? 1
    let isBatch = estimate.activations > limit / 2 && plan.train != nil && batch > 1
    let model = plan.models[plan.mainModel]
    report.error(
      "too-much-memory",
      "this needs about \(bytes(estimate.total)): \(list(parts)); \(bytes(limit)) are allowed",
      at: statements.models.first { $0.name.text == model.name }?.name.span ?? model.span,
      help: isBatch ? "write a smaller batch_size than \(batch)" : "make the largest layer smaller")
  }
}

/// `1.5 GB`, in powers of 1000.
func bytes(_ count: Int) -> String {
  let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
  var amount = Double(count)
  var unit = 0
  while amount >= 1000 && unit < units.count - 1 {
    amount /= 1000
    unit += 1
  }
  let tenths = (amount * 10).rounded() / 10
  return unit == 0 ? "\(count) bytes" : "\(tenths) \(units[unit])"
}
