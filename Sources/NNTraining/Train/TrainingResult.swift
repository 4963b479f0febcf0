/// How a run ended.
public struct TrainingResult: Sendable, Equatable {
  public enum Stop: Sendable, Equatable {
    /// Every epoch was made.
    case finished
    /// The cancellation flag was set; the run is saved.
    case interrupted
    /// `--steps` was reached.
    case stepLimit
    /// `time_limit` was reached; the run is saved.
    case timeLimit
    /// `early_stop`: this many epochs without a better one.
    case earlyStop(epochs: Int)
  }

  public var stop: Stop
  /// The run folder; nil with `--no-run-dir`.
  public var folder: String?
  /// Epochs completed and optimizer steps made, a resumed run's earlier ones included.
  public var epochs: Int
  public var steps: Int
  /// The epoch with the lowest validation loss, or else the lowest mean training loss; nil before the
  /// first is complete.
  public var bestEpoch: Int?
  /// That loss.
  public var bestLoss: Double?
  /// The epochs that this call completed.
  public var metrics: [EpochMetrics]
}
