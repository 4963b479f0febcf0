import NNShapes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// Binary cross-entropy: each number of the output says yes or no by itself. Source: torch/nn/modules/loss.py,
// aten/src/ATen/native/Loss.cpp. Target and output have one shape; weights are repeated to it.

/// -(t · log x + (1 - t) · log(1 - x)) for probabilities x, PyTorch's `BCELoss`. Each logarithm is at
/// least -100.
public struct BCELoss: ValueLoss {
  /// What the losses are multiplied by.
  public let weight: Tensor?
  public let reduction: Reduction

  public init(weight: Tensor? = nil, reduction: Reduction = .mean) {
    self.weight = weight
    self.reduction = reduction
  }

  /// Throws also where a number of the output or of the target is not in 0 ... 1.
  public func forward(
    _ input: Variable, against target: Variable, _ tape: Tape
  ) throws(TargetError) -> Variable {
    let (x, t) = (tape.tensor(input), tape.tensor(target))
    guard x.shape == t.shape else { throw .shape(input: x.shape, target: t.shape, expected: x.shape) }
    try BCELoss.check(t, isOutput: false)
    try BCELoss.check(x, isOutput: true)
    return try tape.elementwiseLoss(
      BinaryCrossEntropy(), input, target, reduction: reduction, weight: weight)
  }

  private static func check(_ tensor: Tensor, isOutput: Bool) throws(TargetError) {
    for position in 0..<tensor.count where !(tensor.pointer[position] >= 0 && tensor.pointer[position] <= 1) {
      // The first one in the order of the dimensions, whatever the order in memory.
      let values = tensor.values
      let index = values.firstIndex { !($0 >= 0 && $0 <= 1) } ?? position
      throw .noProbability(isOutput: isOutput, index: index, value: values[index])
    }
  }
}

/// ``BCELoss`` of the sigmoid of scores x, computed together, PyTorch's `BCEWithLogitsLoss`:
/// (1 - t) · x + (1 + (p - 1) · t) · log(1 + exp(-x)) with the weight p of positive targets.
public struct BCEWithLogitsLoss: ValueLoss {
  /// What the losses are multiplied by.
  public let weight: Tensor?
  /// p, what the losses of positive targets count more.
  public let positiveWeight: Tensor?
  public let reduction: Reduction

  public init(weight: Tensor? = nil, reduction: Reduction = .mean, positiveWeight: Tensor? = nil) {
    self.weight = weight
    self.reduction = reduction
    self.positiveWeight = positiveWeight
  }

  public func forward(
    _ input: Variable, against target: Variable, _ tape: Tape
  ) throws(TargetError) -> Variable {
    let (shape, found) = (tape.shape(input), tape.shape(target))
    guard shape == found else { throw .shape(input: shape, target: found, expected: shape) }
    return try tape.elementwiseLoss(
      BinaryCrossEntropyWithLogits(), input, target, reduction: reduction, weight: weight,
      positiveWeight: positiveWeight)
  }
}

// MARK: One element

private struct BinaryCrossEntropy: ElementwiseLoss {
  func value(_ x: Float, _ t: Float, _ p: Float) -> Float {
    (t - 1) * max(log1pf(-x), -100) - t * max(logf(x), -100)
  }

  /// The divisor x · (1 - x) is at least 1e-12, as in PyTorch.
  func derivatives(_ x: Float, _ t: Float, _ p: Float) -> (input: Float, target: Float) {
    ((x - t) / max((1 - x) * x, 1e-12), log1pf(-x) - logf(x))
  }
}

private struct BinaryCrossEntropyWithLogits: ElementwiseLoss {
  func value(_ x: Float, _ t: Float, _ p: Float) -> Float {
    (1 - t) * x + (1 + (p - 1) * t) * logOnePlusExponential(-x)
  }

  func derivatives(_ x: Float, _ t: Float, _ p: Float) -> (input: Float, target: Float) {
    let input = (1 - t) - (1 + (p - 1) * t) / (1 + expf(x))
    return (input, (p - 1) * logOnePlusExponential(-x) - x)
  }

  /// log(1 + exp(x)), without overflow.
  private func logOnePlusExponential(_ x: Float) -> Float { max(x, 0) + log1pf(expf(-abs(x))) }
}
