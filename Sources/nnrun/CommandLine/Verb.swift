/// What the command can do. ``run`` is `nnrun FILE`, without a word of its own.
enum Verb: String, CaseIterable, Sendable {
  case run = ""
  case train
  case check
  case ast
  case convert
  case summary
  case apply
  case bench
  case layers

  /// Words of the design that this version does not have.
  static let planned = [
    "fmt", "explain", "expand", "test", "predict", "export", "import", "data", "plot", "runs", "new",
    "schema", "lsp",
  ]

  /// The verbs that are written as a word.
  static let words = allCases.filter { $0 != .run }
}

/// One row of the table of verbs.
struct VerbRule: Sendable {
  /// One line for the list of verbs.
  var summary: String
  /// More, for the help of the verb: paragraphs, each one line here and wrapped when printed.
  var details: [String]
  /// It takes a name of the catalogue, or nothing, in place of a file.
  var takesName = false
  /// It takes several files.
  var takesSeveralFiles = false
  /// The options it takes besides ``Verb/everywhere``, in the order of the help.
  var options: [Option]
  /// Options that it cannot do without.
  var required: [Option] = []
  /// Options whose value differs from the option's own rule.
  var values: [Option: OptionValue] = [:]
  /// Commands and what they do.
  var examples: [(command: String, does: String)]
}

extension Verb {
  /// What every verb takes.
  static let everywhere: [Option] = [.format, .strict, .quiet, .noColor, .help, .version]

  /// What a verb takes that reads no file.
  static let withoutFile: [Option] = [.noColor, .help, .version]

  /// Options that mean something only where a file is trained.
  static let trainingOptions: [Option] = [
    .epochs, .steps, .weights, .partial, .runDir, .noRunDir, .resume, .logEvery,
  ]

  var rule: VerbRule {
    switch self {
    case .run:
      VerbRule(
        summary: "train, or apply the model to the file's own input, or summarize it",
        details: [
          "Trains when the file has `train(…)`; prints the output when its `input` has values; prints the "
            + "summary of the model otherwise."
        ],
        options: [.set, .seed, .model, .threads, .convolution] + Verb.trainingOptions + [.full],
        examples: [
          ("nnrun models/tudui.nn", "train the ten-line model"),
          ("nnrun models/tutorial/5_max_pool.nn", "print the output for the values in the file"),
        ])
    case .train:
      VerbRule(
        summary: "train, one `epoch:N, loss:X` line an epoch on standard output",
        details: [
          "The loss of an epoch is the sum of its batches' losses. Progress and notices go to standard error; "
            + "checkpoints and metrics.jsonl to the run folder.",
          "The first Ctrl-C finishes the step, saves and exits with 130; a second one stops at once. SIGTERM "
            + "saves and exits with 143. `--resume` continues to the numbers of an uninterrupted run.",
        ],
        options: [.set, .seed, .model, .threads, .convolution] + Verb.trainingOptions,
        examples: [
          ("nnrun train models/tudui.nn --epochs 3", "train for three epochs instead of ten"),
          ("nnrun train models/tudui.nn --set data.batch_size=64 --set optimizer.lr=0.1", "change settings"),
          ("nnrun train models/tudui.nn --resume --epochs 20", "continue the newest run up to epoch 20"),
        ])
    case .check:
      VerbRule(
        summary: "find every mistake of a file before anything runs",
        details: [
          "Prints one line for each file. Exit status 0: the file can run; 1: it has errors, all of which are "
            + "printed. Touches neither the network nor the run folder."
        ],
        takesSeveralFiles: true,
        options: [.set, .seed, .epochs, .model, .json],
        examples: [
          ("nnrun check models/tudui.nn", "check one file"),
          ("nnrun check models/*.nn --json", "all findings as a JSON array"),
        ])
    case .ast:
      VerbRule(
        summary: "print the syntax tree, the same for both spellings",
        details: ["One node a line. Defaults, comments, quotes and prefixes such as `nn.` are not in it."],
        options: [.json, .spans],
        examples: [
          ("nnrun ast models/tudui.nn", "the tree"),
          ("nnrun ast models/tudui.yaml --spans", "the tree with line:column ranges"),
        ])
    case .convert:
      VerbRule(
        summary: "print a file in the other spelling",
        details: ["The tree stays the same; comments are not carried over."],
        options: [.to], required: [.to],
        examples: [
          ("nnrun convert models/tudui.nn --to yaml", "the YAML spelling"),
          ("nnrun convert - --format yaml --to nn < models/tudui.yaml", "from standard input"),
        ])
    case .summary:
      VerbRule(
        summary: "list layers, output shapes, parameters and multiply-adds",
        details: ["Multiply-adds are counted for one sample and the direct method."],
        options: [.set, .model, .json, .print],
        examples: [
          ("nnrun summary models/tudui.nn", "the table"),
          ("nnrun summary models/tudui.nn --print 0", "layer 0 as print(model[0]) shows it in PyTorch"),
        ])
    case .apply:
      VerbRule(
        summary: "one pass over a .npy file, to compare with anything",
        details: [
          "The file needs an `input` shape and a `model`. Without a file to write, the output is printed.",
          "`--grads` writes one backward pass: from --grad-output, else from 1 where --target gives a loss.",
        ],
        options: [
          .input, .output, .target, .gradOutput, .grads, .indices, .stateAfter, .mode, .weights, .partial,
          .set, .seed, .model, .threads, .convolution, .full,
        ], required: [.input],
        examples: [
          ("nnrun apply net.nn --input x.npy --weights w.safetensors --output y.npy", "a forward pass"),
          (
            "nnrun apply net.nn --input x.npy --grad-output dy.npy --grads g.safetensors",
            "a backward pass from dy"
          ),
        ])
    case .bench:
      VerbRule(
        summary: "measure the time of a training step and of a forward pass",
        details: [
          "Random input, no data needed. Medians in milliseconds; a multiply-add counts as 2 FLOP; the peak "
            + "is measured in the same run."
        ],
        options: [.batch, .threads, .convolution, .json, .set, .seed, .model],
        values: [.threads: .integers(1...1024)],
        examples: [
          ("nnrun bench models/tudui.nn", "batch sizes 1 and 64, one thread"),
          ("nnrun bench models/tudui.nn --batch 1,64 --threads 1,2 --json", "four measurements as JSON"),
        ])
    case .layers:
      VerbRule(
        summary: "list the names that a file can use, or tell all about one of them",
        details: [
          "Layers, losses, optimizers, data sets, transforms and settings: with a NAME its signature, what "
            + "each parameter takes, the formula, shapes, initial weights and an example file."
        ],
        takesName: true,
        options: [.json],
        examples: [
          ("nnrun layers", "the list"),
          ("nnrun layers Conv2d", "one layer"),
        ])
    }
  }

  /// `nnrun check`; `nnrun FILE` for ``run``.
  var command: String { "nnrun " + (self == .run ? "FILE" : rawValue) }

  /// How the help writes a call of it.
  var usage: String {
    let files = rule.takesName ? "[NAME]" : rule.takesSeveralFiles ? "FILE…" : "FILE"
    let required = rule.required.map { " " + $0.flag + value(of: $0).usage }.joined()
    return "nnrun " + (self == .run ? "" : rawValue + " ") + files + required + " [options]"
  }

  /// Every option it takes.
  var options: [Option] { rule.options + (rule.takesName ? Verb.withoutFile : Verb.everywhere) }

  /// What follows `option` where this verb takes it.
  func value(of option: Option) -> OptionValue { rule.values[option] ?? option.rule.value }
}
