/// What a run tells its caller while it goes on. The caller decides what is printed and where; only
/// ``EpochReport/line`` belongs on standard output.
public enum TrainingEvent: Sendable {
  /// A sentence for standard error.
  case message(RunMessage)
  /// A data set is being fetched. At most ten a second.
  case download(DownloadReport)
  /// Everything is ready and the first step comes next.
  case started(TrainingStart)
  /// Progress within an epoch. At most ten a second.
  case step(StepReport)
  /// Progress of the evaluation after an epoch. At most ten a second.
  case evaluation(EvaluationReport)
  /// An epoch is over.
  case epoch(EpochReport)
}

/// A sentence about the run.
public struct RunMessage: Sendable, Equatable {
  public enum Level: String, Sendable {
    /// Worth knowing: the seed that was used, the folder that is written.
    case note
    /// Probably not what was meant: the `else` of a data source, a learning rate that is too high.
    case warning
  }

  public var level: Level
  public var text: String

  public init(_ level: Level, _ text: String) {
    self.level = level
    self.text = text
  }
}

/// How far a download is.
public struct DownloadReport: Sendable, Equatable {
  /// What is fetched: `cifar-10-binary.tar.gz`.
  public var file: String
  public var receivedBytes: Int
  /// Nil where the server does not say.
  public var totalBytes: Int?

  public init(file: String, receivedBytes: Int, totalBytes: Int?) {
    self.file = file
    self.receivedBytes = receivedBytes
    self.totalBytes = totalBytes
  }
}

/// What is about to be trained.
public struct TrainingStart: Sendable, Equatable {
  public var model: String
  /// The elements of all parameters.
  public var parameterCount: Int
  /// The data set that is trained on, as the file names it: `CIFAR10("data", train=False)`.
  public var data: String
  public var sampleCount: Int
  public var batchSize: Int
  /// Optimizer steps an epoch.
  public var stepsPerEpoch: Int
  /// Epochs in all.
  public var epochs: Int
  /// The epoch and the step that come next: 0 and 0 unless the run is a resumed one.
  public var firstEpoch: Int
  public var firstStep: Int
  public var threads: Int
  /// `baseline`, `avx2`, `avx512`, `neon`.
  public var instructionSet: String
  /// The run folder; nil with `--no-run-dir`.
  public var folder: String?
}

/// How far an epoch is.
public struct StepReport: Sendable, Equatable {
  public var epoch: Int
  /// Epochs in all.
  public var epochs: Int
  /// Optimizer steps of this epoch so far, and in all.
  public var step: Int
  public var stepsPerEpoch: Int
  /// The loss of the last batch.
  public var loss: Double
  /// The mean of the epoch's batch losses so far.
  public var meanLoss: Double
  /// Images per second, over the last seconds.
  public var imagesPerSecond: Double
  /// Seconds left in this epoch at that rate; nil before there is a rate.
  public var secondsLeft: Double?
}

/// How far an evaluation is.
public struct EvaluationReport: Sendable, Equatable {
  /// The split: `val`.
  public var split: String
  public var samples: Int
  public var sampleCount: Int
}

/// What an epoch came to.
public struct EpochReport: Sendable, Equatable {
  /// `epoch:0, loss:18704.882`, the line for standard output.
  public var line: String
  public var metrics: EpochMetrics
  /// True where this epoch is the best so far, by validation loss or else by mean training loss.
  public var isBest: Bool
}
