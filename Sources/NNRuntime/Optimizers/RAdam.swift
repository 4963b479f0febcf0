import NNKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Adam that does without v until there are enough gradients in it, PyTorch's `RAdam`.
///
/// g, m and v as ``Adam`` has them; ρ∞ = 2 / (1 - β₂) - 1, ρ = ρ∞ - 2 · t · β₂ᵗ / (1 - β₂ᵗ). Where ρ > 5,
/// p -= lr · m / (1 - β₁ᵗ) · √(1 - β₂ᵗ) / (√v + ε) · √((ρ - 4)(ρ - 2)ρ∞ / ((ρ∞ - 4)(ρ∞ - 2)ρ)); else
/// p -= lr · m / (1 - β₁ᵗ). Source: `torch/optim/radam.py`.
public struct RAdam: UpdateRule {
  public var learningRate: Double
  public var betas: (Double, Double)
  public var epsilon: Double
  public var weightDecay: Double
  public var decoupledWeightDecay: Bool
  public var maximize: Bool

  public init(
    learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999), epsilon: Double = 1e-8,
    weightDecay: Double = 0, decoupledWeightDecay: Bool = false, maximize: Bool = false
  ) {
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decoupledWeightDecay = decoupledWeightDecay
    self.maximize = maximize
  }

  public var cycledMomentum: Double? {
    get { betas.0 }
    set { betas.0 = newValue ?? betas.0 }
  }

  public var buffers: [StateBuffer?] { [StateBuffer("exp_avg"), StateBuffer("exp_avg_sq")] }

  public func step(_ progress: inout ParameterProgress) -> OptimizerStep {
    progress.steps += 1
    let exponent = Double(progress.steps)
    let power = pow(betas.1, exponent)
    let biasCorrection1 = 1 - pow(betas.0, exponent)
    let longest = 2 / (1 - betas.1) - 1
    let length = longest - 2 * exponent * power / (1 - power)
    var direction = AdamStep.Direction.unrectified(biasCorrection1: biasCorrection1)
    if length > 5 {
      let square = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
      direction = .rectified(
        biasCorrection1: biasCorrection1, biasCorrection2: 1 - power, rectification: square.squareRoot())
    }
    return .adam(
      AdamStep(
        learningRate: learningRate, beta1: betas.0, beta2: betas.1, epsilon: epsilon,
        weightDecay: weightDecay, decoupledWeightDecay: decoupledWeightDecay, maximize: maximize,
        direction: direction))
  }
}
