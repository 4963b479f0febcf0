import NNKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Adam, PyTorch's `Adam`.
///
/// g = gradient (negated with `maximize`) + weight_decay · p; m = β₁ · m + (1 - β₁) · g;
/// v = β₂ · v + (1 - β₂) · g²; p -= lr / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε), where t counts the steps
/// of the parameter; with `amsgrad` the largest v so far takes the place of v.
public final class Adam: Optimizer {
  public let parameters: [NamedParameter]
  public var learningRate: Double
  public let betas: (Double, Double)
  public let epsilon: Double
  public let weightDecay: Double
  public let amsgrad: Bool
  public let maximize: Bool

  private let kernels: Kernels
  private var moments: [Moments]
  /// The parameters of a step; kept for its memory.
  private var updates: [AdamUpdate] = []

  /// What one parameter accumulates.
  private struct Moments {
    var step = 0
    let mean: Tensor
    let variance: Tensor
    let maximumVariance: Tensor?
  }

  public init(
    _ parameters: [NamedParameter], learningRate: Double = 1e-3,
    betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8, weightDecay: Double = 0,
    amsgrad: Bool = false, maximize: Bool = false, kernels: Kernels = .current
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.amsgrad = amsgrad
    self.maximize = maximize
    self.kernels = kernels
    moments = parameters.map { entry in
      let value = entry.parameter.value
      return Moments(
        mean: Tensor(zeros: value.shape, value.format),
        variance: Tensor(zeros: value.shape, value.format),
        maximumVariance: amsgrad ? Tensor(zeros: value.shape, value.format) : nil)
    }
  }

  public func step(_ threads: ThreadPool) {
    updates.removeAll(keepingCapacity: true)
    for index in parameters.indices {
      let parameter = parameters[index].parameter
      guard parameter.hasGradient else { continue }
      moments[index].step += 1
      let exponent = Double(moments[index].step)
      let step = AdamStep(
        learningRate: learningRate, beta1: betas.0, beta2: betas.1, epsilon: epsilon,
        weightDecay: weightDecay, decoupledWeightDecay: false, maximize: maximize,
        biasCorrection1: 1 - pow(betas.0, exponent), biasCorrection2: 1 - pow(betas.1, exponent))
      updates.append(
        AdamUpdate(
          count: parameter.value.count, step: step, parameter: parameter.value.pointer,
          gradient: parameter.gradient.pointer, mean: moments[index].mean.pointer,
          variance: moments[index].variance.pointer,
          maximumVariance: moments[index].maximumVariance?.pointer))
    }
    updates.withUnsafeBufferPointer { kernels.adam($0, pool: threads) }
  }

  // MARK: State: PyTorch's names

  private static let names = (
    step: "step", mean: "exp_avg", variance: "exp_avg_sq", maximumVariance: "max_exp_avg_sq"
  )

  public var state: OptimizerState {
    var state = OptimizerState()
    for (entry, moments) in zip(parameters, moments) where moments.step > 0 {
      let names = Adam.names
      state.scalars.append(.init(name: "\(entry.name).\(names.step)", value: Double(moments.step)))
      state.buffers.append(moments.mean.entry("\(entry.name).\(names.mean)"))
      state.buffers.append(moments.variance.entry("\(entry.name).\(names.variance)"))
      if let maximum = moments.maximumVariance {
        state.buffers.append(maximum.entry("\(entry.name).\(names.maximumVariance)"))
      }
    }
    return state
  }

  public func load(_ state: OptimizerState) throws(OptimizerStateError) {
    var saved = try SavedState(state)
    var found: [(step: Int, buffers: [StateEntry])] = []
    for entry in parameters {
      let step = try saved.takeStep("\(entry.name).\(Adam.names.step)")
      var buffers: [StateEntry] = []
      let kinds =
        [Adam.names.mean, Adam.names.variance] + (amsgrad ? [Adam.names.maximumVariance] : [])
      for kind in kinds where step > 0 {
        let name = "\(entry.name).\(kind)"
        guard let buffer = try saved.takeBuffer(name, entry.parameter.shape) else {
          throw .missing(name)
        }
        buffers.append(buffer)
      }
      found.append((step, buffers))
    }
    try saved.expectNothingLeft()
    for (index, entry) in found.enumerated() {
      moments[index].step = entry.step
      let tensors =
        [moments[index].mean, moments[index].variance] + (moments[index].maximumVariance.map { [$0] } ?? [])
      for (position, tensor) in tensors.enumerated() {
        if position < entry.buffers.count {
          tensor.setValues(entry.buffers[position].values)
        } else {
          tensor.pointer.update(repeating: 0, count: tensor.count)
        }
      }
    }
  }
}
