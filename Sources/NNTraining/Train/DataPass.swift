import NNData
import NNModel
import NNRuntime
import NNShapes

/// Takes batches through the network: forward, loss, and in training backward.
struct DataPass {
  /// What one batch gave.
  struct Outcome {
    var loss: Double
    var samples: Int
    /// Samples whose largest output is their class.
    var correct: Int
    /// The sum of the samples' losses, where the batch's is their mean; else the batch's.
    var sampleLossSum: Double
  }

  let network: Network
  let loss: any Loss
  let plan: LossPlan

  /// What was made for a split stays with it: the memory of its transforms.
  let training: BatchReader
  let validation: BatchReader?

  init(network: Network, loss: any Loss, plan: LossPlan, data: TrainingData) {
    self.network = network
    self.loss = loss
    self.plan = plan
    let threads = network.tape.threads
    training = BatchReader(data.training, isTraining: true, threads)
    validation = data.validation.map { BatchReader($0, isTraining: false, threads) }
  }

  /// A training batch: adds its gradients, times `gradientScale`, to the parameters'.
  func run(_ split: Split, batch: Int, of order: [Int], gradientScale: Float) throws -> Outcome {
    let tape = network.tape
    tape.isTraining = true
    tape.isRecording = true
    let (outcome, root) = try forward(split, training, split.range(ofBatch: batch), of: order)
    guard outcome.loss.isFinite else { return outcome }
    tape.backward(from: root, scale: gradientScale)
    return outcome
  }

  /// One pass over `split` in eval mode without a tape; nil where `cancellation` cut it short.
  /// `progress` is told the samples done, at most ten times a second.
  func evaluate(_ split: Split, cancellation: CancellationFlag, progress: (Int) -> Void) throws
    -> EpochMetrics.Validation?
  {
    let tape = network.tape
    guard let validation else { return nil }
    tape.isTraining = false
    tape.isRecording = false
    let order = split.order(drawnFrom: network.generator)
    var total = TrainingState.Progress()
    var meter = ProgressMeter(time: Clock.seconds())
    while total.batch < split.batchCount {
      if cancellation.isCancelled { return nil }
      total.add(try forward(split, validation, split.range(ofBatch: total.batch), of: order).outcome)
      if meter.isDue(at: Clock.seconds(), samples: total.samples) { progress(total.samples) }
    }
    return EpochMetrics.Validation(
      lossSum: total.lossSum, lossMean: total.sampleLossSum / Double(total.samples),
      accuracy: Double(total.correct) / Double(total.samples))
  }

  private func forward(_ split: Split, _ reader: BatchReader, _ range: Range<Int>, of order: [Int]) throws
    -> (outcome: Outcome, root: Variable)
  {
    let tape = network.tape
    tape.reset()
    let (images, labels) = reader.batch(
      range, of: order, from: tape.pool, tape.threads, generator: network.generator)
    let output = network.layers.forward(tape.variable(images), tape)
    let root: Variable
    do {
      root = try loss.forward(output, .classes(labels), tape)
    } catch {
      throw TrainingError.targets("data \(split.name): \(error)")
    }
    guard tape.shape(root).elementCount == 1 else {
      throw TrainingError.targets(
        "a loss with reduction=none gives a value a sample; training needs one number")
    }
    let value = Double(tape.item(root))
    return (
      Outcome(
        loss: value, samples: range.count, correct: correctCount(tape.tensor(output), labels),
        sampleLossSum: plan.reduction == .mean ? value * Double(range.count) : value), root
    )
  }

  /// The rows of an (N, C) output whose largest value, the first where several are, is at the label.
  private func correctCount(_ output: Tensor, _ labels: IndexTensor) -> Int {
    guard output.shape.rank == 2, output.shape[0] == labels.count else { return 0 }
    let classes = output.shape[1]
    var correct = 0
    for row in 0..<labels.count {
      let scores = output.pointer + row * classes
      var best = 0
      for index in 1..<max(classes, 1) where scores[index] > scores[best] { best = index }
      if labels.pointer[row] == best { correct += 1 }
    }
    return correct
  }
}

extension TrainingState.Progress {
  /// Counts a batch.
  mutating func add(_ outcome: DataPass.Outcome) {
    batch += 1
    lossSum += outcome.loss
    sampleLossSum += outcome.sampleLossSum
    samples += outcome.samples
    correct += outcome.correct
  }

  /// Begins the next epoch: all sums are 0, steps go on.
  mutating func beginEpoch(_ epoch: Int) {
    let step = step
    self = TrainingState.Progress()
    self.epoch = epoch
    self.step = step
  }

  /// The figures of the epoch in hand, which is complete.
  func metrics(lr: Double, validation: EpochMetrics.Validation?) -> EpochMetrics {
    EpochMetrics(
      epoch: epoch, step: step, lossSum: lossSum, lossMean: sampleLossSum / Double(samples),
      accuracy: Double(correct) / Double(samples), lr: lr, seconds: seconds,
      imagesPerSecond: seconds > 0 ? Double(samples) / seconds : 0, validation: validation)
  }
}

extension LossPlan {
  /// `classes`, where a network that guesses has a loss of their logarithm.
  func guessingClasses(_ classes: Int) -> Int? {
    guard reduction == .mean else { return nil }
    return switch kind {
    case .crossEntropy(let weight, _, let labelSmoothing):
      weight == nil && labelSmoothing <= 0 ? classes : nil
    case .nll(let weight, _): weight == nil ? classes : nil
    case .mse, .l1, .smoothL1, .huber, .bce, .bceWithLogits, .klDiv: nil
    }
  }
}
