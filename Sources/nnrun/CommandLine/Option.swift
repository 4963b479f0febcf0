/// Every option of the command, by its long name. What each takes and says is ``rule``; which verb
/// takes which is ``Verb/rule``. Parsing, help and "did you mean" all read these two tables.
enum Option: String, CaseIterable, Sendable {
  case set
  case seed
  case model
  case format

  case epochs
  case steps
  case threads
  case convolution
  case weights
  case partial
  case runDir = "run-dir"
  case noRunDir = "no-run-dir"
  case resume
  case logEvery = "log-every"
  case full

  case json
  case spans
  case to
  case print

  case input
  case output
  case gradOutput = "grad-output"
  case grads
  case target
  case indices
  case stateAfter = "state-after"
  case mode

  case batch

  case strict
  case quiet
  case noColor = "no-color"
  case help
  case version
}

/// What follows the name of an option.
enum OptionValue: Sendable {
  /// Nothing: it is there or not.
  case none
  /// A text, called this in the help.
  case text(String)
  /// A text that may be left out; it is given as `--name=value` only.
  case optionalText(String)
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// Whole numbers in a range, `1,64`.
  case integers(ClosedRange<Int>)
  /// One of some words.
  case choice([String])

  /// How the help writes it, with what stands between it and the name.
  var usage: String {
    switch self {
    case .none: ""
    case .text(let name): " \(name)"
    case .optionalText(let name): "[=\(name)]"
    case .integer: " N"
    case .integers: " N,N"
    case .choice(let words): " " + words.joined(separator: "|")
    }
  }
}

/// One row of the table of options.
struct OptionRule: Sendable {
  var value: OptionValue
  /// It may be given several times.
  var isRepeatable = false
  /// It cannot stand beside these.
  var excludes: [Option] = []
  /// It means nothing without one of these.
  var needsOneOf: [Option] = []
  /// What it does, for the help.
  var help: String
}

extension Option {
  var rule: OptionRule {
    switch self {
    case .set:
      OptionRule(
        value: .text("PATH=VALUE"), isRepeatable: true,
        help: "change a setting of the file: train.epochs=3, data.batch_size=64, "
          + "optimizer.lr=0.1, a `let` name, 'Tudui[0]=Conv2d(3, 64, 5)'; may be repeated")
    case .seed:
      OptionRule(value: .integer(0...Int.max), help: "the seed of initial weights and shuffles")
    case .model:
      OptionRule(value: .text("NAME"), help: "which model, where the file has several")
    case .format:
      OptionRule(
        value: .choice(["nn", "yaml"]),
        help: "the spelling of the file, needed where FILE is - (standard input)")
    case .epochs:
      OptionRule(
        value: .integer(1...Int(Int32.max)), help: "train for N epochs, those of a resumed run included")
    case .steps:
      OptionRule(
        value: .integer(1...Int.max),
        help: "stop, saved, after N optimizer steps in all; an epoch cut short has no line")
    case .threads:
      OptionRule(
        value: .integer(1...1024),
        help: "use up to N threads (default: every core); the numbers stay the same")
    case .convolution:
      OptionRule(
        value: .choice(["automatic", "direct"]),
        help: "how convolutions are computed: with the least arithmetic (the default), or each product "
          + "as it is defined; the numbers differ in their last digits")
    case .weights:
      OptionRule(
        value: .text("FILE"), excludes: [.resume],
        help: "take the weights from a .safetensors file with PyTorch's keys")
    case .partial:
      OptionRule(
        value: .none, needsOneOf: [.weights],
        help: "with --weights, take what fits and list the rest")
    case .runDir:
      OptionRule(
        value: .text("DIR"), excludes: [.noRunDir, .resume],
        help: "the folder of this run (default: runs/STEM-YYYYMMDD-HHMMSS)")
    case .noRunDir:
      OptionRule(
        value: .none, excludes: [.resume], help: "write no run folder: no checkpoints, no metrics")
    case .resume:
      OptionRule(
        value: .optionalText("DIR"),
        help: "continue the newest run of this file, or the run in DIR")
    case .logEvery:
      OptionRule(
        value: .integer(1...Int.max), excludes: [.noRunDir],
        help: "add a line to metrics.jsonl every N steps")
    case .full:
      OptionRule(value: .none, help: "print every value of a long output")
    case .json:
      OptionRule(value: .none, help: "print JSON")
    case .spans:
      OptionRule(value: .none, help: "add the position of every node")
    case .to:
      OptionRule(value: .choice(["nn", "yaml"]), help: "the spelling to print")
    case .print:
      OptionRule(
        value: .text("PATH"), excludes: [.json],
        help: "print one layer as PyTorch prints it: 0, conv1, 3.0")
    case .input:
      OptionRule(
        value: .text("X.npy"),
        help: "the input: float32, float64, int64, int32 or uint8, with or without the batch")
    case .output:
      OptionRule(value: .text("Y.npy"), help: "write the output, or the loss when there is a --target")
    case .gradOutput:
      OptionRule(
        value: .text("DY.npy"), needsOneOf: [.grads], help: "the gradient that the backward pass starts from")
    case .grads:
      OptionRule(
        value: .text("G.safetensors"), needsOneOf: [.gradOutput, .target],
        help: "write the gradients of the input (key `input`) and of every parameter")
    case .target:
      OptionRule(
        value: .text("T.npy"), help: "apply the file's loss: class labels (int64) or float targets")
    case .indices:
      OptionRule(
        value: .text("I.npy"), help: "write the indices of a last layer with return_indices=True")
    case .stateAfter:
      OptionRule(
        value: .text("S.safetensors"), help: "write parameters and buffers as they are after the pass")
    case .mode:
      OptionRule(
        value: .choice(["train", "eval"]), help: "how layers such as Dropout behave (default: eval)")
    case .batch:
      OptionRule(value: .integers(1...1_000_000), help: "batch sizes to measure, as 1,64 (the default)")
    case .strict:
      OptionRule(value: .none, help: "treat warnings as errors")
    case .quiet:
      OptionRule(value: .none, help: "no progress and no notices; warnings and errors stay")
    case .noColor:
      OptionRule(value: .none, help: "no colour (also: the environment variable NO_COLOR)")
    case .help:
      OptionRule(value: .none, help: "print this help")
    case .version:
      OptionRule(value: .none, help: "print the version")
    }
  }

  /// `--run-dir`
  var flag: String { "--" + rawValue }
}
