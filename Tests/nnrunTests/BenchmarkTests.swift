import FoundationEssentials
import NNTestSupport
import Testing

@Suite("Benchmark programs")
struct BenchmarkProgramTests {
  private static let nnbench = CommandProcess.binaryFolder + "/nnbench"

  /// The model files that scripts/bench-vs-pytorch compares.
  private static let nets: [String] =
    (try? FileManager.default.contentsOfDirectory(atPath: TestPaths.packageRoot + "/Benchmarks/nets"))?
    .sorted().map { "Benchmarks/nets/\($0)" } ?? []

  private func nnbench(_ arguments: [String], instructionSet: String = "baseline") throws -> Outcome {
    try CommandProcess(
      arguments, executable: Self.nnbench, environment: ["NNRUN_INSTRUCTION_SET": instructionSet]
    ).wait()
  }

  /// Runs nnbench on a file of these lines, measuring as little as it can.
  private func measure(_ lines: String, _ options: [String] = []) throws -> Outcome {
    let folder = try TemporaryFolder()
    return try nnbench([try folder.write(lines, to: "shapes"), "--seconds", "1e-6"] + options)
  }

  @Test("There are six nets beside the headline")
  func netCount() { #expect(Self.nets.count == 6) }

  @Test("A net to compare is a whole program without a warning", arguments: nets)
  func net(_ path: String) throws {
    let check = try CommandProcess.run(["check", path, "--strict"])
    #expect(check.status == 0, "\(check.error)")
    #expect(check.error.isEmpty)
    // The Python side reads these two from the file itself, each on a line of its own.
    let text = String(
      decoding: try Data(contentsOf: URL(filePath: TestPaths.packageRoot + "/" + path)), as: UTF8.self)
    #expect(text.split(separator: "\n").contains("loss = CrossEntropyLoss()"))
    #expect(text.split(separator: "\n").contains("optimizer = SGD(lr=0.01)"))
  }

  @Test("Every line of the repository's shapes is measured")
  func repositoryShapes() throws {
    let text = String(
      decoding: try Data(contentsOf: URL(filePath: TestPaths.packageRoot + "/Benchmarks/shapes.txt")),
      as: UTF8.self)
    let layers = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    // One image each: whether the line is read matters here, not how long a batch takes.
    let small = layers.map { line in
      var words = line.split(separator: " ").map(String.init)
      words[1] = "1"
      return words.joined(separator: " ")
    }
    let outcome = try measure(small.joined(separator: "\n"))
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.outputLines.filter { $0.contains(" → ") }.count == layers.count)
  }

  @Test("A line with everything")
  func fullLine() throws {
    let outcome = try measure(
      """
      # a comment
      conv2d 2 4 9 9 8 3 1 2 dilation=2 groups=2 relu pool  # and another

      linear 3 5 7
      """, ["--convolution", "direct,automatic", "--threads", "2"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.outputLines.first?.hasPrefix("baseline, threads: 2, peak ") == true)
    let rows = outcome.outputLines.filter { $0.contains(" → ") }
    #expect(rows.count == 4)
    #expect(rows[0].hasPrefix("2×4×9×9 → 8, 3×3 d2 g2 relu pool") && rows[0].contains(" direct "))
    #expect(rows[1].hasPrefix("2×4×9×9 → 8, 3×3 d2 g2 relu pool") && rows[1].contains(" automatic "))
    #expect(rows[2].hasPrefix("3×5 → 7 ") && rows[2].contains(" direct "))
    #expect(rows.allSatisfy { $0.filter { $0 == "%" }.count == 3 })
  }

  @Test(
    "A line that is no layer is named",
    arguments: [
      "conv2d 1 2 3", "conv2d 1 1 2 2 1 3 1 0", "conv2d 1 3 8 8 8 3 1 1 groups=2", "linear 1 2",
      "linear 0 2 3", "conv2d 1 1 8 8 1 3 1 1 elu", "conv2d 1 1 3 3 1 3 1 0 pool", "pool 1 2 3",
      "conv2d 1 1 8 8 1 3 1 1 relu=1", "conv2d 1 1 8 8 1 3 1 1 dilation",
    ])
  func wrongLine(_ line: String) throws {
    let outcome = try measure("linear 1 1 1\n\(line)\n")
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.hasSuffix("shapes:2: no layer, see nnbench --help: \(line)\n"))
  }

  @Test(
    "A wrong command line ends with 64",
    arguments: [
      (["--speed"], "there is no option --speed"), (["--threads"], "--threads needs a value"),
      (["--threads", "0"], "--threads does not take 0"),
      (["--convolution", "direct,"], "--convolution does not take direct,"),
      (["a", "b"], "b: one file of shapes is taken"),
    ])
  func wrongUsage(_ words: [String], _ message: String) throws {
    let outcome = try nnbench(words)
    #expect(outcome.status == 64)
    #expect(outcome.error == "nnbench: \(message)\nSee `nnbench --help`.\n")
  }

  @Test("The overhead of operations, and help")
  func overhead() throws {
    let outcome = try nnbench(["--overhead", "--seconds", "1e-6", "--threads", "2"])
    #expect(outcome.status == 0, "\(outcome.error)")
    for name in ["ReLU", "Linear(1, 1)", "Conv2d(1, 1, 1)", "CrossEntropyLoss", "SGD", "empty loop"] {
      #expect(outcome.outputLines.contains { $0.hasPrefix(name) })
    }
    #expect(try nnbench(["--help"]).output.contains("Usage: nnbench [SHAPES]"))
    #expect(try nnbench([], instructionSet: "mmx").error.contains("no such instruction set"))
  }
}
