import NNKernels

/// Stochastic gradient descent, PyTorch's `SGD`.
///
/// g = gradient (negated with `maximize`) + weight_decay · p; with momentum the buffer is g on the
/// first step, then momentum · buffer + (1 - dampening) · g; p -= lr · d, where d is g without
/// momentum, g + momentum · buffer with `nesterov`, else the buffer.
public final class SGD: Optimizer {
  public let parameters: [NamedParameter]
  public var learningRate: Double
  public let momentum: Double
  public let dampening: Double
  public let weightDecay: Double
  public let nesterov: Bool
  public let maximize: Bool

  private let kernels: Kernels
  private let momentumBuffers: [Tensor]
  private var hasMomentum: [Bool]
  /// The parameters of a step; kept for its memory.
  private var updates: [SGDUpdate] = []

  public init(
    _ parameters: [NamedParameter], learningRate: Double = 1e-3, momentum: Double = 0,
    dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false, maximize: Bool = false,
    kernels: Kernels = .current
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    self.maximize = maximize
    self.kernels = kernels
    momentumBuffers =
      momentum == 0
      ? [] : parameters.map { Tensor(zeros: $0.parameter.shape, $0.parameter.value.format) }
    hasMomentum = Array(repeating: false, count: parameters.count)
  }

  public func step(_ threads: ThreadPool) {
    updates.removeAll(keepingCapacity: true)
    for index in parameters.indices {
      let parameter = parameters[index].parameter
      guard parameter.hasGradient else { continue }
      let step = SGDStep(
        learningRate: Float(learningRate), momentum: Float(momentum), dampening: Float(dampening),
        weightDecay: Float(weightDecay), nesterov: nesterov, maximize: maximize,
        isFirst: !hasMomentum[index])
      updates.append(
        SGDUpdate(
          count: parameter.value.count, step: step, parameter: parameter.value.pointer,
          gradient: parameter.gradient.pointer,
          momentumBuffer: momentum == 0 ? nil : momentumBuffers[index].pointer))
      hasMomentum[index] = momentum != 0
    }
    updates.withUnsafeBufferPointer { kernels.sgd($0, pool: threads) }
  }

  private static let bufferName = "momentum_buffer"

  public var state: OptimizerState {
    var state = OptimizerState()
    for (index, entry) in parameters.enumerated() where hasMomentum[index] {
      state.buffers.append(momentumBuffers[index].entry("\(entry.name).\(SGD.bufferName)"))
    }
    return state
  }

  public func load(_ state: OptimizerState) throws(OptimizerStateError) {
    var saved = try SavedState(state)
    var found: [StateEntry?] = []
    for entry in parameters {
      let shape = entry.parameter.shape
      found.append(
        momentum == 0 ? nil : try saved.takeBuffer("\(entry.name).\(SGD.bufferName)", shape))
    }
    try saved.expectNothingLeft()
    for (index, entry) in found.enumerated() {
      hasMomentum[index] = entry != nil
      if let entry { momentumBuffers[index].setValues(entry.values) }
    }
  }
}
