import NNKernels

/// Steps scaled by the running size of earlier steps, PyTorch's `Adadelta`.
///
/// g = gradient (negated with `maximize`) + weight_decay · p; v = ρ · v + (1 - ρ) · g²;
/// d = √(u + ε) / √(v + ε) · g; u = ρ · u + (1 - ρ) · d²; p -= lr · d. Source: `torch/optim/adadelta.py`.
public struct Adadelta: UpdateRule {
  public var learningRate: Double
  public var rho: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var maximize: Bool

  public init(
    learningRate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0,
    maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.rho = rho
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.maximize = maximize
  }

  public var buffers: [StateBuffer?] { [StateBuffer("square_avg"), StateBuffer("acc_delta")] }

  public func step(_ progress: inout ParameterProgress) -> OptimizerStep {
    progress.steps += 1
    return .adadelta(
      AdadeltaStep(
        learningRate: learningRate, rho: rho, epsilon: epsilon, weightDecay: weightDecay, maximize: maximize))
  }
}
