import NNData
import NNTestSupport
import NNTraining
import Testing

/// Whole runs against programs that do the same with PyTorch.
@Suite("Whole runs", .enabled(if: TestPaths.shared("data") != nil, "no shared data"))
struct PyTorchRunTests {
  /// Shuffled batches, dropout, label smoothing, Nesterov momentum, weight decay, accumulation whose
  /// last group is short, clipping, and an evaluation after each epoch, which draws from the generator
  /// too. The numbers are PyTorch 2.13's (CPU).
  @Test("Everything that draws or divides agrees with PyTorch over two epochs")
  func everything() throws {
    let root = try #require(TestPaths.shared("data/mnist"))
    let place = try TemporaryFolder()
    let run = RunRecorder()
    let result = try run.train(
      """
      seed = 5
      data train = DataLoader(MNIST("\(root)", train=False), batch_size=100, shuffle=True)
      data val = DataLoader(MNIST("\(root)", train=False), batch_size=500)
      model M {
        Conv2d(1, 4, 3, stride=2), ReLU(), MaxPool2d(2), Flatten(), Dropout(0.3), Linear(144, 10)
      }
      loss = CrossEntropyLoss(label_smoothing=0.1)
      optimizer = SGD(lr=0.05, momentum=0.9, weight_decay=1e-4, nesterov=True)
      train(epochs=2, validate=val, accumulate=3, clip_grad_norm=0.5)
      """, in: place.file("run"))
    #expect(result.stop == .finished)
    #expect(result.steps == 68)
    try #require(result.metrics.count == 2)
    let expected = [
      (sum: 189.26386773586273, accuracy: 0.4076, valSum: 21.229690849781036, valAccuracy: 0.7942),
      (sum: 123.65928566455841, accuracy: 0.7098, valSum: 20.241594970226288, valAccuracy: 0.8383),
    ]
    for (metrics, expected) in zip(result.metrics, expected) {
      #expect(abs(metrics.lossSum - expected.sum) < 1e-5 * expected.sum)
      #expect(abs(metrics.lossMean - expected.sum / 100) < 1e-5)
      #expect(abs((metrics.accuracy ?? 0) - expected.accuracy) < 0.0005)
      #expect(abs((metrics.validation?.lossSum ?? 0) - expected.valSum) < 1e-5 * expected.valSum)
      #expect(abs((metrics.validation?.accuracy ?? 0) - expected.valAccuracy) < 0.0005)
    }
    let weights = try Safetensors.read(place.file("run/last.safetensors"))
    #expect(weights.entries.map(\.key) == ["0.weight", "0.bias", "5.weight", "5.bias"])
    let first = try #require(weights["0.weight"]).floats.prefix(4)
    let wanted: [Float] = [0.8044955730438232, 0.3292995095252991, 0.7149505615234375, 0.7283391356468201]
    #expect(difference(Array(first), wanted, tolerance: 1e-5) == nil)
  }

  /// What each image draws, in the order of a loader without workers, between the sampler's draws and
  /// dropout's; the validation takes the transforms less the random ones. The numbers are those of
  /// PyTorch 2.15 and torchvision 0.29 (CPU).
  @Test("Transforms draw and compute as torchvision's over two epochs")
  func transforms() throws {
    let root = try #require(TestPaths.shared("data/cifar-10-batches-bin"))
    let result = try RunRecorder().train(
      """
      seed = 5
      data train = DataLoader(
        CIFAR10("\(root)", train=False, transform=[
          RandomCrop(28, padding=4), RandomHorizontalFlip(), ColorJitter(0.3, 0.3, 0.3, 0.1), Resize(26),
          CenterCrop(26), Normalize((0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)),
          RandomErasing(0.5, value='random')]), batch_size=250, shuffle=True)
      data val = DataLoader(CIFAR10("\(root)", train=False), batch_size=500)
      model M {
        Conv2d(3, 4, 3, stride=2), ReLU(), MaxPool2d(2), Flatten(), Dropout(0.3), Linear(144, 10)
      }
      loss = CrossEntropyLoss()
      optimizer = SGD(lr=0.05)
      train(epochs=2, validate=val)
      """, in: nil)
    try #require(result.metrics.count == 2)
    let expected = [
      (sum: 90.8055944442749, accuracy: 0.139, valSum: 42.94373321533203, valAccuracy: 0.2463),
      (sum: 86.66728639602661, accuracy: 0.1915, valSum: 40.989208698272705, valAccuracy: 0.2551),
    ]
    for (metrics, expected) in zip(result.metrics, expected) {
      #expect(abs(metrics.lossSum - expected.sum) < 1e-5 * expected.sum)
      #expect(abs((metrics.accuracy ?? 0) - expected.accuracy) < 0.0005)
      #expect(abs((metrics.validation?.lossSum ?? 0) - expected.valSum) < 1e-5 * expected.valSum)
      #expect(abs((metrics.validation?.accuracy ?? 0) - expected.valAccuracy) < 0.0005)
    }
  }

  @Test("The headline net's first three losses")
  func headline() throws {
    let root = try #require(TestPaths.shared("data/cifar-10-batches-bin"))
    let place = try TemporaryFolder()
    let result = try RunRecorder().train(
      """
      seed = 0
      data = DataLoader(CIFAR10("\(root)", train=False, download=True) else Shapes10(), batch_size=1)
      model Tudui {
        Conv2d(3, 32, 5, stride=1, padding=2), MaxPool2d(2)
        Conv2d(32, 32, 5, stride=1, padding=2), MaxPool2d(2)
        Conv2d(32, 64, 5, stride=1, padding=2), MaxPool2d(2)
        Flatten(), Linear(1024, 64), Linear(64, 10)
      }
      loss = CrossEntropyLoss()
      optimizer = SGD(lr=0.01)
      train(epochs=10)
      """, in: place.file("run")
    ) {
      $0.steps = 3
      $0.logEvery = 1
    }
    #expect(result.stop == .stepLimit)
    let losses = try place.text("run/metrics.jsonl").matches(of: /"loss": ([0-9.]+)/).compactMap {
      Double($0.1)
    }
    try #require(losses.count == 3)
    for (loss, wanted) in zip(losses, [2.2476139, 2.3831782, 2.3266611]) {
      #expect(abs(loss - wanted) < 1e-5)
    }
  }
}
