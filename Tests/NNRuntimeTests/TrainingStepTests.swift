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

/// Whole training steps of the headline model.
@Suite
struct TrainingStepTests {
  /// The convolutional network of the ten-line file, 3×32×32 to 10.
  static func headlineModel(_ generator: Generator) -> Sequential {
    let pool = WindowGeometry.plain(kernel: 2, stride: 2)
    let window = WindowGeometry.plain(kernel: 5, padding: 2)
    var layers: [any Layer] = []
    for (inChannels, outChannels) in [(3, 32), (32, 32), (32, 64)] {
      layers.append(
        Conv2d(
          inChannels: inChannels, outChannels: outChannels, vertical: window, horizontal: window,
          groups: 1, bias: true, generator: generator))
      layers.append(MaxPool2d(vertical: pool, horizontal: pool, returnIndices: false))
    }
    layers.append(Flatten(startDim: 1, endDim: -1))
    layers.append(Linear(inFeatures: 1024, outFeatures: 64, bias: true, generator: generator))
    layers.append(Linear(inFeatures: 64, outFeatures: 10, bias: true, generator: generator))
    return Sequential(layers.enumerated().map { (String($0.offset), $0.element) })
  }

  /// The losses that PyTorch prints for seed 0, the CIFAR-10 test images one by one, SGD at 0.01.
  @Test(
    .enabled(
      if: TestPaths.shared("data/cifar-10-batches-bin/test_batch.bin") != nil, "needs ../shared"))
  func firstLossesOfTheHeadlineModel() throws {
    let path = try #require(TestPaths.shared("data/cifar-10-batches-bin/test_batch.bin"))
    let bytes = try #require(FileManager.default.contents(atPath: path))
    let tape = makeTape(threads: 2)
    let model = Self.headlineModel(tape.generator)
    let optimizer = Optimizer(model.parameters, SGD(learningRate: 0.01))
    let expected: [Float] = [2.2476139, 2.3831782, 2.3266611]
    for (record, loss) in expected.enumerated() {
      let start = bytes.startIndex + record * 3073
      let pixels = bytes[start + 1..<start + 3073].map { Float($0) / 255 }
      tape.reset()
      let output = model.forward(tape.variable(Tensor(pixels, [1, 3, 32, 32])), tape)
      let target = Target.classes(IndexTensor([Int64(bytes[start])], [1]))
      let result = try CrossEntropyLoss().forward(output, target, tape)
      #expect(abs(tape.item(result) - loss) < 1e-5, "step \(record): \(tape.item(result))")
      optimizer.zeroGrad()
      tape.backward(from: result)
      optimizer.step(tape.threads)
    }
  }

  /// Weights after some steps are the same bits for any number of threads.
  @Test(arguments: [1, 5])
  func threadsDoNotChangeResults(_ batch: Int) throws {
    let expected = try Self.weights(threads: 1, batch: batch)
    for threads in [2, 4, 7] {
      let found = try Self.weights(threads: threads, batch: batch)
      #expect(found == expected, "\(threads) threads")
    }
  }

  /// The headline model's parameters after three steps on drawn images, with every kind of optimizer
  /// pass and clipping.
  private static func weights(threads: Int, batch: Int) throws -> [StateEntry] {
    let tape = makeTape(threads: threads)
    let model = headlineModel(tape.generator)
    let adam = Optimizer(model.parameters, Adam(amsgrad: true))
    let sgd = Optimizer(model.parameters, SGD(learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4))
    for step in 0..<3 {
      tape.reset()
      let images = tape.variable(randomTensor([batch, 3, 32, 32], tape.generator))
      let features = tape.dropout(tape.tanh(images), p: 0.1)
      let labels = IndexTensor((0..<batch).map { Int64($0 + step) }, Shape(batch))
      let result = try CrossEntropyLoss(labelSmoothing: 0.1).forward(
        model.forward(features, tape), .classes(labels), tape)
      sgd.zeroGrad()
      tape.backward(from: result)
      GradientClipping.clipNorm(model.parameters, maxNorm: 0.5, tape.threads)
      sgd.step(tape.threads)
      adam.step(tape.threads)
    }
    return model.stateDict
  }
}
