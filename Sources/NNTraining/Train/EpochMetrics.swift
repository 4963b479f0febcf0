/// The figures of one epoch: a line of `metrics.jsonl`.
public struct EpochMetrics: Sendable, Equatable {
  /// The figures of the split that was evaluated after an epoch, in eval mode.
  public struct Validation: Sendable, Equatable {
    /// The sum of the batch losses.
    public var lossSum: Double
    /// The mean over the samples.
    public var lossMean: Double
    /// The share of samples whose largest output is their class; nil without classes.
    public var accuracy: Double?

    public init(lossSum: Double, lossMean: Double, accuracy: Double?) {
      self.lossSum = lossSum
      self.lossMean = lossMean
      self.accuracy = accuracy
    }
  }

  /// From 0.
  public var epoch: Int
  /// Optimizer steps made in all, at the end of the epoch.
  public var step: Int
  /// The sum of the epoch's batch losses, in double precision.
  public var lossSum: Double
  /// The mean over the epoch's samples: each batch counts by its size.
  public var lossMean: Double
  /// The share of training samples whose largest output was their class, each taken before the step
  /// that its batch made; nil without classes.
  public var accuracy: Double?
  /// The learning rate of the epoch's last step.
  public var lr: Double
  /// Seconds that the epoch's steps took, without the evaluation.
  public var seconds: Double
  public var imagesPerSecond: Double
  public var validation: Validation?

  public init(
    epoch: Int, step: Int, lossSum: Double, lossMean: Double, accuracy: Double?, lr: Double,
    seconds: Double, imagesPerSecond: Double, validation: Validation?
  ) {
    self.epoch = epoch
    self.step = step
    self.lossSum = lossSum
    self.lossMean = lossMean
    self.accuracy = accuracy
    self.lr = lr
    self.seconds = seconds
    self.imagesPerSecond = imagesPerSecond
    self.validation = validation
  }
}
