import NNKernels

/// Steps divided by the root of all squares so far, PyTorch's `Adagrad`.
///
/// g = gradient (negated with `maximize`) + weight_decay · p; s = s + g², from `initialAccumulatorValue`;
/// p -= lr / (1 + (t - 1) · lr_decay) · g / (√s + ε). Source: `torch/optim/adagrad.py`.
public struct Adagrad: UpdateRule {
  public var learningRate: Double
  public var rateDecay: Double
  public var weightDecay: Double
  public var initialAccumulatorValue: Double
  public var epsilon: Double
  public var maximize: Bool

  public init(
    learningRate: Double = 1e-2, rateDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulatorValue: Double = 0, epsilon: Double = 1e-10, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.rateDecay = rateDecay
    self.weightDecay = weightDecay
    self.initialAccumulatorValue = initialAccumulatorValue
    self.epsilon = epsilon
    self.maximize = maximize
  }

  public var buffers: [StateBuffer?] {
    [StateBuffer("sum", initialValue: Float(initialAccumulatorValue))]
  }

  public func step(_ progress: inout ParameterProgress) -> OptimizerStep {
    let rate = learningRate / (1 + Double(progress.steps) * rateDecay)
    progress.steps += 1
    return .adagrad(
      AdagradStep(learningRate: rate, epsilon: epsilon, weightDecay: weightDecay, maximize: maximize))
  }
}
