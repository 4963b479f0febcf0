import NNData
import NNRuntime
import NNShapes
import NNTraining
import Testing

@Suite("The state of a run")
struct TrainingStateTests {
  static func example() -> TrainingState {
    let generator = Generator(seed: 3)
    let before = generator.state
    _ = generator.randn(5)
    var progress = TrainingState.Progress()
    progress.epoch = 2
    progress.batch = 17
    progress.step = 1017
    progress.lossSum = 0.1 + 0.2
    progress.sampleLossSum = 1e-300
    progress.samples = 68
    progress.correct = 31
    progress.seconds = 1.25
    return TrainingState(
      plan: ["seed = 3", "Net 0: Linear(2, 2, bias=True)"], instructionSet: "avx2", convolution: "direct",
      sources: [.init(split: "train", index: 1, provenance: "Shapes10(\"x\")\n", count: 100)],
      progress: progress, best: .init(epoch: 1, loss: 2.302585092994046), epochLosses: [2.4, .nan],
      log: .init(metricsLength: 123, eventsName: "events.out.tfevents.1.nnrun", eventsLength: 456),
      generator: generator.state, epochGenerator: before,
      weights: [
        .init(key: "0.weight", array: NumericArray(shape: [2, 2], [1, -0.0, 1e-38, 3.4e38] as [Float]))
      ],
      optimizer: [.init(key: "momentum_buffer.0.weight", array: NumericArray(shape: [1], [0.1] as [Float]))],
      schedule: [0.1, .infinity, -1])
  }

  @Test("A state file gives back every bit of what was saved")
  func roundTrip() throws {
    let place = try TemporaryFolder()
    let folder = RunFolder(path: place.path)
    let state = Self.example()
    #expect(state.generator.cachedNormal != nil)
    try state.write(.last, in: folder)
    let read = try TrainingState(path: folder.state(.last))
    #expect(read.generator == state.generator && read.epochGenerator == state.epochGenerator)
    #expect(read.progress == state.progress && read.best == state.best)
    #expect(read.sources == state.sources && read.plan == state.plan && read.log == state.log)
    #expect(read.weights == state.weights && read.optimizer == state.optimizer)
    #expect(read.schedule == state.schedule)
    #expect(read.epochLosses.map(\.bitPattern) == state.epochLosses.map(\.bitPattern))
    #expect(read.instructionSet == "avx2" && read.convolution == "direct")
    #expect(try Safetensors.read(folder.weights(.last)).entries == state.weights)
    #expect(try place.names() == ["last.safetensors", "last.state"])
  }

  @Test(
    "What is missing or malformed is named",
    arguments: [
      ("step", nil), ("step", "-1"), ("loss_sum", "x"), ("events_name", "../other"), ("format", "old"),
      ("generator.position", "625"), ("plan", nil), ("sources", "9223372036854775807"),
    ] as [(String, String?)])
  func malformed(_ key: String, _ value: String?) throws {
    let place = try TemporaryFolder()
    let folder = RunFolder(path: place.path)
    try Self.example().write(.last, in: folder)
    var file = try Safetensors.read(folder.state(.last))
    file.metadata[key] = value
    try file.write(to: folder.state(.last))
    #expect(throws: StateFileError.self) { try TrainingState(path: folder.state(.last)) }
  }

  @Test("Weights alone are not a state")
  func weightsAlone() throws {
    let place = try TemporaryFolder()
    let folder = RunFolder(path: place.path)
    try Self.example().write(.best, in: folder)
    #expect(throws: StateFileError.self) { try TrainingState(path: folder.weights(.best)) }
  }
}
