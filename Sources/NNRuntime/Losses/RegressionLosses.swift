// Losses of the difference e = x - t. Source: torch/nn/modules/loss.py,
// aten/src/ATen/native/cpu/PointwiseOpsKernel.cpp.
//
// The target has the output's shape; dimensions of 1 are repeated.

/// (x - t)², PyTorch's `MSELoss`.
public struct MSELoss: ValueLoss {
  public let reduction: Reduction

  public init(reduction: Reduction = .mean) { self.reduction = reduction }

  public func forward(
    _ input: Variable, against target: Variable, _ tape: Tape
  ) throws(TargetError) -> Variable {
    try tape.elementwiseLoss(SquaredError(), input, target, reduction: reduction)
  }
}

/// |x - t|, PyTorch's `L1Loss`. The derivative at 0 is 0.
public struct L1Loss: ValueLoss {
  public let reduction: Reduction

  public init(reduction: Reduction = .mean) { self.reduction = reduction }

  public func forward(
    _ input: Variable, against target: Variable, _ tape: Tape
  ) throws(TargetError) -> Variable {
    try tape.elementwiseLoss(AbsoluteError(), input, target, reduction: reduction)
  }
}

/// e² / 2β for |e| < β, else |e| - β/2: PyTorch's `SmoothL1Loss`. With β = 0 it is ``L1Loss``.
public struct SmoothL1Loss: ValueLoss {
  public let reduction: Reduction
  /// β, at least 0.
  public let beta: Double

  /// Traps on a negative `beta`.
  public init(reduction: Reduction = .mean, beta: Double = 1) {
    precondition(beta >= 0, "SmoothL1Loss: beta \(beta)")
    self.reduction = reduction
    self.beta = beta
  }

  public func forward(
    _ input: Variable, against target: Variable, _ tape: Tape
  ) throws(TargetError) -> Variable {
    let beta = Float(beta)
    return beta == 0
      ? try tape.elementwiseLoss(AbsoluteError(), input, target, reduction: reduction)
      : try tape.elementwiseLoss(SmoothError(beta: beta), input, target, reduction: reduction)
  }
}

/// e² / 2 for |e| ≤ δ, else δ · (|e| - δ/2): PyTorch's `HuberLoss`.
public struct HuberLoss: ValueLoss {
  public let reduction: Reduction
  /// δ, above 0.
  public let delta: Double

  /// Traps on a `delta` of 0 or less.
  public init(reduction: Reduction = .mean, delta: Double = 1) {
    precondition(delta > 0, "HuberLoss: delta \(delta)")
    self.reduction = reduction
    self.delta = delta
  }

  public func forward(
    _ input: Variable, against target: Variable, _ tape: Tape
  ) throws(TargetError) -> Variable {
    try tape.elementwiseLoss(
      HuberError(delta: Float(delta)), input, target, reduction: reduction)
  }
}

// MARK: One element

private struct SquaredError: ElementwiseLoss {
  func value(_ x: Float, _ t: Float, _ p: Float) -> Float { (x - t) * (x - t) }

  func derivatives(_ x: Float, _ t: Float, _ p: Float) -> (input: Float, target: Float) {
    (2 * (x - t), -2 * (x - t))
  }
}

private struct AbsoluteError: ElementwiseLoss {
  func value(_ x: Float, _ t: Float, _ p: Float) -> Float { abs(x - t) }

  func derivatives(_ x: Float, _ t: Float, _ p: Float) -> (input: Float, target: Float) {
    let slope: Float = x > t ? 1 : x < t ? -1 : x - t
    return (slope, -slope)
  }
}

private struct SmoothError: ElementwiseLoss {
  let beta: Float

  func value(_ x: Float, _ t: Float, _ p: Float) -> Float {
    let e = abs(x - t)
    return e < beta ? e * e / (2 * beta) : e - beta / 2
  }

  func derivatives(_ x: Float, _ t: Float, _ p: Float) -> (input: Float, target: Float) {
    let e = x - t
    let slope: Float = e >= beta ? 1 : e <= -beta ? -1 : e / beta
    return (slope, -slope)
  }
}

private struct HuberError: ElementwiseLoss {
  let delta: Float

  func value(_ x: Float, _ t: Float, _ p: Float) -> Float {
    let e = abs(x - t)
    return e <= delta ? e * e / 2 : delta * (e - delta / 2)
  }

  func derivatives(_ x: Float, _ t: Float, _ p: Float) -> (input: Float, target: Float) {
    let e = x - t
    let slope: Float = e > delta ? delta : e < -delta ? -delta : e
    return (slope, -slope)
  }
}
