import NNDiagnostics
import NNModel
import NNShapes
import Testing

/// What the checker says, against what PyTorch did.
@Suite(.enabled(if: !CoreCases.all.isEmpty, "needs the shared reference cases"))
struct CoreCaseTests {
  // MARK: Right layers

  /// Layer cases that a file of this version can express.
  static let layerCases = CoreCases.all.filter { item in
    item.kind == "layer" && CoreCases.layers.contains(item.layer ?? "")
  }

  @Test(arguments: layerCases)
  func reprAndOutputShapeArePyTorchs(_ item: CoreCases.Case) throws {
    let input = try #require(item.inputs?.first)
    let text = try #require(item.text)
    let checked = Checked("input = randn(\(CoreCases.shape(input.shape)))\nmodel M { \(text) }")
    #expect(checked.errors.isEmpty, "\(checked.rendered)")
    let layer = try #require(checked.plan?.models.first?.layers.first)
    #expect(layer.printed == item.repr?.replacing("torch.Size([2, 2])", with: "(2, 2)"))
    let expected = try #require(item.outputs?.first).shape
    #expect(layer.output == FlowShape(Shape(expected)))
  }

  /// The same file with the sample's shape, planned again for the array: what `apply` does.
  @Test(arguments: layerCases)
  func planningForAnArrayGivesPyTorchsShape(_ item: CoreCases.Case) throws {
    let input = try #require(item.inputs?.first).shape
    let expected = try #require(item.outputs?.first).shape
    // An array is a batch of its first dimension, or one sample; PyTorch decides by the layer.
    let samples = [Array(input.dropFirst()), input]
    let plans = samples.compactMap { sample -> ModelPlan? in
      let shape = sample.count == 1 ? "\(sample[0])" : "(\(CoreCases.shape(sample)))"
      let checked = Checked("input = \(shape)\nmodel M { \(item.text ?? "") }")
      guard let model = checked.plan?.models.first else { return nil }
      return model.replanned(for: Shape(input), named: "x.npy", in: checked.document).plan
    }
    #expect(!plans.isEmpty)
    for plan in plans { #expect(plan.output == FlowShape(Shape(expected))) }
  }

  static let shapeCases = CoreCases.all.filter { item in
    item.kind == "shapes"
      && (item.layers ?? []).allSatisfy { row in CoreCases.layers.contains { row.repr.hasPrefix($0 + "(") } }
  }

  @Test(arguments: shapeCases)
  func shapesAndParametersOfNetsArePyTorchs(_ item: CoreCases.Case) throws {
    let input = try #require(item.input_shape)
    let rows = try #require(item.layers)
    let checked = Checked(
      "input = (\(CoreCases.shape(Array(input.dropFirst()))))\nmodel M = nn.\(item.text ?? "")")
    #expect(checked.errors.isEmpty, "\(checked.rendered)")
    let model = try #require(checked.plan?.models.first)
    #expect(model.printed == item.repr.map(Self.asWritten))
    #expect(model.layers.count == rows.count)
    for (layer, row) in zip(model.layers, rows) {
      #expect(layer.printed == Self.asWritten(row.repr))
      #expect(layer.output.shape(inBatchOf: input[0]) == Shape(row.out))
      #expect(layer.configuration.parameterCount == row.params)
    }
    #expect(ModelSummary(model).parameters == item.total_params)
  }

  /// The text of these cases leaves out that a ReLU works in place.
  private static func asWritten(_ repr: String) -> String { repr.replacing("(inplace=True)", with: "()") }

  // MARK: Mistakes

  /// The file that makes the mistake of a case, and the findings that would be beside the point; nil
  /// where no file can make it.
  static func file(for item: CoreCases.Case) -> String? {
    guard let text = item.text, let layer = item.layer else { return nil }
    let message = item.raised?.message ?? ""
    let shape = item.inputs?.first?.shape ?? item.input_shapes?.first
    let type = item.inputs?.first?.dtype ?? item.input_dtypes?.first ?? "float32"
    switch layer {
    case _ where CoreCases.losses.contains(layer):
      return lossFile(text, message, shape, targetType: item.input_dtypes?.last)
    case "SGD", "Adam", "AdamW":
      return training("optimizer = " + text.replacing("params", with: "M.parameters()"))
    case _ where schedules.contains(layer):
      // A length that is left out is worked out here.
      if message.hasPrefix("You must define either total_steps") { return nil }
      let momentum = text.contains("momentum=.9") ? ", momentum=0.9" : ""
      let schedule = text.replacing("SGD(params, lr=0.1, momentum=.9)", with: "optimizer")
        .replacing("SGD(params, lr=0.1)", with: "optimizer")
      return training("optimizer = SGD(lr=0.1\(momentum))") + "\nschedule = \(schedule)"
    case "DataLoader":
      if text.hasPrefix("DataLoader(") {
        return training("data = " + text.replacing("DataLoader(", with: "DataLoader(Shapes10(), "))
      }
      return training("data = DataLoader(Shapes10(n=0), shuffle=True)")
    default: break
    }
    if let transforms = transforms(of: text) {
      return training("data = DataLoader(Shapes10(size=8, transform=\(transforms)))")
    }
    guard CoreCases.layers.contains(layer), type == "float32", !message.contains("Input type") else {
      return nil
    }
    // PyTorch accepts it, with data and all; or the mistake is that a class stands for a layer, which
    // is what the language writes.
    if item.raised == nil && shape != nil { return nil }
    if text.contains("Sequential(Flatten,") { return nil }
    // Only a training step finds it; `apply` does.
    if message.contains("more than 1") { return nil }
    let input = shape.map { "randn(\(CoreCases.shape($0)))" } ?? "(3, 32, 32)"
    return layer == "Sequential"
      ? "input = \(input)\nmodel M = \(text)" : "input = \(input)\nmodel M { \(text) }"
  }

  /// The list that makes the mistake; nil for other cases, and where only images that no file has do.
  private static func transforms(of text: String) -> String? {
    switch text {
    case "Normalize((0.5, 0.5), (0.5, 0.5)) on 3 channels": "[ToTensor(), Normalize((0.5, 0.5), (0.5, 0.5))]"
    case "Normalize on a PIL image (before ToTensor)": "[Normalize(0.5, 0.5), ToTensor()]"
    case "ToTensor on a tensor": "[ToTensor(), ToTensor()]"
    case "Pad(10, padding_mode='reflect') larger than image": "[ToTensor(), Pad(10, padding_mode='reflect')]"
    case _ where ["Normalize(", "RandomCrop(", "RandomHorizontalFlip("].contains(where: text.hasPrefix): text
    default: nil
    }
  }

  @Test func mistakesInTransformsAreRefused() {
    let cases = CoreCases.all.filter { $0.kind == "error" && Self.transforms(of: $0.text ?? "") != nil }
    for item in cases {
      let checked = Checked(Self.file(for: item) ?? "")
      #expect(!checked.errors.isEmpty, "\(item.id) is accepted:\n\(checked.rendered)")
    }
    // What is left needs a tensor of bytes, or of two dimensions, which no data set gives.
    #expect(cases.count == 10)
  }

  /// A file that trains, with one statement replaced.
  private static func training(_ statement: String, output: String = "Flatten(), Linear(_, 10)") -> String {
    var lines = [
      "data = DataLoader(Shapes10())", "model M { \(output) }", "loss = CrossEntropyLoss()",
      "optimizer = SGD(lr=0.01)", "train(epochs=1)",
    ]
    let keyword = statement.prefix { $0 != " " }
    for index in lines.indices where lines[index].hasPrefix(keyword + " =") { lines[index] = statement }
    return lines.joined(separator: "\n")
  }

  /// Only what the loss is given in the file can be wrong there, not what the targets are.
  private static func lossFile(_ text: String, _ message: String, _ shape: [Int]?, targetType: String?)
    -> String?
  {
    if text.contains("weight=torch.ones(4)") || text.contains("weight=torch.ones(2)") {
      return training(
        "loss = "
          + text.replacing("torch.ones(4)", with: "[1, 1, 1, 1]")
          .replacing("torch.ones(2)", with: "[1, 1]"), output: "Flatten(), Linear(_, 10)")
    }
    if message.contains("is out of bounds"), !message.contains("-1"), let scores = shape?.last {
      return training("loss = \(text)", output: "Flatten(), Linear(_, \(scores))")
    }
    if message.contains("only batches of spatial targets") {
      return training("loss = \(text)", output: "Conv2d(3, 10, 28)")
    }
    if ["MSELoss()", "BCELoss()", "BCEWithLogitsLoss()"].contains(text) {
      return targetType == "int64" ? training("loss = \(text)") : nil
    }
    let wrong = [
      "reduction='avg'", "reduction='batchmean'", "label_smoothing", "'mean'", "ignore_index='x'", "beta=-1",
      "delta=-1",
    ]
    return wrong.contains(where: text.contains) ? training("loss = \(text)") : nil
  }

  private static let schedules: Set<String> = [
    "StepLR", "MultiStepLR", "CosineAnnealingLR", "OneCycleLR", "ReduceLROnPlateau",
  ]

  @Test func mistakesAreRefused() {
    let names = CoreCases.layers.union(CoreCases.losses).union(Self.schedules).union([
      "SGD", "Adam", "AdamW", "DataLoader",
    ])
    let cases = CoreCases.all.filter { $0.kind == "error" && names.contains($0.layer ?? "") }
    var expressible = 0
    var refused = 0
    for item in cases {
      guard let file = Self.file(for: item) else { continue }
      expressible += 1
      let checked = Checked(file)
      if checked.errors.isEmpty {
        Issue.record("\(item.id) is accepted:\n\(file)\n\(checked.rendered)")
      } else {
        refused += 1
      }
    }
    print("mistakes of PyTorch's: \(refused) refused of \(expressible) expressible of \(cases.count)")
    #expect(expressible >= 150)
  }

  /// What PyTorch refuses for a batch of arrays is refused for the sample's shape in the file, too.
  @Test func mistakesInShapesAreRefusedForTheSample() {
    let cases = CoreCases.all.filter { item in
      item.kind == "error" && CoreCases.layers.contains(item.layer ?? "") && Self.file(for: item) != nil
    }
    var total = 0
    for item in cases {
      guard let shape = item.inputs?.first?.shape ?? item.input_shapes?.first, let first = shape.first,
        first > 0,
        let file = Self.file(for: item)
      else { continue }
      total += 1
      let sample = "(\(CoreCases.shape(Array(shape.dropFirst()))))"
      let text = file.replacing("randn(\(CoreCases.shape(shape)))", with: sample)
      let checked = Checked(text)
      if checked.errors.isEmpty { Issue.record("\(item.id) is accepted:\n\(text)\n\(checked.rendered)") }
    }
    print("mistakes in shapes: \(total) refused as a sample")
    #expect(total >= 80)
  }
}
