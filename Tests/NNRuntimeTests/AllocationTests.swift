import NNKernels
import NNRuntime
import NNShapes
import NNTestSupport
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Training steps take their memory from the pool: `Benchmarks/allocations.txt` says how often they may
/// ask the system for more.
@Suite("Allocations", .enabled(if: AllocationCounter.isAvailable, "needs glibc"))
struct AllocationTests {
  struct Threshold: Sendable, CustomTestStringConvertible {
    var model: String
    var batch: Int
    var threads: Int
    var allocations: Int
    var testDescription: String { "\(model), batch \(batch), \(threads) threads" }
  }

  /// The lines of the file that are no comments.
  static let thresholds: [Threshold] = {
    let path = TestPaths.packageRoot + "/Benchmarks/allocations.txt"
    let bytes = FileManager.default.contents(atPath: path) ?? Data()
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      let words = $0.split(separator: " ")
      return Threshold(
        model: String(words[0]), batch: Int(words[1]) ?? 0, threads: Int(words[2]) ?? 0,
        allocations: Int(words[3]) ?? -1)
    }
  }()

  private static let warmUps = 4
  private static let steps = 10

  @Test(arguments: thresholds)
  func aTrainingStep(_ threshold: Threshold) throws {
    let step = try Step(threshold)
    for _ in 0..<Self.warmUps { try step.run() }
    let found = try AllocationCounter(pool: step.tape.threads).allocations {
      for _ in 0..<Self.steps { try step.run() }
    }
    #expect(found <= threshold.allocations * Self.steps, "\(found) in \(Self.steps) steps")
  }

  /// Losses of numbers, weighted ones and those that repeat a target among them.
  @Test
  func lossesOfNumbersAllocateNothing() throws {
    let weight = Tensor([0.5, 2, 1], [3])
    let losses: [any ValueLoss] = [
      MSELoss(), L1Loss(), SmoothL1Loss(), HuberLoss(reduction: .sum), BCELoss(weight: weight),
      BCEWithLogitsLoss(weight: weight, positiveWeight: weight), KLDivLoss(isBatchMean: true),
      KLDivLoss(logTarget: true),
    ]
    let tape = Tape(threads: ThreadPool(threads: 2), generator: Generator(seed: 0))
    let input = Tensor((0..<96).map { Float($0) / 96 }, [32, 3])
    let target = Target.values(Tensor((0..<96).map { Float($0 % 7) / 7 }, [32, 3]))
    func step() throws {
      for loss in losses {
        tape.reset()
        tape.backward(from: try loss.forward(tape.variable(input, requiresGrad: true), target, tape))
      }
    }
    for _ in 0..<Self.warmUps { try step() }
    #expect(try AllocationCounter(pool: tape.threads).allocations { try step() } == 0)
  }

  @Test
  func theFileCoversModelsBatchesAndThreads() {
    #expect(Set(Self.thresholds.map(\.model)) == ["headline", "lenet", "mlp", "dropout", "activations"])
    #expect(Self.thresholds.contains { $0.batch == 64 && $0.threads == 2 })
  }

  /// The counter sees allocations of every thread, and no others.
  @Test
  func theCounterCounts() {
    let pool = ThreadPool(threads: 2)
    let counter = AllocationCounter(pool: pool)
    #expect(counter.allocations {} == 0)
    #expect(counter.allocations { withExtendedLifetime(Parameter([3])) {} } > 0)
    for _ in 0..<20 {
      let found = counter.allocations {
        pool.run(tasks: 64) { task, _ in withExtendedLifetime(Tensor(zeros: Shape(task + 100))) {} }
      }
      #expect(found >= 64)
    }
  }
}

/// A training step of one of the models: forward, loss, zero_grad, backward, clipping, update.
private struct Step {
  let tape: Tape
  private let model: Sequential
  private let optimizer: Optimizer
  private let loss: any Loss = CrossEntropyLoss()
  private let images: Tensor
  private let target: Target

  init(_ threshold: AllocationTests.Threshold) throws {
    let (name, batch) = (threshold.model, threshold.batch)
    tape = Tape(threads: ThreadPool(threads: threshold.threads), generator: Generator(seed: 0))
    let generator = tape.generator
    let shape: Shape
    switch name {
    case "headline":
      model = TrainingStepTests.headlineModel(generator)
      shape = [batch, 3, 32, 32]
    case "lenet":
      model = Self.lenet(generator)
      shape = [batch, 1, 28, 28]
    case "mlp", "dropout":
      var layers: [any Layer] = [
        Flatten(startDim: 1, endDim: -1),
        Linear(inFeatures: 784, outFeatures: 256, bias: true, generator: generator), ReLU(),
      ]
      if name == "dropout" { layers.append(Dropout(p: 0.5)) }
      layers.append(Linear(inFeatures: 256, outFeatures: 10, bias: true, generator: generator))
      model = Sequential(layers.enumerated().map { (String($0.offset), $0.element) })
      shape = [batch, 1, 28, 28]
    case "activations":
      model = Self.activations(generator)
      shape = [batch, 1, 28, 28]
    default: throw UnknownModel(name: name)
    }
    optimizer =
      name == "dropout"
      ? Optimizer(model.parameters, Adam())
      : Optimizer(model.parameters, SGD(learningRate: 0.01, momentum: 0.9))
    images = randomTensor(shape, generator, .channelsLast)
    target = .classes(IndexTensor((0..<batch).map { Int64($0 % 10) }, Shape(batch)))
  }

  func run() throws {
    tape.reset()
    let output = model.forward(tape.variable(images), tape)
    let result = try loss.forward(output, target, tape)
    optimizer.zeroGrad()
    tape.backward(from: result)
    GradientClipping.clipNorm(optimizer.parameters, maxNorm: 1, tape.threads)
    optimizer.step(tape.threads)
  }

  private static func activations(_ generator: Generator) -> Sequential {
    func linear(_ from: Int, _ to: Int) -> Linear {
      Linear(inFeatures: from, outFeatures: to, bias: true, generator: generator)
    }
    return Sequential(
      Flatten(startDim: 1, endDim: -1), linear(784, 256), Elementwise(.leakyReLU(slope: 0.01)),
      linear(256, 128),
      PReLU(count: 128, initialValue: 0.25), linear(128, 64), Elementwise(.gelu), linear(64, 32), GLU(dim: 1),
      linear(16, 10), Elementwise(.softplus(beta: 1, threshold: 20)), Softmin(dim: 1))
  }

  private static func lenet(_ generator: Generator) -> Sequential {
    let pool = WindowGeometry.plain(kernel: 2, stride: 2)
    func conv(_ from: Int, _ to: Int, padding: Int) -> Conv2d {
      let window = WindowGeometry.plain(kernel: 5, padding: padding)
      return Conv2d(
        inChannels: from, outChannels: to, vertical: window, horizontal: window, groups: 1, bias: true,
        generator: generator)
    }
    func average() -> AvgPool2d {
      AvgPool2d(vertical: pool, horizontal: pool, countIncludePad: true, divisorOverride: nil)
    }
    func linear(_ from: Int, _ to: Int) -> Linear {
      Linear(inFeatures: from, outFeatures: to, bias: true, generator: generator)
    }
    return Sequential(
      conv(1, 6, padding: 2), Tanh(), average(), conv(6, 16, padding: 0), Sigmoid(), average(),
      Flatten(startDim: 1, endDim: -1), linear(400, 120), Tanh(), linear(120, 84), Tanh(), linear(84, 10))
  }
}

private struct UnknownModel: Error { var name: String }
