import NNModel
import NNRuntime

/// Makes the running loss of a checked one.
package func makeLoss(_ plan: LossPlan) -> any Loss {
  let reduction: NNRuntime.Reduction =
    switch plan.reduction {
    case .none: .none
    case .mean: .mean
    case .sum: .sum
    }
  return switch plan.kind {
  case .crossEntropy(let weight, let ignoreIndex, let labelSmoothing):
    CrossEntropyLoss(
      weight: weight, ignoreIndex: ignoreIndex, reduction: reduction, labelSmoothing: labelSmoothing)
  case .nll(let weight, let ignoreIndex):
    NLLLoss(weight: weight, ignoreIndex: ignoreIndex, reduction: reduction)
  case .mse: MSELoss(reduction: reduction)
  }
}

extension LossPlan {
  /// Whether the output has a class axis.
  var takesClasses: Bool {
    switch kind {
    case .crossEntropy, .nll: true
    case .mse: false
    }
  }
}
