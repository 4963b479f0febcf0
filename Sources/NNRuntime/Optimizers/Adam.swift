import NNKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Adam, PyTorch's `Adam`, and with `decoupledWeightDecay` its `AdamW`.
///
/// g = gradient (negated with `maximize`) + weight_decay · p, or with decoupled decay
/// p *= 1 - lr · weight_decay and g without it; m = β₁ · m + (1 - β₁) · g; v = β₂ · v + (1 - β₂) · g²;
/// p -= lr / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε), where t counts the steps of the parameter; with
/// `amsgrad` the largest v so far takes the place of v. Source: `torch/optim/adam.py`.
public struct Adam: UpdateRule {
  public var learningRate: Double
  public var betas: (Double, Double)
  public var epsilon: Double
  public var weightDecay: Double
  public var decoupledWeightDecay: Bool
  public var amsgrad: Bool
  public var maximize: Bool

  public init(
    learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0, decoupledWeightDecay: Bool = false, amsgrad: Bool = false,
    maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decoupledWeightDecay = decoupledWeightDecay
    self.amsgrad = amsgrad
    self.maximize = maximize
  }

  public var cycledMomentum: Double? {
    get { betas.0 }
    set { betas.0 = newValue ?? betas.0 }
  }

  public var buffers: [StateBuffer?] {
    [StateBuffer("exp_avg"), StateBuffer("exp_avg_sq"), amsgrad ? StateBuffer("max_exp_avg_sq") : nil]
  }

  public func step(_ progress: inout ParameterProgress) -> OptimizerStep {
    progress.steps += 1
    let exponent = Double(progress.steps)
    return .adam(
      AdamStep(
        learningRate: learningRate, beta1: betas.0, beta2: betas.1, epsilon: epsilon,
        weightDecay: weightDecay, decoupledWeightDecay: decoupledWeightDecay, maximize: maximize,
        direction: .adam(
          biasCorrection1: 1 - pow(betas.0, exponent), biasCorrection2: 1 - pow(betas.1, exponent))))
  }
}
