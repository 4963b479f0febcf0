import NNModel

/// Trains a checked model file.
public enum Trainer {
  /// Trains `plan`'s main model as its `train` says and returns when that is done, or when
  /// `cancellation` asks for a stop and the step in hand is made and saved.
  ///
  /// `report` is called on the calling thread. Throws a ``RunFailure``.
  public static func train(
    _ plan: ExperimentPlan, options: TrainingOptions, cancellation: CancellationFlag,
    report: (TrainingEvent) -> Void
  ) throws -> TrainingResult {
    throw PendingError()
  }
}

struct PendingError: RunFailure { var description: String { "not there yet" } }
