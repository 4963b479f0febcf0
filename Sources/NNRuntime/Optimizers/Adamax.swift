import NNKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Adam with the largest gradient in the place of the mean square, PyTorch's `Adamax`.
///
/// g = gradient (negated with `maximize`) + weight_decay · p; m = β₁ · m + (1 - β₁) · g;
/// u = max(β₂ · u, |g| + ε); p -= lr / (1 - β₁ᵗ) · m / u. Source: `torch/optim/adamax.py`.
public struct Adamax: UpdateRule {
  public var learningRate: Double
  public var betas: (Double, Double)
  public var epsilon: Double
  public var weightDecay: Double
  public var maximize: Bool

  public init(
    learningRate: Double = 2e-3, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.maximize = maximize
  }

  public var cycledMomentum: Double? {
    get { betas.0 }
    set { betas.0 = newValue ?? betas.0 }
  }

  public var buffers: [StateBuffer?] { [StateBuffer("exp_avg"), StateBuffer("exp_inf")] }

  public func step(_ progress: inout ParameterProgress) -> OptimizerStep {
    progress.steps += 1
    return .adamax(
      AdamaxStep(
        learningRate: learningRate, beta1: betas.0, beta2: betas.1, epsilon: epsilon,
        weightDecay: weightDecay, maximize: maximize,
        biasCorrection: 1 - pow(betas.0, Double(progress.steps))))
  }
}
