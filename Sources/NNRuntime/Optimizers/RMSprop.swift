import NNKernels

/// Steps divided by the gradients' root mean square, PyTorch's `RMSprop`.
///
/// g = gradient (negated with `maximize`) + weight_decay · p; v = α · v + (1 - α) · g²; d = g / (√v + ε), or
/// with `centered` a = α · a + (1 - α) · g and d = g / (√(v - a²) + ε); p -= lr · d, or with momentum
/// b = momentum · b + d and p -= lr · b. Source: `torch/optim/rmsprop.py`.
public struct RMSprop: UpdateRule {
  public var learningRate: Double
  public var alpha: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var momentum: Double
  public var centered: Bool
  public var maximize: Bool
  /// There is a momentum buffer: it is 0 at first where a schedule sets the momentum.
  public var keepsMomentum: Bool

  /// `keepsMomentum` nil: where `momentum` is above 0.
  public init(
    learningRate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8, weightDecay: Double = 0,
    momentum: Double = 0, centered: Bool = false, maximize: Bool = false, keepsMomentum: Bool? = nil
  ) {
    self.learningRate = learningRate
    self.alpha = alpha
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentum = momentum
    self.centered = centered
    self.maximize = maximize
    self.keepsMomentum = keepsMomentum ?? (momentum > 0)
  }

  public var cycledMomentum: Double? {
    get { momentum }
    set { momentum = newValue ?? momentum }
  }

  public var buffers: [StateBuffer?] {
    [
      StateBuffer("square_avg"), centered ? StateBuffer("grad_avg") : nil,
      keepsMomentum ? StateBuffer("momentum_buffer") : nil,
    ]
  }

  public func step(_ progress: inout ParameterProgress) -> OptimizerStep {
    progress.steps += 1
    return .rmsprop(
      RMSpropStep(
        learningRate: learningRate, alpha: alpha, epsilon: epsilon, weightDecay: weightDecay,
        momentum: momentum, centered: centered, maximize: maximize))
  }
}
