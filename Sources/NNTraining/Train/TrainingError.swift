import NNDiagnostics

/// Why training stopped or could not begin.
public enum TrainingError: RunFailure, Equatable {
  /// The loss of a batch is NaN or infinite. `step` counts from 1.
  case nonFiniteLoss(value: String, epoch: Int, step: Int, lr: Double, folder: String?)
  /// The file lacks what training needs: `train`, `loss`, `optimizer`, `data`.
  case missing(String)
  /// A pass over the data has no batch.
  case noBatch(split: String, samples: Int, batchSize: Int)
  /// The data gives more steps than a `OneCycleLR` is long.
  case scheduleTooShort(totalSteps: Int, epochs: Int, stepsPerEpoch: Int)
  /// The targets that the data has are not what the loss takes.
  case targets(String)

  public var description: String {
    switch self {
    case .nonFiniteLoss(let value, let epoch, let step, let lr, let folder):
      "step \(step) (epoch \(epoch)): loss is \(value) (lr \(settingText(lr)))"
        + (folder.map { "; the run up to there is saved in \($0)" } ?? "")
    case .missing(let what): "the file has no `\(what)`, which training needs"
    case .noBatch(let split, let samples, let batchSize):
      "data \(split): \(samples) samples make no batch of \(batchSize) with drop_last=True"
    case .scheduleTooShort(let total, let epochs, let steps):
      "OneCycleLR is over after total_steps=\(total), and training makes \(epochs) × \(steps) = \(epochs * steps) steps"
    case .targets(let reason): reason
    }
  }

  public var help: String? {
    switch self {
    case .nonFiniteLoss(_, _, _, let lr, _): "try lr=\(settingText(lr / 10))"
    case .missing, .targets: nil
    case .scheduleTooShort: "leave out total_steps: the length is worked out"
    case .noBatch: "use a smaller batch_size or drop_last=False"
    }
  }
}
