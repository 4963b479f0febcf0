import NNData
import NNRuntime
import NNShapes

/// A run between two steps: everything that a resumed run needs to go on to the very numbers of an
/// uninterrupted one.
///
/// It is kept in one file, weights included, so that no crash can leave parts of two moments; the
/// `.safetensors` file beside it repeats the weights for others to read.
package struct TrainingState: Equatable {
  /// Where the run is within its epochs, and the sums of the epoch in hand.
  package struct Progress: Equatable {
    /// The epoch in hand, from 0.
    package var epoch = 0
    /// Batches of it that are done: a whole number of optimizer steps.
    package var batch = 0
    /// Optimizer steps in all.
    package var step = 0
    /// The sum of the epoch's batch losses.
    package var lossSum = 0.0
    /// The sum of batch loss times batch size, or of batch losses where the loss is itself a sum.
    package var sampleLossSum = 0.0
    /// Samples of the epoch seen, and those whose largest output was their class.
    package var samples = 0
    package var correct = 0
    /// Seconds spent on the epoch's steps.
    package var seconds = 0.0

    package init() {}
  }

  /// The best epoch so far.
  package struct Best: Equatable {
    package var epoch: Int
    package var loss: Double

    package init(epoch: Int, loss: Double) {
      self.epoch = epoch
      self.loss = loss
    }
  }

  /// What a split was read from.
  package struct Source: Equatable {
    package var split: String
    /// Which of the sources that `else` joins: 0 is the first.
    package var index: Int
    /// The files read, or what the samples were drawn from.
    package var provenance: String
    package var count: Int

    package init(split: String, index: Int, provenance: String, count: Int) {
      self.split = split
      self.index = index
      self.provenance = provenance
      self.count = count
    }
  }

  /// ``describe(_:)`` of the plan.
  package var plan: [String]
  /// `avx512`: other instruction sets round differently.
  package var instructionSet: String
  /// `automatic`: another method rounds differently.
  package var convolution: String
  package var sources: [Source]
  package var progress: Progress
  package var best: Best?
  /// The mean loss of each completed epoch.
  package var epochLosses: [Double]
  /// How far the run's files were.
  package var log: RunLog.Position
  /// The generator now, and as it was before the loader's draws of the epoch in hand.
  package var generator: Generator.State
  package var epochGenerator: Generator.State
  /// Under PyTorch's keys.
  package var weights: [Safetensors.Entry]
  /// Under names of the optimizer's own.
  package var optimizer: [Safetensors.Entry]
  /// ``RateSchedule/state``; empty without a schedule.
  package var schedule: [Double]

  package init(
    plan: [String], instructionSet: String, convolution: String, sources: [Source], progress: Progress,
    best: Best?,
    epochLosses: [Double], log: RunLog.Position, generator: Generator.State,
    epochGenerator: Generator.State, weights: [Safetensors.Entry], optimizer: [Safetensors.Entry],
    schedule: [Double]
  ) {
    self.plan = plan
    self.instructionSet = instructionSet
    self.convolution = convolution
    self.sources = sources
    self.progress = progress
    self.best = best
    self.epochLosses = epochLosses
    self.log = log
    self.generator = generator
    self.epochGenerator = epochGenerator
    self.weights = weights
    self.optimizer = optimizer
    self.schedule = schedule
  }

  /// Writes the pair of a checkpoint: the state first, which alone decides what a resumed run does,
  /// then the weights. Each appears whole or not at all.
  package func write(_ name: Checkpoint.Name, in folder: RunFolder) throws {
    try file.write(to: folder.state(name))
    try Safetensors(entries: weights).write(to: folder.weights(name))
  }
}
