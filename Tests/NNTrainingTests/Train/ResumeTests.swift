import FoundationEssentials
import NNData
import NNTraining
import Testing

/// A run that was stopped anywhere and resumed ends with the very numbers of one that was not.
@Suite("Resuming")
struct ResumeTests {
  /// 47 images in batches of 4: 12 batches, the last of 3; in groups of 5 with a last group of 2.
  static func text(
    _ optimizer: String, accumulate: Int = 1, epochs: Int = 3, tail: String = "", transforms: String = ""
  ) -> String {
    """
    seed = 7
    data train = DataLoader(Shapes10(n=47, size=8, channels=1\(transforms)), batch_size=4, shuffle=True)
    data val = DataLoader(Shapes10(n=20, size=8, channels=1, seed=1), batch_size=8)
    model M {
      Conv2d(1, 4, 3, padding=1), ReLU(), MaxPool2d(2), Flatten(), Dropout(0.3), Linear(64, 10)
    }
    loss = CrossEntropyLoss()
    optimizer = \(optimizer)
    train(epochs=\(epochs), validate=val, accumulate=\(accumulate)\(tail))
    """
  }

  struct Variant: Sendable, CustomTestStringConvertible {
    var optimizer: String
    var accumulate = 1
    var transforms = ""
    /// The steps to stop after; those that end an epoch among them.
    var stops: [Int]
    var testDescription: String { "\(optimizer), accumulate=\(accumulate)" }
  }

  static let variants = [
    Variant(optimizer: "SGD(lr=0.05)", stops: [1, 12, 24, 30]),
    Variant(optimizer: "SGD(lr=0.02, momentum=0.9, nesterov=True)", stops: [5, 13, 35]),
    Variant(optimizer: "Adam(lr=0.003)", stops: [2, 11, 23]),
    Variant(optimizer: "Adam(lr=0.003, amsgrad=True, weight_decay=0.01)", stops: [13]),
    Variant(optimizer: "NAdam(lr=0.003, decoupled_weight_decay=True, weight_decay=0.01)", stops: [13]),
    Variant(optimizer: "RMSprop(lr=0.003, momentum=0.9, centered=True)", stops: [7]),
    Variant(optimizer: "Adagrad(initial_accumulator_value=0.1, lr_decay=0.01)", stops: [14]),
    Variant(
      optimizer:
        "SGD(lr=0.05, momentum=0.9) { \"*.bias\" = (lr=0.01, momentum=0) }\nschedule = StepLR(1, 0.5)",
      stops: [5, 12, 13, 24]),
    Variant(
      optimizer: "Adam(lr=0.003)\nschedule = OneCycleLR(0.01, three_phase=True)", stops: [3, 12, 20, 35]),
    Variant(
      optimizer: "SGD(lr=0.01)\nschedule = CyclicLR([0.01], 0.05, 4, max_momentum=0.95)", accumulate: 5,
      stops: [1, 3, 7]),
    Variant(
      optimizer: "RAdam(lr=0.01)\nschedule = ReduceLROnPlateau(patience=0, threshold=0.5)", stops: [13, 24]),
    Variant(
      optimizer: "SGD(lr=0.1)\nschedule = SequentialLR([LinearLR(total_iters=1), CosineAnnealingLR(2)], [1])",
      stops: [12, 30]),
    Variant(optimizer: "SGD(lr=0.05, momentum=0.5, dampening=0.1)", accumulate: 5, stops: [1, 2, 3, 4, 8]),
    // Every step draws for its images, normal values among them, whose second ones wait.
    Variant(
      optimizer: "SGD(lr=0.05)",
      transforms: ", transform=[RandomCrop(8, padding=2), RandomHorizontalFlip(), ColorJitter(0.4, 0.4), "
        + "Normalize(0.5, 0.25), RandomErasing(0.7, (0.02, 0.1), value='random')]",
      stops: [1, 7, 12, 25, 30]),
  ]

  @Test("Stopped by --steps at many places in one run", arguments: variants)
  func steps(_ variant: Variant) throws {
    let place = try TemporaryFolder()
    let text = Self.text(variant.optimizer, accumulate: variant.accumulate, transforms: variant.transforms)
    let whole = RunRecorder()
    try whole.train(text, in: place.file("whole")) { $0.logEvery = 1 }
    #expect(whole.lines.count == 3)

    var lines: [String] = []
    for (index, stop) in (variant.stops + [nil]).enumerated() {
      let part = RunRecorder()
      let result = try part.train(text, in: place.file("parts")) {
        $0.logEvery = 1
        $0.steps = stop
        if index > 0 { $0.resume = .folder(place.file("parts")) }
      }
      lines += part.lines
      #expect(result.stop == (stop == nil ? .finished : .stepLimit))
      if let stop { #expect(result.steps == stop) }
    }
    #expect(lines == whole.lines)
    try expectTheSame(place, "whole", "parts")
  }

  @Test("Interrupted at the first report of a step, in an evaluation, and at the end of an epoch")
  func interrupts() throws {
    let place = try TemporaryFolder()
    let text = Self.text("SGD(lr=0.02, momentum=0.9)")
    try RunRecorder().train(text, in: place.file("whole"))

    var evaluationsSeen = false
    for index in 0..<4 {
      let part = RunRecorder()
      part.onEvent = { event in
        switch (index, event) {
        case (0, .step): part.cancellation.cancel()
        case (1, .evaluation):
          evaluationsSeen = true
          part.cancellation.cancel()
        case (2, .epoch): part.cancellation.cancel()
        default: break
        }
      }
      let result = try part.train(text, in: place.file("parts")) {
        if index > 0 { $0.resume = .newest }
      }
      #expect(result.stop == (index < 3 ? .interrupted : .finished))
    }
    #expect(evaluationsSeen)
    try expectTheSame(place, "whole", "parts", logged: false)
  }

  @Test("Interrupted where early_stop would have ended it, a run has nothing left to do")
  func earlyStop() throws {
    let place = try TemporaryFolder()
    let text = Self.text("SGD(lr=0.3)", epochs: 500, tail: ", early_stop=2")
    let whole = try RunRecorder().train(text, in: place.file("whole"))
    guard case .earlyStop = whole.stop else {
      Issue.record("the run ended with \(whole.stop)")
      return
    }
    try RunRecorder().train(text, in: place.file("parts")) { $0.steps = whole.steps }
    let rest = try RunRecorder().train(text, in: place.file("parts")) { $0.resume = .newest }
    #expect(rest.stop == whole.stop && rest.metrics.isEmpty)
    try expectTheSame(place, "whole", "parts", logged: false)
  }

  @Test("After a crash the run goes on from the last save, and nothing is in the files twice")
  func crash() throws {
    let place = try TemporaryFolder()
    let text = Self.text("Adam(lr=0.003)", tail: ", save_every=\"5 steps\"")
    try RunRecorder().train(text, in: place.file("whole")) { $0.logEvery = 1 }
    try RunRecorder().train(text, in: place.file("parts")) {
      $0.logEvery = 1
      $0.steps = 20
    }
    // What a run that died at step 23 leaves: lines after the checkpoint, and half of one.
    let metrics = place.file("parts/metrics.jsonl")
    try place.write(
      try place.text("parts/metrics.jsonl") + "{\"epoch\": 1, \"step\": 21}\n{\"epo",
      to: "parts/metrics.jsonl")
    #expect(FileManager.default.fileExists(atPath: metrics))
    try RunRecorder().train(text, in: place.file("parts")) {
      $0.logEvery = 1
      $0.resume = .newest
    }
    try expectTheSame(place, "whole", "parts")
  }

  @Test("--epochs is the total: a finished run goes on")
  func moreEpochs() throws {
    let place = try TemporaryFolder()
    let whole = RunRecorder()
    try whole.train(Self.text("Adam(lr=0.003)", epochs: 3), in: place.file("whole"))
    let first = RunRecorder()
    try first.train(Self.text("Adam(lr=0.003)", epochs: 2), in: place.file("parts"))
    let second = RunRecorder()
    let result = try second.train(Self.text("Adam(lr=0.003)", epochs: 2), in: place.file("parts")) {
      $0.resume = .newest
      $0.epochs = 3
    }
    #expect(first.lines + second.lines == whole.lines)
    #expect(result.epochs == 3)
    let nothing = try RunRecorder().train(Self.text("Adam(lr=0.003)", epochs: 3), in: place.file("parts")) {
      $0.resume = .newest
    }
    #expect(nothing.stop == .finished)
    #expect(nothing.metrics.isEmpty)
    try expectTheSame(place, "whole", "parts", logged: false)
  }

  @Test("A changed model is refused with what differs; other optimizer settings too")
  func changed() throws {
    let place = try TemporaryFolder()
    try RunRecorder().train(Self.text("SGD(lr=0.05)", epochs: 1), in: place.file("run"))
    let changed = Self.text("SGD(lr=0.1)", epochs: 1).replacing(
      "Linear(64, 10)", with: "Linear(64, 10, bias=False)")
    let error = #expect(throws: ResumeError.self) {
      try RunRecorder().train(changed, in: place.file("run")) { $0.resume = .newest }
    }
    let settings = "momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False, maximize=False)"
    #expect(
      error?.description == """
        the model file is not what \(place.file("run")) was trained with:
          was: M 5: Linear(in_features=64, out_features=10, bias=True) of (N, 64)
          was: optimizer = SGD(lr=0.05, \(settings)
          now: M 5: Linear(in_features=64, out_features=10, bias=False) of (N, 64)
          now: optimizer = SGD(lr=0.1, \(settings)
        """)
  }

  @Test("A changed schedule or group is refused, and a longer run where the schedule is as long")
  func changedSchedule() throws {
    let place = try TemporaryFolder()
    let optimizer = "SGD(lr=0.05, momentum=0.9)"
    let cycle = optimizer + "\nschedule = OneCycleLR(0.1)"
    for (index, change) in [
      (optimizer + "\nschedule = StepLR(1)", optimizer + "\nschedule = StepLR(1, 0.5)", 1),
      (optimizer, optimizer + "\nschedule = StepLR(1)", 1), (cycle, optimizer, 1), (cycle, cycle, 2),
      (optimizer, optimizer + " { \"*.bias\" = (lr=0.1) }", 1),
    ].enumerated() {
      let folder = place.file("run\(index)")
      try RunRecorder().train(Self.text(change.0, epochs: 1), in: folder)
      #expect(throws: ResumeError.self) {
        try RunRecorder().train(Self.text(change.1, epochs: change.2), in: folder) { $0.resume = .newest }
      }
    }
    // A schedule that does not depend on the length goes on.
    try RunRecorder().train(
      Self.text(optimizer + "\nschedule = StepLR(1)", epochs: 2), in: place.file("run0")
    ) {
      $0.resume = .newest
    }
  }

  @Test("What cannot be resumed says why")
  func refusals() throws {
    let place = try TemporaryFolder()
    let text = Self.text("SGD(lr=0.05)", epochs: 1)
    func failure(_ adjust: (inout TrainingOptions) -> Void) -> ResumeError? {
      #expect(throws: ResumeError.self) { try RunRecorder().train(text, in: place.file("run"), adjust) }
    }
    #expect(failure { $0.resume = .newest } == .noCheckpoint(folder: place.file("run")))
    #expect(
      failure {
        $0.resume = .newest
        $0.folder = .new(parent: place.path)
      } == .noRun(stem: "test", parent: place.path))
    #expect(
      failure {
        $0.resume = .newest
        $0.folder = .none
      } == .nothingIsKept)
    try RunRecorder().train(text, in: place.file("run"))
    #expect(
      failure {
        $0.resume = .newest
        $0.weights = "w.safetensors"
      } == .weightsToo)
  }

  @Test("The newest run is found by its name")
  func newest() throws {
    let place = try TemporaryFolder()
    let text = Self.text("SGD(lr=0.05)", epochs: 1)
    let parent = place.file("runs")
    for _ in 0..<2 {
      try RunRecorder().train(text, in: nil) { $0.folder = .new(parent: parent) }
    }
    let run = RunRecorder()
    let result = try run.train(text, in: nil) {
      $0.folder = .new(parent: parent)
      $0.resume = .newest
      $0.epochs = 2
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: parent).sorted()
    #expect(names.count == 2)
    #expect(result.folder == parent + "/" + (names.last ?? ""))
    #expect(run.starts.first?.firstEpoch == 1)
  }

  @Test("Another instruction set is said")
  func instructionSet() throws {
    let place = try TemporaryFolder()
    let text = Self.text("SGD(lr=0.05)", epochs: 1)
    try RunRecorder().train(text, in: place.file("run"))
    var file = try Safetensors.read(place.file("run/last.state"))
    file.metadata["instruction_set"] = "other"
    try file.write(to: place.file("run/last.state"))
    let run = RunRecorder()
    try run.train(text, in: place.file("run")) {
      $0.resume = .newest
      $0.epochs = 2
    }
    #expect(run.warnings.contains { $0.contains("begun with other instructions") })
  }

  @Test("Another way to compute convolutions is said, a record without one taken for the direct way")
  func convolutionMethod() throws {
    let place = try TemporaryFolder()
    let text = Self.text("SGD(lr=0.05)", epochs: 1)
    try RunRecorder().train(text, in: place.file("run"))
    func warnings(_ epochs: Int, _ method: ConvolutionMethod) throws -> [String] {
      let run = RunRecorder()
      try run.train(text, in: place.file("run")) {
        $0.resume = .newest
        $0.epochs = epochs
        $0.convolution = method
      }
      return run.warnings.filter { $0.contains("--convolution") }
    }
    #expect(try warnings(2, .automatic) == [])
    let said = try warnings(3, .direct)
    #expect(said.first?.contains("begun with --convolution automatic and goes on with direct") == true)
    var file = try Safetensors.read(place.file("run/last.state"))
    #expect(file.metadata["convolution"] == "direct")
    file.metadata["convolution"] = nil
    try file.write(to: place.file("run/last.state"))
    #expect(try warnings(4, .direct) == [])
    #expect(try warnings(5, .automatic).count == 1)
  }

  /// The weights, the state, the metrics but for times, and the events of two runs.
  private func expectTheSame(_ place: TemporaryFolder, _ a: String, _ b: String, logged: Bool = true) throws {
    for name in ["last", "best"] {
      #expect(try place.bytes("\(a)/\(name).safetensors") == place.bytes("\(b)/\(name).safetensors"))
      let states = try [a, b].map { try TrainingState(path: place.file("\($0)/\(name).state")) }
      #expect(states[0].weights == states[1].weights)
      #expect(states[0].optimizer == states[1].optimizer)
      #expect(states[0].generator == states[1].generator)
      #expect(states[0].best == states[1].best)
      #expect(states[0].epochLosses == states[1].epochLosses)
    }
    let metrics = try [a, b].map { try metricsWithoutTimes(place.text("\($0)/metrics.jsonl")) }
    #expect(metrics[0] == metrics[1])
    #expect(metrics[0].isEmpty == false)
    let events = try [a, b].map { try self.events(place, $0) }
    #expect(events[0] == events[1])
    if logged { #expect(events[0].count > 36 / 5) }
  }

  private func metricsWithoutTimes(_ text: String) -> [String] {
    text.split(separator: "\n").map {
      $0.replacing(/"(seconds|images_per_s)": [^,}]+/, with: "").description
    }
  }

  private func events(_ place: TemporaryFolder, _ folder: String) throws -> [EventReader.Event] {
    let names = try FileManager.default.contentsOfDirectory(atPath: place.file(folder))
    let files = names.filter { $0.contains("tfevents") }
    #expect(files.count == 1)
    return try readEvents(place.bytes("\(folder)/\(files.first ?? "")")).map { event in
      var event = event
      event.wallTime = 0
      return event
    }
  }
}
