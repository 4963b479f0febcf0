import FoundationEssentials
import NNData
import NNTraining
import Testing

@Suite("Training")
struct TrainerTests {
  private func text(
    _ settings: String, optimizer: String = "SGD(lr=0.05)",
    data: String = "Shapes10(n=40, size=8, channels=1)"
  ) -> String {
    """
    seed = 3
    data train = DataLoader(\(data), batch_size=8)
    data val = DataLoader(Shapes10(n=20, size=8, channels=1, seed=1), batch_size=8)
    model M { Flatten(), Linear(64, 16), ReLU(), Linear(16, 10) }
    loss = CrossEntropyLoss()
    optimizer = \(optimizer)
    train(\(settings))
    """
  }

  @Test("What a run writes")
  func folder() throws {
    let place = try TemporaryFolder()
    let run = RunRecorder()
    let result = try run.train(text("epochs=2, validate=val"), in: place.file("run"))
    #expect(result.stop == .finished && result.epochs == 2 && result.steps == 10)
    let names = try FileManager.default.contentsOfDirectory(atPath: place.file("run")).sorted()
    #expect(
      names.filter { !$0.hasPrefix("events.out.tfevents.") } == [
        "best.safetensors", "best.state", "last.safetensors", "last.state", "metrics.jsonl", "model.nn",
        "run.json",
      ])
    #expect(names.count == 8)
    #expect(try place.text("run/model.nn") == text("epochs=2, validate=val"))
    let metrics = try place.text("run/metrics.jsonl").split(separator: "\n")
    #expect(metrics.count == 2)
    let keys = metrics[0].matches(of: /"([a-z_]+)":/).map { String($0.1) }
    #expect(
      keys == [
        "epoch", "step", "loss_sum", "loss_mean", "accuracy", "lr", "seconds", "images_per_s", "val_loss_sum",
        "val_loss_mean", "val_accuracy",
      ])
    #expect(metrics[1].hasPrefix("{\"epoch\": 1, \"step\": 10, \"loss_sum\": "))
    #expect(
      run.lines == result.metrics.map { "epoch:\($0.epoch), loss:\(lossText($0.lossSum))" })
    let events = try #require(names.first { $0.contains("tfevents") })
    let scalars = try readEvents(place.bytes("run/\(events)")).flatMap(\.scalars)
    #expect(
      scalars.map(\.tag)
        == Array(repeating: ["loss", "lr", "accuracy", "val_loss", "val_accuracy"], count: 2).flatMap { $0 })
    #expect(scalars.first?.value == Float(result.metrics[0].lossMean))
    let record = try place.text("run/run.json")
    #expect(record.contains("\"seed\": 3"))
    #expect(record.contains("\"provenance\": \"Shapes10(n=40"))
  }

  @Test("Results do not depend on the threads, nor on whether a folder is written")
  func threads() throws {
    let runs = try [1, 2, 3].map { threads in
      let run = RunRecorder()
      try run.train(text("epochs=2"), in: nil) { $0.threads = threads }
      return run.lines
    }
    #expect(runs[0] == runs[1] && runs[1] == runs[2])
  }

  @Test("best is the epoch with the lowest validation loss, else the lowest training loss")
  func best() throws {
    let place = try TemporaryFolder()
    let run = RunRecorder()
    let result = try run.train(text("epochs=6, validate=val", optimizer: "SGD(lr=0.5)"), in: place.file("a"))
    let losses = result.metrics.compactMap { $0.validation?.lossMean }
    #expect(result.bestLoss == losses.min())
    #expect(result.bestEpoch == losses.firstIndex(of: losses.min() ?? 0))
    #expect(try TrainingState(path: place.file("a/best.state")).best?.epoch == result.bestEpoch)
    let without = try RunRecorder().train(text("epochs=3"), in: nil)
    #expect(without.bestLoss == without.metrics.map(\.lossMean).min())
  }

  @Test("early_stop ends a run that no longer gets better")
  func earlyStop() throws {
    let result = try RunRecorder().train(
      text("epochs=500, validate=val, early_stop=3", optimizer: "SGD(lr=0.3)"), in: nil)
    #expect(result.stop == .earlyStop(epochs: 3))
    #expect(result.epochs == (result.bestEpoch ?? 0) + 4)
    #expect(result.epochs < 500)
  }

  @Test("time_limit stops and saves; --steps and --epochs too")
  func limits() throws {
    let place = try TemporaryFolder()
    let timed = try RunRecorder().train(text("epochs=100000, time_limit=\"0.05 s\""), in: place.file("timed"))
    #expect(timed.stop == .timeLimit)
    #expect(try TrainingState(path: place.file("timed/last.state")).progress.step == timed.steps)
    let steps = try RunRecorder().train(text("epochs=10"), in: place.file("steps")) { $0.steps = 7 }
    #expect(steps.stop == .stepLimit && steps.steps == 7 && steps.epochs == 1)
    let epochs = try RunRecorder().train(text("epochs=10"), in: nil) { $0.epochs = 2 }
    #expect(epochs.stop == .finished && epochs.epochs == 2)
  }

  @Test("A loss that is not a number stops the run, saved, with the step and the rate")
  func nonFinite() throws {
    let place = try TemporaryFolder()
    let error = #expect(throws: TrainingError.self) {
      try RunRecorder().train(text("epochs=10", optimizer: "SGD(lr=1e20)"), in: place.file("run"))
    }
    guard case .nonFiniteLoss(_, let epoch, let step, let lr, let folder)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(epoch == 0 && lr == 1e20 && folder == place.file("run"))
    #expect(error?.description.hasPrefix("step \(step) (epoch 0): loss is ") == true)
    #expect(error?.help == "try lr=1e+19")
    #expect(try TrainingState(path: place.file("run/last.state")).progress.step == step - 1)
  }

  @Test("A seed that the file lacks is said")
  func seed() throws {
    let run = RunRecorder()
    try run.train(text("epochs=1").replacing("seed = 3\n", with: ""), in: nil)
    #expect(run.messages.first == RunMessage(.note, "seed 0: the file has none"))
  }

  @Test("A run begins from given weights; those that do not fit are an error, or what fits is taken")
  func weights() throws {
    let place = try TemporaryFolder()
    try RunRecorder().train(text("epochs=3"), in: place.file("first"))
    let path = place.file("first/last.safetensors")
    let second = try RunRecorder().train(text("epochs=1"), in: nil) { $0.weights = path }
    let whole = try RunRecorder().train(text("epochs=4"), in: nil)
    #expect(second.metrics[0].lossSum == whole.metrics[3].lossSum)

    let wider = text("epochs=1").replacing("Linear(16, 10)", with: "Linear(16, 12)")
    let error = #expect(throws: WeightsError.self) {
      try RunRecorder().train(wider, in: nil) { $0.weights = path }
    }
    #expect(error?.differences.map(\.key) == ["3.weight", "3.bias"])
    let partial = RunRecorder()
    try partial.train(wider, in: nil) {
      $0.weights = path
      $0.partialWeights = true
    }
    #expect(partial.warnings.contains { $0.contains("took 2 of the model's 4 tensors") })
  }

  @Test("split= makes train and val of one set, and all of it is used once")
  func split() throws {
    let place = try TemporaryFolder()
    let run = RunRecorder()
    let text = """
      data = DataLoader(Shapes10(n=50, size=8, channels=1), batch_size=8, shuffle=True, split=0.7)
      model M { Flatten(), Linear(64, 10) }
      loss = CrossEntropyLoss()
      optimizer = Adam()
      train(epochs=1, validate=val)
      """
    let result = try run.train(text, in: place.file("run"))
    #expect(run.starts.first?.sampleCount == 35)
    #expect(result.steps == 5)
    #expect(result.metrics.first?.validation != nil)
  }

  @Test("A permutation by a generator of its own cuts a set in two, as random_split does")
  func cut() throws {
    let plan = try planned(
      """
      data = DataLoader(Shapes10(n=10, size=8), split=0.7)
      model M { Flatten(), Linear(192, 10) }
      loss = CrossEntropyLoss()
      optimizer = SGD(lr=0.1)
      train(epochs=1, validate=val)
      """
    ).plan
    let (train, val) = Split.cut(plan.data[0], count: 10, seed: 5)
    #expect(train == [1, 4, 9, 6, 3, 5, 0])
    #expect(val == [2, 8, 7])
  }

  @Test("A loss that rises is called out")
  func rising() throws {
    let run = RunRecorder()
    try run.train(text("epochs=4", optimizer: "SGD(lr=0.07, maximize=True)"), in: nil)
    #expect(
      run.warnings.count { $0.contains("lr=0.07 is probably too high for batch_size=8; try lr=0.007") } == 1)
  }
}
