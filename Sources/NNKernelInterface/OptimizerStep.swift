// The numbers that all elements of a parameter share in one step of an optimizer. In all of them
// g = (maximize ? -gradient : gradient) + weight_decay · p, and t counts the steps from 1.

/// One step of an optimizer on one parameter.
public enum OptimizerStep: Sendable {
  case sgd(SGDStep)
  case adam(AdamStep)
  case adamax(AdamaxStep)
  case rmsprop(RMSpropStep)
  case adagrad(AdagradStep)
  case adadelta(AdadeltaStep)
}

/// What an optimizer keeps for a parameter, as large as the parameter; which of them are there depends on
/// the optimizer.
public struct OptimizerBuffers {
  public var first: UnsafeMutablePointer<Float>?
  public var second: UnsafeMutablePointer<Float>?
  public var third: UnsafeMutablePointer<Float>?

  public init(
    _ first: UnsafeMutablePointer<Float>? = nil, _ second: UnsafeMutablePointer<Float>? = nil,
    _ third: UnsafeMutablePointer<Float>? = nil
  ) {
    self.first = first
    self.second = second
    self.third = third
  }
}

/// The numbers of one step of stochastic gradient descent.
///
/// With momentum the first buffer becomes g on the first step, then
/// momentum · buffer + (1 - dampening) · g; p -= learningRate · d, where d is g without momentum,
/// g + momentum · buffer with `nesterov`, else the buffer.
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

/// The numbers of one step of Adam and its relatives, which keep a running mean m of g and v of g².
///
/// With `decoupledWeightDecay` (AdamW) p *= 1 - learningRate · weightDecay first, and g is without decay.
/// m = β₁ · m + (1 - β₁) · g, the first buffer; v = β₂ · v + (1 - β₂) · g², the second; p moves as
/// `direction` says.
public struct AdamStep: Sendable {
  /// Where p goes, given g, m and v.
  public enum Direction: Sendable {
    /// p -= learningRate / (1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε). With a third buffer, AMSGrad's, the
    /// largest v so far takes the place of v.
    case adam(biasCorrection1: Double, biasCorrection2: Double)
    /// NAdam: p -= (gradientRate · g + meanRate · m) / (√(v / (1 - β₂ᵗ)) + ε).
    case nadam(gradientRate: Double, meanRate: Double, biasCorrection2: Double)
    /// RAdam: p -= learningRate · m / (1 - β₁ᵗ) · √(1 - β₂ᵗ) / (√v + ε) · rectification.
    case rectified(biasCorrection1: Double, biasCorrection2: Double, rectification: Double)
    /// RAdam while v is not to be trusted: p -= learningRate · m / (1 - β₁ᵗ).
    case unrectified(biasCorrection1: Double)
  }

  public var learningRate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var decoupledWeightDecay: Bool
  public var maximize: Bool
  public var direction: Direction

  public init(
    learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
    decoupledWeightDecay: Bool, maximize: Bool, direction: Direction
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decoupledWeightDecay = decoupledWeightDecay
    self.maximize = maximize
    self.direction = direction
  }
}

/// The numbers of one step of Adamax: m = β₁ · m + (1 - β₁) · g, the first buffer;
/// u = max(β₂ · u, |g| + ε), the second; p -= learningRate / (1 - β₁ᵗ) · m / u.
public struct AdamaxStep: Sendable {
  public var learningRate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var maximize: Bool
  /// 1 - β₁ᵗ.
  public var biasCorrection: Double

  public init(
    learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
    maximize: Bool, biasCorrection: Double
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.maximize = maximize
    self.biasCorrection = biasCorrection
  }
}

/// The numbers of one step of RMSprop: v = α · v + (1 - α) · g², the first buffer; with `centered`
/// a = α · a + (1 - α) · g, the second, and d = g / (√(v - a²) + ε), else d = g / (√v + ε); p -= learningRate · d,
/// or with momentum b = momentum · b + d, the third buffer, and p -= learningRate · b.
public struct RMSpropStep: Sendable {
  public var learningRate: Double
  public var alpha: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var momentum: Double
  public var centered: Bool
  public var maximize: Bool

  public init(
    learningRate: Double, alpha: Double, epsilon: Double, weightDecay: Double, momentum: Double,
    centered: Bool, maximize: Bool
  ) {
    self.learningRate = learningRate
    self.alpha = alpha
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.momentum = momentum
    self.centered = centered
    self.maximize = maximize
  }
}

/// The numbers of one step of Adagrad: s = s + g², the first buffer; p -= learningRate · g / (√s + ε). The
/// learning rate has decayed already.
public struct AdagradStep: Sendable {
  public var learningRate: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var maximize: Bool

  public init(learningRate: Double, epsilon: Double, weightDecay: Double, maximize: Bool) {
    self.learningRate = learningRate
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.maximize = maximize
  }
}

/// The numbers of one step of Adadelta: v = ρ · v + (1 - ρ) · g², the first buffer;
/// d = √(u + ε) / √(v + ε) · g; u = ρ · u + (1 - ρ) · d², the second buffer; p -= learningRate · d.
public struct AdadeltaStep: Sendable {
  public var learningRate: Double
  public var rho: Double
  public var epsilon: Double
  public var weightDecay: Double
  public var maximize: Bool

  public init(learningRate: Double, rho: Double, epsilon: Double, weightDecay: Double, maximize: Bool) {
    self.learningRate = learningRate
    self.rho = rho
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.maximize = maximize
  }
}
