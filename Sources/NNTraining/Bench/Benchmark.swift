import NNKernels
import NNModel
import NNRuntime
import NNShapes

/// Times a model: `nnrun bench`.
public enum Benchmark {
  /// Seconds for which the peak rate is measured.
  private static let peakSeconds = 0.3

  /// Times training steps and forward passes of the main model with random input. `progress` is told
  /// what is being measured. Throws a ``RunFailure``.
  public static func run(
    _ plan: ExperimentPlan, _ request: BenchmarkRequest, progress: (String) -> Void
  ) throws -> BenchmarkReport {
    let trains = plan.loss != nil && plan.optimizer != nil
    progress("peak rate")
    let peak = Kernels.current.peakRate(seconds: peakSeconds) / 1e9
    var results: [BenchmarkReport.Result] = []
    for batch in request.batches {
      for threads in request.threads {
        progress("batch \(batch), \(threads) thread\(threads == 1 ? "" : "s")")
        let bench = try ModelBenchmark(
          plan, batch: batch, threads: threads, convolution: request.convolution,
          seconds: request.seconds)
        results.append(try bench.measure(peakGflops: peak))
      }
    }
    return BenchmarkReport(
      peakGflops: peak, instructionSet: Kernels.current.instructionSet.rawValue,
      convolution: request.convolution, trains: trains, results: results)
  }
}

/// One batch size and thread count.
private final class ModelBenchmark {
  private let network: Network
  private let input: Tensor
  private let batch: Int
  private let seconds: Double
  /// The loss, its target and the optimizer; nil for a file that does not train.
  private var training: (loss: any Loss, target: Target, optimizer: Optimizer)?

  init(
    _ plan: ExperimentPlan, batch: Int, threads: Int, convolution: ConvolutionMethod, seconds: Double
  ) throws {
    network = Network(plan, threads: threads, convolution: convolution)
    guard let shape = network.plan.input.shape(inBatchOf: batch) else {
      throw BenchmarkError.tooLarge(batch: batch)
    }
    guard network.plan.input.isBatched || shape.rank > 0 && shape[0] == batch else {
      throw BenchmarkError.fixedBatch(shape, batch: batch)
    }
    self.batch = batch
    self.seconds = seconds
    let generator = network.generator
    if network.plan.hasUnpooling { throw BenchmarkError.unpooling }
    let rows = network.plan.indexedRows
    let values = (0..<shape.elementCount).map { _ in
      rows.map { $0 > 1 ? Float(generator.randint(0, $0)) : 0 } ?? generator.uniform()
    }
    input = Tensor(values, shape, .channelsLast)
    guard let loss = plan.loss, let optimizer = plan.optimizer else { return }
    guard let output = network.plan.output.shape(inBatchOf: batch) else {
      throw BenchmarkError.tooLarge(batch: batch)
    }
    training = (
      makeLoss(loss), loss.randomTarget(for: output, generator),
      makeOptimizer(optimizer, parameters: network.parameters, kernels: network.tape.kernels)
    )
  }

  func measure(peakGflops: Double) throws -> BenchmarkReport.Result {
    // Once outside of the clock, for the errors.
    if training != nil { try step() }
    let forward = Measurement(seconds: seconds / 4) { forwardPass() }
    let step =
      training == nil
      ? forward : try Measurement(seconds: seconds / 2) { try self.step() }
    let layers = LayerBenchmark(network, batch: batch, trains: training != nil).measure(
      input, seconds: seconds / 4)
    let operations = layers.reduce(0.0) { $0 + $1.operations }
    let operationsDone = layers.reduce(0.0) { $0 + $1.operationsDone }
    let peak = peakGflops * Double(network.tape.threads.threadCount)
    return BenchmarkReport.Result(
      batch: batch, threads: network.tape.threads.threadCount, stepMs: step.median * 1e3,
      stepMsMin: step.minimum * 1e3, forwardMs: forward.median * 1e3,
      imagesPerS: Double(batch) / step.median, gflops: operations / step.median / 1e9,
      peakShare: operationsDone / step.median / 1e9 / peak,
      effectivePeakShare: operations / step.median / 1e9 / peak, layers: layers.flatMap(\.figures))
  }

  private func forwardPass() {
    let tape = network.tape
    tape.isTraining = false
    tape.isRecording = false
    tape.reset()
    _ = network.layers.forward(tape.variable(input), tape)
  }

  /// Forward, loss, zero_grad, backward, update.
  private func step() throws {
    guard let training else { return }
    let tape = network.tape
    tape.isTraining = true
    tape.isRecording = true
    tape.reset()
    let output = network.layers.forward(tape.variable(input), tape)
    let loss: Variable
    do {
      loss = try training.loss.forward(output, training.target, tape)
    } catch {
      throw TrainingError.targets("\(error)")
    }
    guard tape.shape(loss).elementCount == 1 else { throw BenchmarkError.unreducedLoss }
    training.optimizer.zeroGrad()
    tape.backward(from: loss)
    training.optimizer.step(tape.threads)
  }
}

extension LossPlan {
  /// Labels or values that the loss takes with an output of this shape.
  fileprivate func randomTarget(for output: Shape, _ generator: Generator) -> Target {
    switch kind {
    case .crossEntropy, .nll:
      let axis = output.rank > 1 ? 1 : 0
      var sizes = output.dimensions
      let classes = sizes.isEmpty ? 1 : sizes.remove(at: axis)
      let shape = Shape(sizes)
      let labels = (0..<shape.elementCount).map { _ in
        Int64(classes > 1 ? generator.randint(0, classes) : 0)
      }
      return .classes(IndexTensor(labels, shape))
    case .mse, .l1, .smoothL1, .huber, .bce, .bceWithLogits, .klDiv:
      return .values(Tensor((0..<output.elementCount).map { _ in generator.uniform() }, output))
    }
  }
}

/// What cannot be timed.
public enum BenchmarkError: RunFailure, Equatable {
  case tooLarge(batch: Int)
  /// The file's input has values, and with them a batch size.
  case fixedBatch(Shape, batch: Int)
  case unreducedLoss
  /// A layer needs the indices of another, and layers are timed by themselves.
  case unpooling

  public var description: String {
    switch self {
    case .tooLarge(let batch): "a batch of \(batch) is more than can be counted"
    case .fixedBatch(let shape, let batch):
      "the file's input is \(shape), a batch of its own, and not of \(batch)"
    case .unpooling: "MaxUnpool2d takes the indices of another layer, and bench times each layer by itself"
    case .unreducedLoss: "a loss with reduction=none gives a value a sample; a step needs one number"
    }
  }

  public var help: String? {
    switch self {
    case .tooLarge, .unreducedLoss, .unpooling: nil
    case .fixedBatch: "write the shape of one sample, input = (3, 32, 32)"
    }
  }
}
