import NNKernels

/// Changes parameters by their gradients, each by the rule of the group that it is in.
public final class Optimizer {
  /// What it updates.
  public let parameters: [NamedParameter]
  /// One for each group of parameters.
  public private(set) var rules: [any UpdateRule]

  private let kernels: Kernels
  /// For each parameter, its group, what is kept for it and how far it is.
  private let groups: [Int]
  private let buffers: [[Tensor?]]
  private let pointers: [OptimizerBuffers]
  private var progress: [ParameterProgress]
  /// The parameters of a step; kept for its memory.
  private var updates: [ParameterUpdate] = []

  /// All parameters in one group.
  public convenience init(
    _ parameters: [NamedParameter], _ rule: any UpdateRule, kernels: Kernels = .current
  ) {
    self.init(parameters, rules: [rule], groups: parameters.map { _ in 0 }, kernels: kernels)
  }

  /// `groups` has the number of a rule for each parameter.
  public init(
    _ parameters: [NamedParameter], rules: [any UpdateRule], groups: [Int], kernels: Kernels = .current
  ) {
    precondition(
      groups.count == parameters.count && groups.allSatisfy(rules.indices.contains),
      "Optimizer: groups \(groups) of \(rules.count) rules for \(parameters.count) parameters")
    self.parameters = parameters
    self.rules = rules
    self.groups = groups
    self.kernels = kernels
    buffers = zip(parameters, groups).map { entry, group in
      rules[group].buffers.map { buffer in
        buffer.map { Tensor(repeating: $0.initialValue, like: entry.parameter.value) }
      }
    }
    pointers = buffers.map { tensors in
      func pointer(_ index: Int) -> UnsafeMutablePointer<Float>? {
        index < tensors.count ? tensors[index]?.pointer : nil
      }
      return OptimizerBuffers(pointer(0), pointer(1), pointer(2))
    }
    progress = parameters.map { _ in ParameterProgress() }
    updates.reserveCapacity(parameters.count)
  }

  /// The step size of the first group that has parameters.
  public var learningRate: Double { rules[groups.min() ?? 0].learningRate }

  public func setLearningRate(_ rate: Double, ofGroup group: Int) { rules[group].learningRate = rate }

  /// Sets ``UpdateRule/cycledMomentum``.
  public func setMomentum(_ momentum: Double, ofGroup group: Int) { rules[group].cycledMomentum = momentum }

  /// One update of every parameter that has a gradient.
  public func step(_ threads: ThreadPool) {
    updates.removeAll(keepingCapacity: true)
    for index in parameters.indices {
      let parameter = parameters[index].parameter
      guard parameter.hasGradient else { continue }
      updates.append(
        ParameterUpdate(
          count: parameter.value.count, step: rules[groups[index]].step(&progress[index]),
          parameter: parameter.value.pointer, gradient: parameter.gradient.pointer,
          buffers: pointers[index]))
    }
    updates.withUnsafeBufferPointer { kernels.update($0, pool: threads) }
  }

  /// Forgets the gradients of all parameters.
  public func zeroGrad() { for entry in parameters { entry.parameter.zeroGrad() } }

  // MARK: State, under PyTorch's names

  private static let stepName = "step"
  private static let momentumProductName = "mu_product"

  /// What the optimizer has accumulated, for a bit-exact resume. Learning rates and momenta that a
  /// schedule has set are not part of it.
  public var state: OptimizerState {
    var state = OptimizerState()
    for (index, entry) in parameters.enumerated() where progress[index].steps > 0 {
      let rule = rules[groups[index]]
      if rule.countsSteps {
        state.scalars.append(
          .init(name: "\(entry.name).\(Self.stepName)", value: Double(progress[index].steps)))
      }
      if rule.keepsMomentumProduct {
        state.scalars.append(
          .init(
            name: "\(entry.name).\(Self.momentumProductName)", value: Double(progress[index].momentumProduct))
        )
      }
      for (buffer, tensor) in zip(rule.buffers, buffers[index]) {
        if let buffer, let tensor { state.buffers.append(tensor.entry("\(entry.name).\(buffer.name)")) }
      }
    }
    return state
  }

  /// Goes on from a saved state. Throws, and changes nothing, where it is not one of these parameters.
  public func load(_ state: OptimizerState) throws(OptimizerStateError) {
    var saved = try SavedState(state)
    var found: [(progress: ParameterProgress, entries: [StateEntry?])] = []
    for (index, entry) in parameters.enumerated() {
      found.append(try take(entry, rules[groups[index]], from: &saved))
    }
    try saved.expectNothingLeft()
    for (index, saved) in found.enumerated() {
      progress[index] = saved.progress
      let kinds = rules[groups[index]].buffers
      for (slot, tensor) in buffers[index].enumerated() {
        guard let tensor, let kind = kinds[slot] else { continue }
        if let entry = saved.entries[slot] {
          tensor.setValues(entry.values)
        } else {
          tensor.pointer.update(repeating: kind.initialValue, count: tensor.count)
        }
      }
    }
  }

  /// What is saved of one parameter; all of it or nothing.
  private func take(_ entry: NamedParameter, _ rule: any UpdateRule, from saved: inout SavedState)
    throws(OptimizerStateError) -> (progress: ParameterProgress, entries: [StateEntry?])
  {
    var progress = ParameterProgress()
    if rule.countsSteps { progress.steps = try saved.takeStep("\(entry.name).\(Self.stepName)") }
    let kinds = rule.buffers
    var entries: [StateEntry?] = kinds.map { _ in nil }
    if rule.countsSteps && progress.steps == 0 { return (progress, entries) }
    if rule.keepsMomentumProduct {
      progress.momentumProduct = Float(try saved.takeNumber("\(entry.name).\(Self.momentumProductName)"))
    }
    for (slot, kind) in kinds.enumerated() {
      guard let kind else { continue }
      let name = "\(entry.name).\(kind.name)"
      entries[slot] = try saved.takeBuffer(name, entry.parameter.shape)
      if entries[slot] == nil && rule.countsSteps { throw .missing(name) }
      progress.steps = max(progress.steps, entries[slot] == nil ? 0 : 1)
    }
    return (progress, entries)
  }
}

extension Tensor {
  /// A tensor of one value, laid out like another.
  fileprivate init(repeating value: Float, like other: Tensor) {
    self.init(zeros: other.shape, other.format)
    if value != 0 { pointer.update(repeating: value, count: count) }
  }
}
