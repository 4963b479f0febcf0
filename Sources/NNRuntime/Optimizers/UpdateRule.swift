import NNKernels

/// What an optimizer does to a parameter: its settings, under PyTorch's names, and its formula.
public protocol UpdateRule: Sendable {
  /// The step size; a schedule sets it.
  var learningRate: Double { get set }
  /// What a schedule cycles against the step size: `momentum`, or the first of `betas`. Nil where the
  /// optimizer has neither, and then setting it does nothing.
  var cycledMomentum: Double? { get set }

  /// What is kept for each parameter, in the kernel's order; nil where these settings need none.
  var buffers: [StateBuffer?] { get }
  /// The number of steps is part of the saved state.
  var countsSteps: Bool { get }
  /// ``ParameterProgress/momentumProduct`` is part of the saved state.
  var keepsMomentumProduct: Bool { get }

  /// The numbers of a parameter's next step, which is counted.
  func step(_ progress: inout ParameterProgress) -> OptimizerStep
}

extension UpdateRule {
  public var cycledMomentum: Double? {
    get { nil }
    set {}
  }
  public var countsSteps: Bool { true }
  public var keepsMomentumProduct: Bool { false }
}

/// A buffer that an optimizer keeps for a parameter.
public struct StateBuffer: Sendable {
  /// PyTorch's name: `exp_avg`.
  public let name: String
  /// What its elements are before the first step.
  public let initialValue: Float

  public init(_ name: String, initialValue: Float = 0) {
    self.name = name
    self.initialValue = initialValue
  }
}

/// How far an optimizer is with a parameter.
public struct ParameterProgress: Sendable {
  /// Steps made; for SGD, which does not count them, 1 once the momentum buffer is filled.
  public var steps = 0
  /// NAdam's product of the momenta so far. A float, as PyTorch keeps it.
  public var momentumProduct: Float = 1

  public init() {}
}
