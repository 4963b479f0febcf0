import FoundationEssentials
import NNTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@Suite struct TrainingTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ words: String..., output: Stream = .captured) throws -> Outcome {
    try CommandProcess.run(words, in: folder.path, output: output)
  }

  @Test func epochLinesAloneAreOnStandardOutput() throws {
    try folder.write(SmallModel.text(epochs: 3), to: "small.nn")
    let outcome = try run("small.nn")
    #expect(outcome.status == 0)
    #expect(outcome.outputLines.count == 3)
    for (epoch, line) in outcome.outputLines.enumerated() {
      #expect(line.wholeMatch(of: /epoch:(\d), loss:\d+\.\d{3}/)?.1 == "\(epoch)", "\(line)")
    }
    #expect(outcome.error.contains("note: training Net, 2,082 parameters, on 200 samples of Shapes10("))
    #expect(outcome.error.contains("  epoch 2: mean loss "))
    #expect(!outcome.error.contains("\u{1B}") && !outcome.error.contains("\r"))
  }

  @Test func theRunFolderHasTheModelMetricsAndCheckpoints() throws {
    try folder.write(SmallModel.text(epochs: 3), to: "small.nn")
    let outcome = try run(
      "train", "small.nn", "--run-dir", "out", "--log-every", "10", "--set", "optimizer.lr=0.01",
      "--epochs=2")
    #expect(outcome.status == 0)
    #expect(outcome.outputLines.count == 2)
    let names = try folder.names(in: "out")
    for name in ["model.nn", "metrics.jsonl", "last.safetensors", "best.safetensors"] {
      #expect(names.contains(name), "\(names)")
    }
    let model = try folder.text("out/model.nn")
    #expect(model.contains("lr=0.01") && model.contains("epochs=2"), "\(model)")
    #expect(try run("check", "out/model.nn").status == 0)

    struct Metrics: Decodable {
      var epoch: Int
      var step: Int
      var loss: Double?
      var loss_sum: Double?
    }
    let lines = try folder.text("out/metrics.jsonl").split(separator: "\n")
    let metrics = try lines.map { try JSONDecoder().decode(Metrics.self, from: Data($0.utf8)) }
    #expect(metrics.filter { $0.loss_sum != nil }.map(\.epoch) == [0, 1])
    #expect(metrics.filter { $0.loss != nil }.map(\.step) == [10, 20, 30, 40])
  }

  @Test func folderIsNamedAfterTheFile() throws {
    try folder.write(SmallModel.text(epochs: 1), to: "small.nn")
    #expect(try run("small.nn").status == 0)
    #expect(try run("small.nn").status == 0)
    let names = try folder.names(in: "runs")
    #expect(names.count == 2)
    for name in names { #expect(name.wholeMatch(of: /small-\d{8}-\d{6}(-\d+)?/) != nil, "\(name)") }
    #expect(try run("small.nn", "--no-run-dir").status == 0)
    #expect(try folder.names(in: "runs") == names)
  }

  @Test func quietLeavesStandardErrorEmpty() throws {
    try folder.write(SmallModel.text(epochs: 1), to: "small.nn")
    let outcome = try run("small.nn", "--quiet", "--no-run-dir")
    #expect(outcome.status == 0)
    #expect(outcome.error == "")
    #expect(outcome.outputLines.count == 1)
  }

  @Test func threadsDoNotChangeTheNumbers() throws {
    try folder.write(SmallModel.text(epochs: 2), to: "small.nn")
    let one = try run("small.nn", "--no-run-dir", "--threads", "1")
    #expect(one.outputLines.count == 2)
    for threads in ["2", "3", "7"] {
      #expect(try run("small.nn", "--no-run-dir", "--threads", threads).output == one.output)
    }
  }

  @Test func seedChangesTheNumbers() throws {
    try folder.write(SmallModel.text(epochs: 1), to: "small.nn")
    let written = try run("small.nn", "--no-run-dir").output
    #expect(try run("small.nn", "--no-run-dir", "--seed", "1").output == written)
    #expect(try run("small.nn", "--no-run-dir", "--seed", "2").output != written)
  }

  @Test func yamlTrainsToTheSameNumbers() throws {
    try folder.write(SmallModel.text(epochs: 2), to: "small.nn")
    let yaml = try run("convert", "small.nn", "--to", "yaml")
    try folder.write(yaml.output, to: "twin.yaml")
    let twin = try run("twin.yaml", "--no-run-dir")
    #expect(twin.outputLines.count == 2)
    #expect(try run("small.nn", "--no-run-dir").output == twin.output)
  }

  // MARK: Resuming and signals

  @Test func resumeContinuesToTheNumbersOfAnUninterruptedRun() throws {
    try folder.write(SmallModel.text(epochs: 4), to: "small.nn")
    let whole = try run("small.nn", "--no-run-dir")
    // In the middle of the second epoch.
    let first = try run("small.nn", "--steps", "33")
    #expect(first.status == 0)
    #expect(first.error.contains("note: stopped after 33 steps, as --steps says"))
    let second = try run("small.nn", "--resume")
    #expect(second.status == 0, "\(second.error)")
    #expect(first.outputLines + second.outputLines == whole.outputLines)
  }

  @Test(
    "An interrupted run is saved and can be continued",
    arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func interrupted(_ signal: Int32, _ status: Int32) throws {
    try folder.write(SmallModel.text(epochs: 100_000), to: "small.nn")
    let process = try CommandProcess(["small.nn", "--run-dir", "out"], in: folder.path)
    #expect(try process.waitFor("epoch:1, "))
    process.send(signal)
    let first = try process.wait()
    #expect(first.status == status)
    #expect(first.error.contains("saved in out; to continue: nnrun small.nn --resume=out"), "\(first.error)")
    #expect(try folder.names(in: "out").contains("last.safetensors"))

    let epochs = first.outputLines.count + 2
    let second = try run("small.nn", "--resume=out", "--epochs", "\(epochs)")
    #expect(second.status == 0, "\(second.error)")
    let whole = try run("small.nn", "--no-run-dir", "--epochs", "\(epochs)")
    #expect(first.outputLines + second.outputLines == whole.outputLines)
  }

  @Test func aSecondInterruptStopsAtOnce() throws {
    try folder.write(SmallModel.slow, to: "slow.nn")
    let process = try CommandProcess(["slow.nn", "--run-dir", "out"], in: folder.path)
    #expect(try process.waitFor("note: training Net"))
    process.send(SIGINT)
    usleep(50_000)
    process.send(SIGINT)
    let outcome = try process.wait()
    #expect(outcome.status == 130)
    #expect(!outcome.error.contains("stopped after"), "\(outcome.error)")
  }

  // MARK: Failures

  @Test("A closed standard output ends the run with an error", arguments: [Stream.closed, .brokenPipe])
  func closedOutput(_ stream: Stream) throws {
    try folder.write(SmallModel.text(epochs: 50), to: "small.nn")
    let outcome = try run("small.nn", "--run-dir", "out", output: stream)
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("error: cannot write to standard output: "), "\(outcome.error)")
    // Nothing that was written into the run folder went astray.
    #expect(try !folder.text("out/metrics.jsonl").contains("epoch:0"))
  }

  @Test func missingDataWithoutAnElseIsAnError() throws {
    try folder.write(SmallModel.text(epochs: 1, data: "MNIST(\"nowhere\")"), to: "small.nn")
    let outcome = try run("small.nn", "--set", "Net.0=Conv2d(1, 4, 3)", "--no-run-dir")
    #expect(outcome.status == 1)
    #expect(outcome.output == "")
    #expect(outcome.error.contains("small.nn:2:19: error"), "\(outcome.error)")
    #expect(outcome.error.contains("nowhere"))
  }

  @Test func theElseIsTakenLoudly() throws {
    let data = "CIFAR10(\"nowhere\") else Shapes10(n=100)"
    try folder.write(SmallModel.text(epochs: 1, data: data), to: "small.nn")
    let outcome = try run("small.nn", "--quiet", "--no-run-dir")
    #expect(outcome.status == 0)
    #expect(outcome.outputLines.count == 1)
    #expect(outcome.error.hasPrefix("warning: data train is Shapes10("), "\(outcome.error)")
    #expect(outcome.error.contains("nowhere"))

    let strict = try run("small.nn", "--strict", "--no-run-dir")
    #expect(strict.status == 1)
    #expect(strict.error.contains("error: stopped at the warning above, because of --strict"))
  }

  @Test func trainingNeedsATrainStatement() throws {
    let outcome = try CommandProcess.run(["train", "models/tutorial/2_mlp.nn"])
    #expect(outcome.status == 1)
    #expect(
      outcome.error == """
        error: models/tutorial/2_mlp.nn has no train(…)
          help: add train(epochs=10) to it

        """)
  }

  @Test func aRunFolderThatHoldsARunIsRefused() throws {
    try folder.write(SmallModel.text(epochs: 1), to: "small.nn")
    #expect(try run("small.nn", "--run-dir", "out").status == 0)
    let again = try run("small.nn", "--run-dir", "out")
    #expect(again.status == 1)
    #expect(again.error.contains("out"), "\(again.error)")
  }

  // MARK: The headline file

  @Test(
    "The tutorial's program starts with PyTorch's losses",
    .enabled(if: TestPaths.shared("data/cifar-10-batches-bin") != nil, "needs shared/data"),
    arguments: ["models/tudui.nn", "models/tudui.yaml"])
  func firstLosses(_ file: String) throws {
    let root = try #require(TestPaths.shared("data/cifar-10-batches-bin"))
    let outcome = try CommandProcess.run([
      file, "--seed", "0", "--steps", "3", "--log-every", "1", "--run-dir", folder.path("out"),
      "--set", "data.CIFAR10.root=\"\(root)\"",
    ])
    #expect(outcome.status == 0, "\(outcome.error)")
    struct Metrics: Decodable { var loss: Double }
    let losses = try folder.text("out/metrics.jsonl").split(separator: "\n").map {
      try JSONDecoder().decode(Metrics.self, from: Data($0.utf8)).loss
    }
    #expect(losses.count == 3)
    for (loss, expected) in zip(losses, [2.2476139, 2.3831782, 2.3266611]) {
      #expect(abs(loss - expected) < 1e-5)
    }
  }
}
