import Testing

/// A command line that means nothing, and all that standard error says about it.
struct WrongUsage: Sendable, CustomTestStringConvertible {
  var words: [String]
  var error: String
  var testDescription: String { "nnrun " + words.joined(separator: " ") }

  init(_ words: String, _ error: String) {
    self.words = words.split(separator: " ").map(String.init)
    self.error = error
  }
}

@Suite struct UsageTests {
  static let cases: [WrongUsage] = [
    // No verb, no file.
    WrongUsage(
      "",
      """
      nnrun: nothing to do: name a model file or a verb
      See `nnrun --help`.

      """),
    WrongUsage(
      "chek models/tudui.nn --json",
      """
      nnrun: `chek` is neither a verb nor an existing file
      help: did you mean `check`?
      See `nnrun --help`.

      """),
    WrongUsage(
      "help",
      """
      nnrun: `help` is neither a verb nor an existing file
      help: write nnrun --help
      See `nnrun --help`.

      """),
    WrongUsage(
      "fmt models/tudui.nn --check",
      """
      nnrun: `fmt` is not in this version of nnrun
      help: it has train, check, ast, convert, summary, apply, bench, layers
      See `nnrun --help`.

      """),
    WrongUsage(
      "layers Conv2D",
      """
      nnrun: the catalogue has no `Conv2D`
      help: PyTorch's name for it is `Conv2d`
      See `nnrun layers --help`.

      """),
    WrongUsage(
      "layers Liner --json",
      """
      nnrun: the catalogue has no `Liner`
      help: did you mean `Linear`?
      See `nnrun layers --help`.

      """),
    WrongUsage(
      "layers ReLU Tanh",
      """
      nnrun: `nnrun layers` takes one NAME
      See `nnrun layers --help`.

      """),
    WrongUsage(
      "layers --format nn",
      """
      nnrun: `nnrun layers` takes no --format
      help: taken by `nnrun FILE`, `nnrun train`, `nnrun check`, `nnrun ast`, `nnrun convert`, `nnrun summary`, `nnrun apply`, `nnrun bench`
      See `nnrun layers --help`.

      """),
    WrongUsage(
      "--quiet",
      """
      nnrun: `nnrun` needs a FILE
      See `nnrun --help`.

      """),
    WrongUsage(
      "check",
      """
      nnrun: `nnrun check` needs a FILE
      See `nnrun check --help`.

      """),
    // Files.
    WrongUsage(
      "models/tudi.nn",
      """
      nnrun: there is no file models/tudi.nn
      help: did you mean `models/tudui.nn`?
      See `nnrun --help`.

      """),
    WrongUsage(
      "summary models/tudui",
      """
      nnrun: there is no file models/tudui
      help: did you mean `models/tudui.nn` or `models/tudui.yaml`?
      See `nnrun summary --help`.

      """),
    WrongUsage(
      "models",
      """
      nnrun: models is a folder, not a model file
      help: in it are cifar10.nn, cifar10.yaml, tudui.nn, tudui.yaml
      See `nnrun --help`.

      """),
    WrongUsage(
      "check README.md",
      """
      nnrun: README.md is neither a .nn nor a .yaml file
      help: rename it, or say which it is with --format nn or --format yaml
      See `nnrun check --help`.

      """),
    WrongUsage(
      "ast models/tudui.nn models/tudui.yaml",
      """
      nnrun: `nnrun ast` takes one FILE, found 2: models/tudui.nn models/tudui.yaml
      See `nnrun ast --help`.

      """),
    WrongUsage(
      "models/tudui.nn check",
      """
      nnrun: `nnrun FILE` takes one FILE, found 2: models/tudui.nn check
      help: the verb comes first: nnrun check FILE
      See `nnrun --help`.

      """),
    WrongUsage(
      "models/tudui.nn --resume runs/x",
      """
      nnrun: `nnrun FILE` takes one FILE, found 2: models/tudui.nn runs/x
      help: the folder of a run to continue is given as --resume=DIR
      See `nnrun --help`.

      """),
    WrongUsage(
      "check -",
      """
      nnrun: standard input (-) needs --format nn or --format yaml
      See `nnrun check --help`.

      """),
    WrongUsage(
      "check - - --format nn",
      """
      nnrun: standard input (-) is named twice
      See `nnrun check --help`.

      """),
    // Options.
    WrongUsage(
      "check models/tudui.nn --sed 3",
      """
      nnrun: there is no option --sed
      help: did you mean `--set` or `--seed`?
      See `nnrun check --help`.

      """),
    WrongUsage(
      "check models/tudui.nn -j",
      """
      nnrun: there is no option -j
      See `nnrun check --help`.

      """),
    WrongUsage(
      "check --threads 1 models/tudui.nn",
      """
      nnrun: `nnrun check` takes no --threads
      help: taken by `nnrun FILE`, `nnrun train`, `nnrun apply`, `nnrun bench`
      See `nnrun check --help`.

      """),
    WrongUsage(
      "train models/tudui.nn --epochs three",
      """
      nnrun: --epochs takes a whole number of at least 1, found `three`
      See `nnrun train --help`.

      """),
    WrongUsage(
      "train models/tudui.nn --steps 0",
      """
      nnrun: --steps takes a whole number of at least 1, found `0`
      See `nnrun train --help`.

      """),
    WrongUsage(
      "train models/tudui.nn --seed -1",
      """
      nnrun: --seed takes a whole number of at least 0, found `-1`
      See `nnrun train --help`.

      """),
    WrongUsage(
      "train models/tudui.nn --threads 1,2",
      """
      nnrun: --threads takes a whole number from 1 to 1024, found `1,2`
      See `nnrun train --help`.

      """),
    WrongUsage(
      "bench models/tudui.nn --batch 1,,2",
      """
      nnrun: --batch takes numbers separated by commas, each a whole number from 1 to 1000000, found `1,,2`
      See `nnrun bench --help`.

      """),
    WrongUsage(
      "bench models/tudui.nn --convolution fast",
      """
      nnrun: --convolution takes automatic or direct, found `fast`
      See `nnrun bench --help`.

      """),
    WrongUsage(
      "convert models/tudui.nn --to yml",
      """
      nnrun: --to takes nn or yaml, found `yml`
      help: did you mean `yaml`?
      See `nnrun convert --help`.

      """),
    WrongUsage(
      "convert models/tudui.nn",
      """
      nnrun: `nnrun convert` needs --to nn|yaml
      See `nnrun convert --help`.

      """),
    WrongUsage(
      "apply models/tudui.nn --output y.npy",
      """
      nnrun: `nnrun apply` needs --input X.npy
      See `nnrun apply --help`.

      """),
    WrongUsage(
      "models/tudui.nn --set",
      """
      nnrun: --set needs a value: PATH=VALUE
      See `nnrun --help`.

      """),
    WrongUsage(
      "check models/tudui.nn --set epochs",
      """
      nnrun: --set takes PATH=VALUE, found `epochs`
      help: --set train.epochs=3
      See `nnrun check --help`.

      """),
    WrongUsage(
      "check models/tudui.nn --quiet=yes",
      """
      nnrun: --quiet takes no value, found `yes`
      See `nnrun check --help`.

      """),
    WrongUsage(
      "models/tudui.nn --resume=",
      """
      nnrun: --resume= lacks its DIR
      See `nnrun --help`.

      """),
    WrongUsage(
      "models/tudui.nn --seed 1 --seed=1",
      """
      nnrun: --seed is given twice
      See `nnrun --help`.

      """),
    WrongUsage(
      "models/tudui.nn --run-dir x --no-run-dir",
      """
      nnrun: --run-dir and --no-run-dir exclude each other
      See `nnrun --help`.

      """),
    WrongUsage(
      "models/tudui.nn --resume --weights w.safetensors",
      """
      nnrun: --weights and --resume exclude each other
      See `nnrun --help`.

      """),
    WrongUsage(
      "models/tudui.nn --partial",
      """
      nnrun: --partial means nothing without --weights
      See `nnrun --help`.

      """),
    WrongUsage(
      "apply models/tudui.nn --input x.npy --grads g.safetensors",
      """
      nnrun: --grads means nothing without --grad-output or --target
      See `nnrun apply --help`.

      """),
    // Options that the file gives nothing to act on.
    WrongUsage(
      "models/tutorial/2_mlp.nn --epochs 3",
      """
      nnrun: --epochs has nothing to act on: the file has no train(…), and its input no values
      See `nnrun --help`.

      """),
    WrongUsage(
      "models/tutorial/5_max_pool.nn --run-dir x",
      """
      nnrun: --run-dir has nothing to act on: the file has no train(…)
      See `nnrun --help`.

      """),
    WrongUsage(
      "models/tudui.nn --full --quiet",
      """
      nnrun: --full has nothing to act on: the file trains
      See `nnrun --help`.

      """),
  ]

  @Test("Wrong usage exits with 64 and says what is wrong on standard error alone", arguments: cases)
  func wrongUsage(_ wrong: WrongUsage) throws {
    let outcome = try CommandProcess.run(wrong.words)
    // Findings about the file itself may stand before.
    #expect(outcome.error.hasSuffix(wrong.error), "\(outcome.error)")
    #expect(outcome.output == "")
    #expect(outcome.status == 64)
  }

  static let verbs = ["", "train", "check", "ast", "convert", "summary", "apply", "bench"]

  @Test("Every verb has help of at most 80 columns on standard output", arguments: verbs)
  func help(_ verb: String) throws {
    for flag in ["--help", "-h"] {
      let outcome = try CommandProcess.run((verb.isEmpty ? [] : [verb]) + [flag])
      #expect(outcome.status == 0)
      #expect(outcome.error == "")
      #expect(outcome.output.contains("Usage: nnrun \(verb.isEmpty ? "FILE" : verb)"))
      #expect(outcome.output.contains("Examples:"))
      for option in ["--strict", "--quiet", "--no-color", "--help", "--version"] {
        #expect(outcome.output.contains("\n  \(option) "), "\(option)")
      }
      #expect(outcome.outputLines.filter { $0.count > 80 } == [])
    }
  }

  @Test func helpWinsOverWhatIsMissing() throws {
    let outcome = try CommandProcess.run(["convert", "--help"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("--to nn|yaml"))
  }

  @Test func version() throws {
    let outcome = try CommandProcess.run(["--version"])
    #expect(outcome.status == 0)
    let parts = outcome.output.split(separator: " ")
    #expect(parts.first == "nnrun")
    #expect(parts.last?.split(separator: ".").count == 3)
  }
}
