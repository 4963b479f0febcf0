import NNDiagnostics

/// How a loss puts the values of its elements together.
public enum Reduction: String, Sendable {
  case none
  case mean
  case sum
  /// The sum over the batch size: KLDivLoss alone has it.
  case batchmean
}

/// `loss = …`.
public struct LossPlan: Sendable {
  public enum Kind: Sendable {
    case crossEntropy(weight: [Double]?, ignoreIndex: Int, labelSmoothing: Double)
    case nll(weight: [Double]?, ignoreIndex: Int)
    case mse
    case l1
    case smoothL1(beta: Double)
    case huber(delta: Double)
    case bce(weight: NumberTensor?)
    case bceWithLogits(weight: NumberTensor?, posWeight: NumberTensor?)
    case klDiv(logTarget: Bool)
  }

  public var kind: Kind
  public var reduction: Reduction
  public var span: Span
}

/// `optimizer = …`.
public struct OptimizerPlan: Sendable {
  /// An optimizer's settings but `lr`, under PyTorch's names.
  public enum Kind: Sendable {
    case sgd(momentum: Double, dampening: Double, weightDecay: Double, nesterov: Bool, maximize: Bool)
    /// `Adam` and `AdamW`.
    case adam(
      betas: (Double, Double), eps: Double, weightDecay: Double, amsgrad: Bool, maximize: Bool,
      decoupledWeightDecay: Bool)
    case rmsprop(
      alpha: Double, eps: Double, weightDecay: Double, momentum: Double, centered: Bool, maximize: Bool)
    case adagrad(
      lrDecay: Double, weightDecay: Double, initialAccumulatorValue: Double, eps: Double, maximize: Bool)
    case adadelta(rho: Double, eps: Double, weightDecay: Double, maximize: Bool)
    case adamax(betas: (Double, Double), eps: Double, weightDecay: Double, maximize: Bool)
    case nadam(
      betas: (Double, Double), eps: Double, weightDecay: Double, momentumDecay: Double,
      decoupledWeightDecay: Bool, maximize: Bool)
    case radam(
      betas: (Double, Double), eps: Double, weightDecay: Double, decoupledWeightDecay: Bool, maximize: Bool)

    /// `momentum`, or the first of `betas`; nil for an optimizer without either.
    public var momentum: Double? {
      switch self {
      case .sgd(let momentum, _, _, _, _), .rmsprop(_, _, _, let momentum, _, _): momentum
      case .adam(let betas, _, _, _, _, _), .adamax(let betas, _, _, _), .nadam(let betas, _, _, _, _, _),
        .radam(let betas, _, _, _, _):
        betas.0
      case .adagrad, .adadelta: nil
      }
    }

    /// The momentum is a share of a running mean, below 1, and not a factor.
    var hasBetas: Bool {
      switch self {
      case .adam, .adamax, .nadam, .radam: true
      case .sgd, .rmsprop, .adagrad, .adadelta: false
      }
    }

    /// Values that are kept for each parameter: running means, a momentum buffer.
    /// `cyclesMomentum`: a schedule sets the momentum.
    public func stateValues(cyclesMomentum: Bool) -> Int {
      switch self {
      case .sgd(let momentum, _, _, _, _): momentum == 0 && !cyclesMomentum ? 0 : 1
      case .adam(_, _, _, let amsgrad, _, _): amsgrad ? 3 : 2
      case .rmsprop(_, _, _, let momentum, let centered, _):
        1 + (centered ? 1 : 0) + (momentum > 0 || cyclesMomentum ? 1 : 0)
      case .adagrad: 1
      case .adadelta, .adamax, .nadam, .radam: 2
      }
    }
  }

  /// The settings of some of the parameters.
  public struct Group: Sendable {
    /// Over the parameters' keys; nil for the parameters that no pattern matches.
    public var pattern: String?
    public var kind: Kind
    public var lr: Double
    /// All settings as PyTorch writes them: `SGD(lr=0.1, momentum=0.0, …)`.
    public var text: String
  }

  /// First the settings of the optimizer itself, then those in braces, in file order. All of one optimizer.
  public var groups: [Group]
  /// By `state_dict` key, the group of each parameter that a pattern matches; the others are in the first.
  public var matched: [String: Int]
  /// The model whose parameters it updates: an index of the plan's `models`.
  public var model: Int
  public var span: Span

  /// The settings of the optimizer itself.
  public var kind: Kind { groups[0].kind }
  public var lr: Double { groups[0].lr }
}
