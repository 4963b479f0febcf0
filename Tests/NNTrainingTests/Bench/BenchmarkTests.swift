import NNTraining
import Testing

@Suite("bench")
struct BenchmarkTests {
  private let net = """
    input = (3, 32, 32)
    model Tudui {
      Conv2d(3, 32, 5, stride=1, padding=2), MaxPool2d(2)
      Conv2d(32, 32, 5, stride=1, padding=2), MaxPool2d(2)
      Sequential(Conv2d(32, 64, 5, stride=1, padding=2), MaxPool2d(2))
      Flatten(), Linear(1024, 64), Linear(64, 10)
    }

    """

  @Test("The headline net costs 69.2 MFLOP an image in a training step")
  func training() throws {
    let text = net + "loss = CrossEntropyLoss()\noptimizer = SGD(lr=0.01)\n"
    var said: [String] = []
    let report = try Benchmark.run(
      try planned(text, isApplied: true).plan, BenchmarkRequest(batches: [1, 3], threads: [1], seconds: 0.05)
    ) { said.append($0) }
    #expect(report.trains)
    #expect(report.peakGflops > 0)
    #expect(report.results.map(\.batch) == [1, 3])
    #expect(said.count == 3)
    for result in report.results {
      let operations = result.gflops * 1e9 * result.stepMs / 1e3 / Double(result.batch)
      #expect(abs(operations - 69.2e6) < 0.1e6)
      #expect(abs(result.imagesPerS * result.stepMs / 1e3 - Double(result.batch)) < 1e-9)
      #expect(result.stepMsMin > 0 && result.stepMsMin <= result.stepMs)
      #expect(abs(result.effectivePeakShare - result.gflops / report.peakGflops) < 1e-9)
      #expect(result.peakShare > 0 && result.peakShare < result.effectivePeakShare)
      #expect(result.layers.map(\.name) == ["0", "1", "2", "3", "4.0", "4.1", "5", "6", "7"])
      #expect(result.layers.prefix(2).map(\.layer) == ["Conv2d", "MaxPool2d"])
      // Nobody needs the gradient of the images.
      // A pooling runs in the pass of the convolution before it.
      #expect(result.layers.map(\.fusedInto) == [nil, "0", nil, "2", nil, "4.0", nil, nil, nil])
      #expect(
        result.layers.map { $0.inputGradMs != nil }
          == [false, false, true, false, true, false, true, true, true])
      #expect(
        result.layers.map { $0.weightGradMs != nil }
          == [true, false, true, false, true, false, false, true, true])
      #expect(result.layers.map { $0.gflops != nil } == result.layers.map { $0.weightGradMs != nil })
    }
  }

  @Test("A file without loss or optimizer is timed forward, 24.7 MFLOP an image")
  func forward() throws {
    let report = try Benchmark.run(
      try planned(net).plan, BenchmarkRequest(batches: [2], threads: [1, 2], seconds: 0.02)
    ) { _ in }
    #expect(!report.trains)
    #expect(report.results.map(\.threads) == [1, 2])
    let result = try #require(report.results.first)
    #expect(result.stepMs == result.forwardMs)
    #expect(abs(result.gflops * 1e6 * result.stepMs / 2 - 24.7e6) < 0.1e6)
    #expect(result.layers.allSatisfy { $0.inputGradMs == nil && $0.weightGradMs == nil })
  }

  @Test("An input with values has a batch of its own")
  func fixedBatch() throws {
    let plan = try planned("input = randn(2, 4)\nmodel M { Linear(4, 2) }").plan
    let request = { (batch: Int) in BenchmarkRequest(batches: [batch], threads: [1], seconds: 0.01) }
    #expect(throws: BenchmarkError.fixedBatch([2, 4], batch: 3)) {
      try Benchmark.run(plan, request(3)) { _ in }
    }
    let result = try #require(try Benchmark.run(plan, request(2)) { _ in }.results.first)
    #expect(abs(result.gflops * 1e6 * result.stepMs - 32) < 1e-6)
  }

  @Test("Medians")
  func median() {
    #expect(Measurement([3, 1, 2]).median == 2)
    #expect(Measurement([4, 1, 2, 3]).median == 2.5)
    #expect(Measurement([4, 1, 2, 3]).minimum == 1)
  }
}
