import FoundationEssentials
import NNTestSupport
import Testing

/// What `nnrun` says about a file of `models/`.
struct Answer: Sendable, CustomTestStringConvertible {
  var words: [String]
  var output: String
  var testDescription: String { words.joined(separator: " ") }

  init(_ words: String, is output: String) {
    self.words = words.split(separator: " ").map(String.init)
    self.output = output + "\n"
  }
}

@Suite struct ModelFileTests {
  /// Every model file without its extension.
  static let stems: [String] = ["models", "models/tutorial"].flatMap { folder in
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: TestPaths.packageRoot + "/" + folder)) ?? []
    return names.filter { $0.hasSuffix(".nn") }.sorted().map { folder + "/" + $0.dropLast(3) }
  }

  @Test func theHeadlineFileIsTenLines() throws {
    let url = URL(filePath: TestPaths.packageRoot + "/models/tudui.nn")
    let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    #expect(
      text == """
        data = DataLoader(CIFAR10("data", train=False, download=True) else Shapes10(), batch_size=1)
        model Tudui {
            Conv2d(3, 32, 5, stride=1, padding=2), MaxPool2d(2)
            Conv2d(32, 32, 5, stride=1, padding=2), MaxPool2d(2)
            Conv2d(32, 64, 5, stride=1, padding=2), MaxPool2d(2)
            Flatten(), Linear(1024, 64), Linear(64, 10)
        }
        loss = CrossEntropyLoss()
        optimizer = SGD(lr=0.01)
        train(epochs=10)

        """)
  }

  @Test func everyModelFileIsFound() { #expect(Self.stems.count >= 9) }

  @Test("Twins have one tree, and conversions keep it", arguments: stems)
  func twins(_ stem: String) throws {
    let tree = try CommandProcess.run(["ast", stem + ".nn"])
    #expect(tree.status == 0)
    #expect(tree.output.count > 20)
    #expect(try CommandProcess.run(["ast", stem + ".yaml"]).output == tree.output)
    for (spelling, other) in [("nn", "yaml"), ("yaml", "nn"), ("nn", "nn"), ("yaml", "yaml")] {
      let converted = try CommandProcess.run(["convert", stem + "." + spelling, "--to", other])
      #expect(converted.status == 0)
      #expect(converted.error == "")
      let again = try CommandProcess.run(["ast", "-", "--format", other], input: converted.output)
      #expect(again.output == tree.output, "\(converted.output)")
    }
  }

  @Test("Every model file can run", arguments: stems)
  func checks(_ stem: String) throws {
    for ending in [".nn", ".yaml"] {
      let outcome = try CommandProcess.run(["check", stem + ending])
      #expect(outcome.status == 0, "\(outcome.error)")
      #expect(outcome.output.hasPrefix("\(stem)\(ending): ok, "), "\(outcome.output)")
    }
  }

  static let flatten4d: [(String, String)] = {
    let row = { (range: ClosedRange<Int>) in "[" + range.map(String.init).joined(separator: ", ") + "]" }
    let rows = { (width: Int) in stride(from: 1, through: 24, by: width).map { row($0...($0 + width - 1)) } }
    let list = { (parts: [String]) in "[" + parts.joined(separator: ", ") + "]" }
    let pairs = { (parts: [String], size: Int) in
      stride(from: 0, to: parts.count, by: size).map { list(Array(parts[$0..<($0 + size)])) }
    }
    let whole = list(pairs(pairs(rows(2), 2), 2))
    return [
      ("From0To0", whole), ("From1To1", whole), ("From2To2", whole), ("From3To3", whole),
      ("From0To1", list(pairs(rows(2), 2))), ("From0To2", list(rows(2))), ("From0To3", row(1...24)),
      ("From1To2", list(pairs(rows(2), 4))), ("From1To3", list(rows(8))),
      ("From2To3", list(pairs(rows(4), 2))),
    ]
  }()

  /// What the tutorial shows, by the numbers of its examples.
  static let answers: [Answer] =
    [
      Answer(
        "summary models/tutorial/3_convolutions.nn --print 0",
        is: "Conv2d(1, 20, kernel_size=(5, 5), stride=(1, 1))"),
      Answer(
        "summary models/tutorial/2_mlp.nn --print [-1]",
        is: "Linear(in_features=256, out_features=10, bias=True)"),
      Answer("models/tutorial/5_max_pool.nn", is: "[[[[6, 8], [14, 16]]]]"),
      Answer("models/tutorial/5_max_pool_options.nn --model Dilation", is: "[[[[11]]]]"),
      Answer("models/tutorial/5_max_pool_options.nn --model CeilMode", is: "[[[[11, 11], [11, 11]]]]"),
      Answer(
        "models/tutorial/5_max_pool_options.nn --model Padding",
        is: "[[[[1, 3, 4], [9, 11, 12], [13, 15, 16]]]]"),
      Answer(
        "models/tutorial/5_max_pool_options.nn --model Indices",
        is: "[[[[6, 8], [14, 16]]]]\n[[[[5, 7], [13, 15]]]]"),
      Answer(
        "models/tutorial/5_max_pool.nn --set Pool[0]=MaxPool2d(2,ceil_mode=True)",
        is: "[[[[6, 8], [14, 16]]]]"),
      Answer(
        "models/tutorial/6_flatten_3d.nn --model From0", is: "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]"),
      Answer(
        "models/tutorial/6_flatten_3d.nn --model From1", is: "[[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]]"),
      Answer(
        "models/tutorial/6_flatten_3d.nn --model From2",
        is: "[[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]]"),
    ]
    + flatten4d.map { Answer("models/tutorial/6_flatten_4d.nn --model \($0)", is: $1) }

  @Test("The tutorial's examples print what PyTorch does, in both spellings", arguments: answers)
  func tutorial(_ answer: Answer) throws {
    for ending in [".nn", ".yaml"] {
      let words = answer.words.map { $0.hasSuffix(".nn") ? $0.dropLast(3) + ending : $0 }
      let outcome = try CommandProcess.run(words)
      #expect(outcome.output == answer.output)
      #expect(outcome.error == "")
      #expect(outcome.status == 0)
    }
  }

  @Test func theStackOfTheTutorialHasItsShapes() throws {
    let outcome = try CommandProcess.run(["models/tutorial/1_mnist_stack.nn"])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("(N, 64, 7, 7)"))
    #expect(outcome.output.contains("(N, 3136)"))
    #expect(outcome.output.contains("421,642"))
  }

  @Test func convolutionsOfARandomImage() throws {
    let short = try CommandProcess.run(["models/tutorial/3_convolutions.nn"])
    #expect(short.status == 0)
    #expect(short.output.contains("..."))
    let full = try CommandProcess.run(["models/tutorial/3_convolutions.nn", "--full"])
    #expect(full.output.split(separator: ",").count == 64 * 20 * 20)
    #expect(try CommandProcess.run(["models/tutorial/3_convolutions.yaml", "--full"]).output == full.output)
    #expect(
      try CommandProcess.run(["models/tutorial/3_convolutions.nn", "--seed", "1"]).output != short.output)
  }

  @Test func flattenOfOneImageIsOneRow() throws {
    let outcome = try CommandProcess.run(["models/tutorial/6_flatten.nn"])
    #expect(outcome.output.hasPrefix("[["))
    #expect(outcome.output.split(separator: ",").count == 192)
  }

  @Test func aReplacedLayerNoLongerFitsTheNext() throws {
    let outcome = try CommandProcess.run([
      "check", "models/tutorial/1_mnist_stack.nn", "--set",
      "Net[0]=Conv2d(1, 64, 3, stride=1, padding=1)",
    ])
    #expect(outcome.status == 1)
    #expect(outcome.output == "models/tutorial/1_mnist_stack.nn: 1 error\n")
    #expect(outcome.error.hasPrefix("models/tutorial/1_mnist_stack.nn:7:15: error[channel-mismatch]: "))
    #expect(outcome.error.contains("Conv2d(32, 64, 3, padding=1) takes 32 channels"), "\(outcome.error)")
    #expect(outcome.error.contains("--set:1:8: note: "))
    #expect(outcome.error.contains("help: write Conv2d(64, 64, 3, padding=1)"))
  }

  @Test func severalModelsNeedAName() throws {
    let outcome = try CommandProcess.run(["models/tutorial/5_max_pool_options.nn"])
    #expect(outcome.status == 64)
    #expect(
      outcome.error == """
        nnrun: the file has 4 models, Dilation, CeilMode, Padding, Indices
        help: say which with --model NAME
        See `nnrun --help`.

        """)
  }
}
