import NNDiagnostics
import NNModel
import NNShapes
import NNSyntax
import Testing

/// `--set PATH=VALUE`.
struct OverrideTests {
  static let text = """
    let width = 8
    data = DataLoader(CIFAR10("data", True) else Shapes10(), batch_size=4)
    model Tudui {
      conv1 = Conv2d(3, width, 3, 1, 1), ReLU()
      Sequential { MaxPool2d(2), Flatten() }
      Linear(_, 10)
    }
    loss = CrossEntropyLoss()
    optimizer = SGD(Tudui.parameters(), 0.01)
    train(epochs=10)
    """

  static func checked(_ set: String...) -> Checked { Checked(text, set: set) }

  /// The plan, which must be without findings.
  static func plan(_ set: String...) throws -> ExperimentPlan {
    let checked = Checked(text, set: set)
    #expect(checked.diagnostics.isEmpty, "\(checked.rendered)")
    return try #require(checked.plan)
  }

  static func layer(_ plan: ExperimentPlan, _ path: String) -> String? {
    plan.models[0].layer(at: path)?.description
  }

  @Test func aLetIsReplacedBeforeAnythingIsDerivedFromIt() throws {
    let plan = try Self.plan("width=16")
    #expect(Self.layer(plan, "0") == "Conv2d(3, 16, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))")
    #expect(Self.layer(plan, "3") == "Linear(in_features=4096, out_features=10, bias=True)")
  }

  @Test func settingsAreReplacedOrAdded() throws {
    let plan = try Self.plan(
      "train.epochs=3", "data.batch_size=64", "data.shuffle=True", "optimizer.lr=0.5",
      "optimizer.momentum=0.9",
      "seed=7", "loss.label_smoothing=0.1", "train.accumulate=2", "data.CIFAR10.train=False")
    #expect(plan.train?.epochs == 3)
    #expect(plan.train?.accumulate == 2)
    #expect(plan.data[0].batchSize == 64)
    #expect(plan.data[0].shuffle)
    #expect(plan.optimizer?.lr == 0.5)
    #expect(plan.seed == 7 && plan.seedIsWritten)
    guard case .sgd(let momentum, _, _, _, _)? = plan.optimizer?.kind else {
      Issue.record("not SGD")
      return
    }
    #expect(momentum == 0.9)
    guard case .crossEntropy(_, _, let smoothing)? = plan.loss?.kind else {
      Issue.record("not CrossEntropyLoss")
      return
    }
    #expect(smoothing == 0.1)
    guard case .cifar10(_, train: false, _, _) = plan.data[0].sources[0].kind else {
      Issue.record("not the test images")
      return
    }
  }

  @Test func layersAreReplacedByIndexNameAndFromTheEnd() throws {
    #expect(Self.layer(try Self.plan("Tudui[1]=Tanh()"), "1") == "Tanh()")
    #expect(Self.layer(try Self.plan("Tudui.1=Tanh"), "1") == "Tanh()")
    #expect(Self.layer(try Self.plan("Tudui[-3]=Sigmoid()"), "1") == "Sigmoid()")
    #expect(
      Self.layer(try Self.plan("Tudui.2.0=AvgPool2d(2)"), "2.0")
        == "AvgPool2d(kernel_size=2, stride=2, padding=0)")
    #expect(
      try Self.plan("Tudui[2]=Sequential(Flatten())").models[0].layer(at: "2")?.printed.contains("Flatten")
        == true)
    #expect(Self.layer(try Self.plan("Tudui.conv1.padding=0"), "conv1")?.contains("padding") == false)
  }

  @Test func theWholeOptimizerIsReplaced() throws {
    guard case .adam? = try Self.plan("optimizer=Adam(lr=0.1)").optimizer?.kind else {
      Issue.record("not Adam")
      return
    }
  }

  @Test func theCheckerPointsAtWhatNoLongerFits() throws {
    let stack = """
      input = (1, 28, 28)
      model Net {
        Conv2d(1, 32, 3, padding=1), ReLU(), MaxPool2d(2, 2)
        Conv2d(32, 64, 3, padding=1), ReLU()
      }
      """
    let checked = Checked(stack, set: ["Net[0]=Conv2d(1, 64, 3, stride=1, padding=1)"])
    #expect(checked.codes == ["channel-mismatch"])
    let finding = try #require(checked.diagnostics.first)
    #expect(finding.file.position(of: finding.span.start).line == 4)
    #expect(finding.help == "write Conv2d(64, 64, 3, padding=1)")
    #expect(finding.notes.first?.file.name == "--set")
  }

  @Test func groupsAndSchedulesAreKept() throws {
    let text = """
      data = DataLoader(Shapes10(n=100, size=8), batch_size=10)
      model M { Flatten(), Linear(192, 10) }
      loss = CrossEntropyLoss()
      optimizer = SGD(M.parameters(), 0.1) { "*.bias" = (momentum=0.5) }
      schedule = StepLR(optimizer, 3)
      train(epochs=10)
      """
    func plan(_ assignments: String...) throws -> ExperimentPlan {
      let document = parse(SourceFile(name: "m.nn", text: text)).document
      let (changed, found) = apply(assignments.compactMap { Override(assignment: $0) }, to: document)
      #expect(found.isEmpty)
      return try #require(check(changed).plan)
    }
    let changed = try plan("optimizer.lr=0.5", "schedule.gamma=0.25", "schedule.step_size=4")
    #expect(changed.optimizer?.groups.map(\.lr) == [0.5, 0.5])
    #expect(changed.optimizer?.matched == ["1.bias": 1])
    #expect(changed.schedule?.text == "StepLR(step_size=4, gamma=0.25)")
    let whole = try plan("optimizer=Adam(lr=1e-3) { \"*\" = (amsgrad=True) }", "schedule=ExponentialLR(0.9)")
    #expect(whole.optimizer?.matched.count == 2 && whole.optimizer?.lr == 1e-3)
    #expect(whole.schedule?.text == "ExponentialLR(gamma=0.9)")
  }

  @Test(
    arguments: [
      ("train.epoch=3", "did you mean `epochs`?"), ("widht=3", "did you mean `width`?"),
      ("optimiser.lr=1", "did you mean `optimizer`?"), ("Tudui.conv2=ReLU()", "did you mean `conv1`?"),
      ("Tudui[9]=ReLU()", nil), ("data.batchsize=3", "did you mean `batch_size`?"), ("Tudui[0=ReLU()", nil),
      ("optimizer.learning=1", nil), ("train.epochs=", nil), ("train.epochs=0", nil), ("Tudui.0=Relu()", nil),
    ] as [(String, String?)])
  func whatMatchesNothingIsAnErrorInTheOption(_ assignment: String, _ help: String?) throws {
    let checked = Self.checked(assignment)
    let error = try #require(checked.errors.first)
    #expect(error.file.name == "--set")
    if let help { #expect(error.help == help) }
    #expect(checked.errors.count == 1, "\(checked.rendered)")
  }
}
