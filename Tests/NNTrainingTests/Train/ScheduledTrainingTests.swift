import NNRuntime
import NNTraining
import Testing

@Suite("Schedules and groups in training")
struct ScheduledTrainingTests {
  /// 40 samples in batches of 8: 5 steps an epoch.
  private func train(_ settings: String, optimizer: String) throws -> [EpochMetrics] {
    let run = RunRecorder()
    try run.train(
      """
      seed = 3
      data train = DataLoader(Shapes10(n=40, size=8, channels=1), batch_size=8)
      data val = DataLoader(Shapes10(n=20, size=8, channels=1, seed=1), batch_size=8)
      model M { Flatten(), Linear(64, 16), ReLU(), Linear(16, 10) }
      loss = CrossEntropyLoss()
      optimizer = \(optimizer)
      train(\(settings))
      """, in: nil)
    return run.epochs.map(\.metrics)
  }

  @Test("A schedule that counts epochs moves after each; the metrics say what was used")
  func epochs() throws {
    let metrics = try train("epochs=4", optimizer: "SGD(lr=0.1)\nschedule = StepLR(2, 0.5)")
    #expect(metrics.map(\.lr) == [0.1, 0.1, 0.05, 0.05])
  }

  @Test("One that counts steps moves with the optimizer, accumulation included; its length is the run's")
  func steps() throws {
    // 3 steps an epoch, 6 in all: the last one has the lowest rate.
    let optimizer =
      "SGD(lr=1)\nschedule = OneCycleLR(0.1, div_factor=10, final_div_factor=10, cycle_momentum=False, pct_start=0.5)"
    let metrics = try train("epochs=2, accumulate=2", optimizer: optimizer)
    #expect(abs(metrics[0].lr - 0.1) < 1e-12 && abs(metrics[1].lr - 0.001) < 1e-12)
    #expect(metrics[1].step == 6)
  }

  @Test("ReduceLROnPlateau looks at the validation loss, or else at the mean training loss")
  func plateau() throws {
    // A threshold that no loss passes: the rate falls after every second epoch.
    let optimizer = "SGD(lr=0.1)\nschedule = ReduceLROnPlateau(factor=0.5, patience=0, threshold=0.99)"
    let rates = [0.1, 0.1, 0.05, 0.025]
    #expect(try train("epochs=4, validate=val", optimizer: optimizer).map(\.lr) == rates)
    #expect(try train("epochs=4", optimizer: optimizer).map(\.lr) == rates)
  }

  @Test("Where the data gives more steps than OneCycleLR has, training does not begin")
  func tooShort() throws {
    // Both sources are drawn here; the second has more samples, and is used when the first is not there.
    let text = """
      data = DataLoader(CIFAR10("/nowhere", batches=[1]) else Shapes10(n=20000), batch_size=1000)
      model M { Flatten(), Linear(3072, 10) }
      loss = CrossEntropyLoss()
      optimizer = SGD(lr=0.1, momentum=0.9)
      schedule = OneCycleLR(0.1, total_steps=10)
      train(epochs=1)
      """
    #expect(throws: TrainingError.scheduleTooShort(totalSteps: 10, epochs: 1, stepsPerEpoch: 20)) {
      try RunRecorder().train(text, in: nil)
    }
  }

  @Test("A group with lr=0 stays, and the others move")
  func frozenGroup() throws {
    let (plan, _) = try planned(
      """
      data = DataLoader(Shapes10(n=40, size=8, channels=1), batch_size=8)
      model M { Flatten(), Linear(64, 16), ReLU(), Linear(16, 10) }
      loss = CrossEntropyLoss()
      optimizer = SGD(lr=0.1, momentum=0.9) { "1.*" = (lr=0); "*.bias" = (momentum=0) }
      train(epochs=1)
      """)
    let network = Network(plan, threads: 1)
    let optimizer = makeOptimizer(try #require(plan.optimizer), parameters: network.parameters)
    let before = network.parameters.map { $0.parameter.value.values }
    for entry in network.parameters {
      entry.parameter.setGradient(Array(repeating: 1, count: entry.parameter.shape.elementCount))
    }
    optimizer.step(network.tape.threads)
    let moved = zip(network.parameters, before).map { $0.parameter.value.values != $1 }
    #expect(network.parameters.map(\.name) == ["1.weight", "1.bias", "3.weight", "3.bias"])
    #expect(moved == [false, false, true, true])
    #expect(optimizer.state.buffers.map(\.name).contains("3.weight.momentum_buffer"))
    #expect(!optimizer.state.buffers.map(\.name).contains("3.bias.momentum_buffer"))
  }
}
