import NNDiagnostics

/// `schedule = …`: how the learning rate goes on. Rates, and momenta where they are cycled, are one for each
/// group of the optimizer's parameters.
public struct SchedulePlan: Sendable {
  public enum Kind: Sendable {
    case step(stepSize: Int, gamma: Double)
    case multiStep(milestones: [Int], gamma: Double)
    case exponential(gamma: Double)
    case constant(factor: Double, totalIters: Int)
    case linear(startFactor: Double, endFactor: Double, totalIters: Int)
    case polynomial(totalIters: Int, power: Double)
    case cosineAnnealing(tMax: Int, etaMin: Double)
    case cosineAnnealingWarmRestarts(t0: Int, tMult: Int, etaMin: Double)
    case oneCycle(OneCycle)
    case cyclic(Cyclic)
    case reduceOnPlateau(ReduceOnPlateau)
    /// One after the other; each but the first begins at a milestone.
    indirect case sequential([Kind], milestones: [Int])
  }

  /// What a schedule counts.
  public enum Pace: Sendable {
    case epochs
    /// Steps of the optimizer.
    case steps
  }

  /// The momenta, or first betas, between which a cycle goes: the larger ones with the smaller rates.
  public struct CycledMomentum: Sendable {
    public var base: [Double]
    public var max: [Double]
  }

  /// `OneCycleLR`.
  public struct OneCycle: Sendable {
    public var maxRates: [Double]
    /// Nil: all of the run.
    public var totalSteps: Int?
    public var pctStart: Double
    /// Along a cosine, else along a line.
    public var isCosine: Bool
    public var momentum: CycledMomentum?
    public var divFactor: Double
    public var finalDivFactor: Double
    public var threePhase: Bool
  }

  /// `CyclicLR`.
  public struct Cyclic: Sendable {
    public enum Mode: String, Sendable, CaseIterable {
      case triangular
      case triangular2
      case expRange = "exp_range"
    }

    public var baseRates: [Double]
    public var maxRates: [Double]
    public var stepSizeUp: Int
    public var stepSizeDown: Int
    public var mode: Mode
    public var gamma: Double
    public var momentum: CycledMomentum?
  }

  /// `ReduceLROnPlateau`.
  public struct ReduceOnPlateau: Sendable {
    /// Higher is better.
    public var isMaximum: Bool
    public var factor: Double
    public var patience: Int
    public var threshold: Double
    /// The threshold is a share of the best value.
    public var isRelative: Bool
    public var cooldown: Int
    public var minRates: [Double]
    public var eps: Double
  }

  public var kind: Kind
  /// The call with all its arguments, as PyTorch writes it.
  public var text: String
  public var span: Span
}

extension SchedulePlan.Kind {
  public var pace: SchedulePlan.Pace {
    switch self {
    case .oneCycle, .cyclic: .steps
    case .sequential(let kinds, _): kinds.first?.pace ?? .epochs
    default: .epochs
    }
  }

  public var cycledMomentum: SchedulePlan.CycledMomentum? {
    switch self {
    case .oneCycle(let cycle): cycle.momentum
    case .cyclic(let cycle): cycle.momentum
    case .sequential(let kinds, _): kinds.lazy.compactMap(\.cycledMomentum).first
    default: nil
    }
  }

  /// The schedule is as long as the run.
  public var dependsOnRunLength: Bool {
    if case .oneCycle(let cycle) = self { return cycle.totalSteps == nil }
    return false
  }
}

extension TrainPlan {
  /// Steps of the optimizer an epoch, the last one perhaps of fewer batches.
  public func stepsPerEpoch(batches: Int) -> Int {
    batches / accumulate + (batches % accumulate == 0 ? 0 : 1)
  }
}

extension DataPlan {
  /// The batches of a pass over `samples`: the last one perhaps smaller, or left out with `drop_last`.
  public static func batchCount(of samples: Int, batchSize: Int, dropLast: Bool) -> Int {
    samples / batchSize + (dropLast || samples % batchSize == 0 ? 0 : 1)
  }
}
