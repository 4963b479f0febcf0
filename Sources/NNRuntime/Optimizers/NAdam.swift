import NNKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Adam with Nesterov's momentum, PyTorch's `NAdam`.
///
/// g, m and v as ``Adam`` has them, without bias corrections; μₜ = β₁ · (1 - ½ · 0.96^(t · momentum_decay)), Π is
/// the product of the μ so far, d = √(v / (1 - β₂ᵗ)) + ε;
/// p -= lr · (1 - μₜ) / (1 - Π) · g / d + lr · μₜ₊₁ / (1 - Π · μₜ₊₁) · m / d. Source: `torch/optim/nadam.py`.
public struct NAdam: UpdateRule {
  public var learningRate: Double
  public var betas: (Double, Double)
  public var epsilon: Double
  public var weightDecay: Double
  public var momentumDecay: Double
  public var decoupledWeightDecay: Bool
  public var maximize: Bool

  public init(
    learningRate: Double = 2e-3, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentumDecay: Double = 4e-3, decoupledWeightDecay: Bool = false,
    maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentumDecay = momentumDecay
    self.decoupledWeightDecay = decoupledWeightDecay
    self.maximize = maximize
  }

  public var cycledMomentum: Double? {
    get { betas.0 }
    set { betas.0 = newValue ?? betas.0 }
  }

  public var buffers: [StateBuffer?] { [StateBuffer("exp_avg"), StateBuffer("exp_avg_sq")] }
  public var keepsMomentumProduct: Bool { true }

  public func step(_ progress: inout ParameterProgress) -> OptimizerStep {
    progress.steps += 1
    let exponent = Double(progress.steps)
    let (momentum, next) = (momentum(at: exponent), momentum(at: exponent + 1))
    progress.momentumProduct *= Float(momentum)
    let product = Double(progress.momentumProduct)
    return .adam(
      AdamStep(
        learningRate: learningRate, beta1: betas.0, beta2: betas.1, epsilon: epsilon,
        weightDecay: weightDecay, decoupledWeightDecay: decoupledWeightDecay, maximize: maximize,
        direction: .nadam(
          gradientRate: learningRate * (1 - momentum) / (1 - product),
          meanRate: learningRate * next / (1 - product * next), biasCorrection2: 1 - pow(betas.1, exponent))))
  }

  private func momentum(at step: Double) -> Double { betas.0 * (1 - 0.5 * pow(0.96, step * momentumDecay)) }
}
