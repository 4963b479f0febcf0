import FoundationEssentials
import NNTestSupport
import Testing

@Suite struct StreamTests {
  /// One member of the array of `check --json`.
  struct Finding: Decodable {
    var file: String
    var line: Int
    var column: Int
    var endLine: Int
    var endColumn: Int
    var severity: String
    var code: String
    var message: String
    var help: String?
  }

  private static func findings(_ outcome: Outcome) throws -> [Finding] {
    try JSONDecoder().decode([Finding].self, from: Data(outcome.output.utf8))
  }

  private static let broken = """
    input = (3, 32, 32)
    model Net {
        Conv2D(3, 8, 3)
        Flatten(), Linear(_, 10)
    }

    """

  // MARK: check

  @Test func findingsAreOnStandardErrorAndTheVerdictOnStandardOutput() throws {
    let outcome = try CommandProcess.run(["check", "-", "--format", "nn"], input: Self.broken)
    #expect(outcome.status == 1)
    #expect(outcome.output == "<stdin>: 1 error\n")
    #expect(
      outcome.error == """
        <stdin>:3:5: error[unknown-layer]: there is no layer `Conv2D`
          3 |     Conv2D(3, 8, 3)
            |     ^^^^^^
          help: PyTorch's name for Conv2D is `Conv2d`
        1 error

        """)
  }

  @Test func jsonHasTheFindingsOfAllFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.broken, to: "broken.nn")
    let file = folder.path("broken.nn")
    let outcome = try CommandProcess.run(["check", "models/tudui.nn", file, "--json"])
    #expect(outcome.status == 1)
    #expect(outcome.error == "")
    let findings = try Self.findings(outcome)
    let last = try #require(findings.last)
    #expect(last.file == file)
    #expect((last.line, last.column, last.endLine, last.endColumn) == (3, 5, 3, 11))
    #expect(last.severity == "error")
    #expect(last.code == "unknown-layer")
    #expect(last.help == "PyTorch's name for Conv2D is `Conv2d`")
    #expect(findings.dropLast().allSatisfy { $0.file == "models/tudui.nn" && $0.severity == "warning" })
  }

  @Test func jsonWithoutFindingsIsAnEmptyArray() throws {
    let outcome = try CommandProcess.run(["check", "models/tutorial/2_mlp.nn", "--json"])
    #expect(outcome.status == 0)
    #expect(try Self.findings(outcome).isEmpty)
  }

  @Test func aMissingFileAmongSeveralIsWrongUsage() throws {
    let outcome = try CommandProcess.run(["check", "models/tutorial/2_mlp.nn", "nowhere.nn"])
    #expect(outcome.status == 64)
    #expect(outcome.output == "")
  }

  @Test func strictMakesWarningsErrors() throws {
    #expect(try CommandProcess.run(["check", "models/tudui.nn"]).status == 0)
    let outcome = try CommandProcess.run(["check", "models/tudui.nn", "--strict", "--json"])
    #expect(outcome.status == 1)
    #expect(try Self.findings(outcome).allSatisfy { $0.severity == "error" })
    #expect(try CommandProcess.run(["models/tudui.nn", "--strict", "--no-run-dir"]).status == 1)
  }

  @Test func anOverrideThatMatchesNothingPointsAtTheOption() throws {
    let outcome = try CommandProcess.run([
      "check", "models/tutorial/2_mlp.nn", "--set", "MLP.0.in_feature=3",
    ])
    #expect(outcome.status == 1)
    #expect(outcome.error.hasPrefix("--set:1:1: error[no-match]: "), "\(outcome.error)")
    #expect(outcome.error.contains("did you mean `in_features`?"))
  }

  @Test func aBindingIsReplacedBeforeAnythingIsDerivedFromIt() throws {
    let text = "let width = 8\ninput = width * 2\nmodel M { Linear(width * 2, width) }\n"
    let outcome = try CommandProcess.run(
      ["summary", "-", "--format=nn", "--print", "0", "--set", "width=64"], input: text)
    #expect(outcome.output == "Linear(in_features=128, out_features=64, bias=True)\n")
  }

  // MARK: Other verbs

  @Test func trees() throws {
    let text = "input = 4\nmodel M { nn.Linear(4, out_features=2) }\n"
    let tree = try CommandProcess.run(["ast", "-", "--format", "nn"], input: text)
    #expect(
      tree.output == """
        input
          4
        model M
          layer Linear
            4
            out_features = 2

        """)
    let json = try CommandProcess.run(["ast", "-", "--format", "nn", "--json"], input: text)
    struct AnyObject: Decodable {}
    #expect(json.status == 0)
    _ = try JSONDecoder().decode(AnyObject.self, from: Data(json.output.utf8))
    let spans = try CommandProcess.run(["ast", "-", "--format", "nn", "--spans"], input: text)
    #expect(spans.output.split(separator: "\n").count == tree.output.split(separator: "\n").count)
    #expect(spans.output.contains("2:11"), "\(spans.output)")
  }

  @Test func aBrokenFileHasNoTree() throws {
    for verb in [["ast"], ["convert", "--to", "yaml"]] {
      let outcome = try CommandProcess.run(verb + ["-", "--format", "nn"], input: "model {{{\n")
      #expect(outcome.status == 1)
      #expect(outcome.output == "")
      #expect(outcome.error.hasPrefix("<stdin>:1:"))
    }
  }

  @Test func summaryAsJSON() throws {
    struct Summary: Decodable {
      struct Layer: Decodable {
        var name: String
        var layer: String
        var output: [Int?]
        var parameters: Int
        var multiply_adds: Int
      }
      var model: String
      var layers: [Layer]
      var parameters: Int
      var multiply_adds: Int
    }
    let outcome = try CommandProcess.run(["summary", "models/tudui.nn", "--json"])
    #expect(outcome.status == 0)
    let summary = try JSONDecoder().decode(Summary.self, from: Data(outcome.output.utf8))
    #expect(summary.model == "Tudui")
    #expect(summary.layers.map(\.layer).first == "Conv2d")
    #expect(summary.layers.map(\.output)[1] == [nil, 32, 16, 16])
    #expect(summary.parameters == 145_578)
    #expect(summary.multiply_adds == summary.layers.map(\.multiply_adds).reduce(0, +))
  }

  @Test func anUnknownLayerOfPrint() throws {
    let outcome = try CommandProcess.run(["summary", "models/tutorial/2_mlp.nn", "--print", "7"])
    #expect(outcome.status == 1)
    #expect(
      outcome.error == """
        error: the model MLP has no layer `7`
          help: its layers are 0, 1, 2

        """)
  }

  @Test func benchAsJSON() throws {
    struct Report: Decodable {
      struct Result: Decodable {
        struct Layer: Decodable {
          var name: String
          var layer: String
          var forward_ms: Double
        }
        var batch: Int
        var threads: Int
        var step_ms: Double
        var step_ms_min: Double
        var forward_ms: Double
        var images_per_s: Double
        var gflops: Double
        var peak_share: Double
        var effective_peak_share: Double
        var layers: [Layer]
      }
      var peak_gflops: Double
      var instruction_set: String
      var results: [Result]
    }
    let outcome = try CommandProcess.run([
      "bench", "models/tutorial/2_mlp.nn", "--batch", "1,3", "--threads", "1,2", "--json",
    ])
    #expect(outcome.status == 0, "\(outcome.error)")
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    #expect(report.results.map(\.batch).sorted() == [1, 1, 3, 3])
    #expect(report.results.map(\.threads).sorted() == [1, 1, 2, 2])
    #expect(report.results.allSatisfy { $0.layers.map(\.layer) == ["Linear", "ReLU", "Linear"] })
    #expect(report.results.allSatisfy { $0.step_ms_min <= $0.step_ms && $0.step_ms_min > 0 })
  }

  // MARK: Files that cannot be read

  @Test func aFileLargerThanTheBoundIsRefused() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write([UInt8](repeating: 0x23, count: 17 << 20), to: "large.nn")
    for words in [["check", file], ["check", "-", "--format", "nn"]] {
      let input = words[1] == "-" ? String(repeating: "#", count: 17 << 20) : ""
      let outcome = try CommandProcess.run(words, input: input)
      #expect(outcome.status == 1)
      #expect(outcome.error.contains("error["), "\(outcome.error.prefix(300))")
      #expect(outcome.error.contains("16"))
      #expect(outcome.error.utf8.count < 1000)
    }
  }

  @Test("What is no text is refused in both spellings", arguments: ["nn", "yaml"])
  func unreadableText(_ ending: String) throws {
    let folder = try TemporaryFolder()
    let texts: [[UInt8]] = [[0x61, 0xFF, 0xFE], [0x61, 0x00, 0x62], []]
    for bytes in texts {
      let file = try folder.write(bytes, to: "odd." + ending)
      let outcome = try CommandProcess.run(["check", file])
      #expect(outcome.status == 1)
      #expect(outcome.error.contains("odd.\(ending):1:"), "\(outcome.error)")
      #expect(!outcome.error.utf8.contains(0))
      let json = try CommandProcess.run(["check", file, "--json"])
      #expect(try !Self.findings(json).isEmpty)
    }
  }

  // MARK: Terminals

  @Test func colourIsForTerminalsOnly() throws {
    let words = ["check", "models/tudui.nn"]
    #expect(try !CommandProcess.run(words).error.contains("\u{1B}"))
    #expect(try CommandProcess.run(words, error: .terminal).error.contains("\u{1B}[1;33m"))
    #expect(try !CommandProcess.run(words + ["--no-color"], error: .terminal).error.contains("\u{1B}"))
    let plain = try CommandProcess.run(words, error: .terminal, environment: ["NO_COLOR": "1"])
    #expect(!plain.error.contains("\u{1B}"))
    let dumb = try CommandProcess.run(words, error: .terminal, environment: ["TERM": "dumb"])
    #expect(!dumb.error.contains("\u{1B}"))
  }

  @Test func aTerminalShowsProgressInPlace() throws {
    let folder = try TemporaryFolder()
    try folder.write(SmallModel.slow, to: "slow.nn")
    let outcome = try CommandProcess.run(
      ["slow.nn", "--no-run-dir", "--epochs", "1", "--set", "data.batch_size=20"], in: folder.path,
      error: .terminal)
    #expect(outcome.status == 0)
    #expect(outcome.output.wholeMatch(of: /epoch:0, loss:[0-9.]+\n/) != nil, "\(outcome.output)")
    #expect(outcome.error.contains("\repoch 0 (1/1) ["), "\(outcome.error)")
    #expect(outcome.error.contains("images/s"))
    // The line is taken away before anything else is said.
    #expect(outcome.error.contains("\r\u{1B}[K  epoch 0: "))
    let lines = outcome.error.split(separator: "\r").filter { $0.hasPrefix("epoch 0 (1/1)") }
    #expect(lines.allSatisfy { $0.replacing("\u{1B}[K", with: "").count < 80 })
  }

  @Test("A closed standard output is an error", arguments: [Stream.closed, .brokenPipe])
  func closedOutput(_ stream: Stream) throws {
    for words in [["--help"], ["ast", "models/tudui.nn"], ["check", "models/tudui.nn"]] {
      let outcome = try CommandProcess.run(words, output: stream)
      #expect(outcome.status == 1)
      #expect(outcome.error.contains("error: cannot write to standard output: "), "\(outcome.error)")
    }
  }

  @Test func aClosedStandardErrorIsNoMatter() throws {
    let outcome = try CommandProcess.run(["check", "models/tudui.nn"], error: .closed)
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("models/tudui.nn: ok"))
  }
}
