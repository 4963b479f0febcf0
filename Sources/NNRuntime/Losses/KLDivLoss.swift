#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// t · (log t - x) for log-probabilities x, PyTorch's `KLDivLoss`: summed over the classes of a sample, the
/// Kullback-Leibler divergence of the model from the target. With `logTarget` the target holds log t.
///
/// Nothing checks that the numbers are (log-)probabilities.
public struct KLDivLoss: ValueLoss {
  public let reduction: Reduction
  /// PyTorch's `reduction='batchmean'`: the mean divides by the size of the first dimension.
  public let isBatchMean: Bool
  public let logTarget: Bool

  public init(reduction: Reduction = .mean, isBatchMean: Bool = false, logTarget: Bool = false) {
    self.reduction = isBatchMean ? .mean : reduction
    self.isBatchMean = isBatchMean
    self.logTarget = logTarget
  }

  /// Throws also where there is no batch to divide by.
  public func forward(
    _ input: Variable, against target: Variable, _ tape: Tape
  ) throws(TargetError) -> Variable {
    let shape = tape.shape(input)
    var divisor: Float?
    if isBatchMean {
      guard shape.rank > 0 else { throw .noBatch }
      // As PyTorch, which does not divide the sum of an empty batch.
      divisor = Float(max(shape[0], 1))
    }
    return logTarget
      ? try tape.elementwiseLoss(
        LogDivergence(), input, target, reduction: reduction, divisor: divisor)
      : try tape.elementwiseLoss(Divergence(), input, target, reduction: reduction, divisor: divisor)
  }
}

// MARK: One element

/// t · (log t - x), where 0 · log 0 is 0.
private struct Divergence: ElementwiseLoss {
  func value(_ x: Float, _ t: Float, _ p: Float) -> Float { (t == 0 ? 0 : t * logf(t)) - t * x }

  func derivatives(_ x: Float, _ t: Float, _ p: Float) -> (input: Float, target: Float) {
    (-t, logf(t) + 1 - x)
  }
}

/// exp(t) · (t - x).
private struct LogDivergence: ElementwiseLoss {
  func value(_ x: Float, _ t: Float, _ p: Float) -> Float { expf(t) * (t - x) }

  func derivatives(_ x: Float, _ t: Float, _ p: Float) -> (input: Float, target: Float) {
    (-expf(t), expf(t) * (t - x + 1))
  }
}
