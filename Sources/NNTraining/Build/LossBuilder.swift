import NNModel
import NNRuntime

/// Makes the running loss of a checked one.
package func makeLoss(_ plan: LossPlan) -> any Loss {
  let reduction: NNRuntime.Reduction =
    switch plan.reduction {
    case .none: .none
    case .mean, .batchmean: .mean
    case .sum: .sum
    }
  return switch plan.kind {
  case .crossEntropy(let weight, let ignoreIndex, let labelSmoothing):
    CrossEntropyLoss(
      weight: weight, ignoreIndex: ignoreIndex, reduction: reduction, labelSmoothing: labelSmoothing)
  case .nll(let weight, let ignoreIndex):
    NLLLoss(weight: weight, ignoreIndex: ignoreIndex, reduction: reduction)
  case .mse: MSELoss(reduction: reduction)
  case .l1: L1Loss(reduction: reduction)
  case .smoothL1(let beta): SmoothL1Loss(reduction: reduction, beta: beta)
  case .huber(let delta): HuberLoss(reduction: reduction, delta: delta)
  case .bce(let weight): BCELoss(weight: weight.map(Tensor.init), reduction: reduction)
  case .bceWithLogits(let weight, let posWeight):
    BCEWithLogitsLoss(
      weight: weight.map(Tensor.init), reduction: reduction, positiveWeight: posWeight.map(Tensor.init))
  case .klDiv(let logTarget):
    KLDivLoss(reduction: reduction, isBatchMean: plan.reduction == .batchmean, logTarget: logTarget)
  }
}

extension Tensor {
  /// The numbers of the file as float32.
  fileprivate init(_ numbers: NumberTensor) {
    self.init(numbers.values.map { Float($0) }, numbers.shape)
  }
}

extension LossPlan {
  /// Whether the output has a class axis.
  var takesClasses: Bool {
    switch kind {
    case .crossEntropy, .nll: true
    case .mse, .l1, .smoothL1, .huber, .bce, .bceWithLogits, .klDiv: false
    }
  }
}
