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
  public enum Kind: Sendable {
    case sgd(momentum: Double, dampening: Double, weightDecay: Double, nesterov: Bool, maximize: Bool)
    case adam(
      betas: (Double, Double), eps: Double, weightDecay: Double, amsgrad: Bool, maximize: Bool)

    /// Values that are kept for each parameter: running means, a momentum buffer.
    public var stateValues: Int {
      switch self {
      case .sgd(let momentum, _, _, _, _): momentum == 0 ? 0 : 1
      case .adam(_, _, _, let amsgrad, _): amsgrad ? 3 : 2
      }
    }
  }

  public var kind: Kind
  public var lr: Double
  /// The model whose parameters it updates: an index of the plan's `models`.
  public var model: Int
  public var span: Span
}
