import NNKernels

/// Stochastic gradient descent, PyTorch's `SGD`.
///
/// g = gradient (negated with `maximize`) + weight_decay · p; with momentum the buffer is g on the
/// first step, then momentum · buffer + (1 - dampening) · g; p -= lr · d, where d is g without
/// momentum, g + momentum · buffer with `nesterov`, else the buffer. Source: `torch/optim/sgd.py`.
public struct SGD: UpdateRule {
  public var learningRate: Double
  public var momentum: Double
  public var dampening: Double
  public var weightDecay: Double
  public var nesterov: Bool
  public var maximize: Bool
  /// There is a momentum buffer: it is 0 at first where a schedule sets the momentum.
  public var keepsMomentum: Bool

  /// `keepsMomentum` nil: where `momentum` is not 0.
  public init(
    learningRate: Double = 1e-3, momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0,
    nesterov: Bool = false, maximize: Bool = false, keepsMomentum: Bool? = nil
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    self.maximize = maximize
    self.keepsMomentum = keepsMomentum ?? (momentum != 0)
  }

  public var cycledMomentum: Double? {
    get { momentum }
    set { momentum = newValue ?? momentum }
  }

  public var buffers: [StateBuffer?] { [keepsMomentum ? StateBuffer("momentum_buffer") : nil] }
  public var countsSteps: Bool { false }

  public func step(_ progress: inout ParameterProgress) -> OptimizerStep {
    let isFirst = progress.steps == 0
    if momentum != 0 { progress.steps = 1 }
    return .sgd(
      SGDStep(
        learningRate: Float(learningRate), momentum: Float(momentum), dampening: Float(dampening),
        weightDecay: Float(weightDecay), nesterov: nesterov, maximize: maximize, isFirst: isFirst))
  }
}
