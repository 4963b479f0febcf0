/// The numbers of one step of stochastic gradient descent.
///
/// g = (maximize ? -gradient : gradient) + weightDecay · p; with momentum the buffer becomes g on the
/// first step, then momentum · buffer + (1 - dampening) · g; p -= learningRate · d, where d is g
/// without momentum, g + momentum · buffer with `nesterov`, else the buffer.
public struct SGDStep: Sendable {
  public var learningRate: Float
  public var momentum: Float
  public var dampening: Float
  public var weightDecay: Float
  public var nesterov: Bool
  public var maximize: Bool
  /// The momentum buffer holds nothing yet.
  public var isFirst: Bool

  public init(
    learningRate: Float, momentum: Float, dampening: Float, weightDecay: Float, nesterov: Bool,
    maximize: Bool, isFirst: Bool
  ) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    self.maximize = maximize
    self.isFirst = isFirst
  }
}

/// The numbers of one step of Adam or AdamW.
///
/// g = (maximize ? -gradient : gradient) + weightDecay · p, or with `decoupledWeightDecay` (AdamW)
/// p *= 1 - learningRate · weightDecay first and g without decay;
/// m = β₁ · m + (1 - β₁) · g; v = β₂ · v + (1 - β₂) · g²;
/// p -= learningRate / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε); with AMSGrad the largest v so far takes
/// the place of v.
public struct AdamStep: Sendable {
  public var learningRate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var decoupledWeightDecay: Bool
  public var maximize: Bool
  /// 1 - β₁ᵗ, t counting from 1.
  public var biasCorrection1: Double
  /// 1 - β₂ᵗ.
  public var biasCorrection2: Double

  public init(
    learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
    decoupledWeightDecay: Bool, maximize: Bool, biasCorrection1: Double, biasCorrection2: Double
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decoupledWeightDecay = decoupledWeightDecay
    self.maximize = maximize
    self.biasCorrection1 = biasCorrection1
    self.biasCorrection2 = biasCorrection2
  }
}
