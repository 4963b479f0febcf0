import NNData
import NNKernels
import NNModel
import NNRuntime
import NNShapes

/// One run: the loop over epochs and steps, what is saved and when, and why it ends.
final class TrainingRun {
  private let task: TrainingTask
  private let planLines: [String]
  private let network: Network
  private let loss: any Loss
  private let optimizer: Optimizer
  private let schedule: RateSchedule?
  private let data: TrainingData
  private let options: TrainingOptions
  private let cancellation: CancellationFlag
  private let report: (TrainingEvent) -> Void
  private let pass: DataPass
  private var watch: LossWatch
  private var threadChoice: ThreadChoice

  private var folder: RunFolder?
  private var log: RunLog?
  private var progress = TrainingState.Progress()
  private var best: TrainingState.Best?
  private var epochLosses: [Double] = []
  /// The generator before the loader's draws of the epoch in hand.
  private var epochGenerator: Generator.State
  /// The run and the generator before the step in hand, for a step that fails.
  private var progressBefore = TrainingState.Progress()
  private let generatorBefore = Generator(seed: 0)

  private let startTime = Clock.seconds()
  private var lastSaveTime = Clock.seconds()
  private var lastSaveStep = 0
  private var completed: [EpochMetrics] = []

  init(
    _ task: TrainingTask, plan: [String], network: Network, data: TrainingData, options: TrainingOptions,
    cancellation: CancellationFlag, report: @escaping (TrainingEvent) -> Void
  ) {
    self.task = task
    planLines = plan
    self.network = network
    self.data = data
    self.options = options
    self.cancellation = cancellation
    self.report = report
    loss = makeLoss(task.loss)
    let steps = task.train.stepsPerEpoch(batches: data.training.batchCount)
    schedule = task.plan.schedule.map {
      RateSchedule($0, task.optimizer, totalSteps: steps * (options.epochs ?? task.train.epochs))
    }
    optimizer = makeOptimizer(
      task.optimizer, parameters: network.parameters, cyclesMomentum: schedule?.cyclesMomentum ?? false,
      kernels: network.tape.kernels)
    pass = DataPass(network: network, loss: loss, plan: task.loss, data: data)
    watch = LossWatch(
      classes: task.loss.guessingClasses(data.training.dataset.classCount),
      batchSize: data.training.batchSize, lr: task.optimizer.lr)
    threadChoice = ThreadChoice(network.tape.threads)
    epochGenerator = network.generator.state
    schedule?.apply(to: optimizer)
  }

  /// Epochs in all.
  private var epochs: Int { options.epochs ?? task.train.epochs }
  private var stepsPerEpoch: Int { task.train.stepsPerEpoch(batches: data.training.batchCount) }
  /// The learning rate of the last step made.
  private var usedRate: Double { schedule?.usedRate ?? optimizer.learningRate }

  // MARK: Beginning

  /// Throws where the schedule ends before the training: the data may be another than the checker's.
  func checkSchedule() throws {
    guard case .oneCycle(let cycle)? = task.plan.schedule?.kind, let total = cycle.totalSteps,
      total / stepsPerEpoch < epochs
    else { return }
    throw TrainingError.scheduleTooShort(totalSteps: total, epochs: epochs, stepsPerEpoch: stepsPerEpoch)
  }

  /// Makes the run folder of a new run.
  func begin() throws {
    switch options.folder {
    case .none: return
    case .at(let path): folder = try RunFolder.make(at: path)
    case .new(let parent):
      folder = try RunFolder.makeNew(parent: parent, stem: options.stem, at: Int(Clock.wallTime()))
    }
    guard let folder else { return }
    try AtomicFile.write(Array(options.resolvedModel.utf8), to: folder.model)
    try AtomicFile.write(Array((record.text + "\n").utf8), to: folder.record)
    log = try RunLog(folder: folder, wallTime: Clock.wallTime())
  }

  /// Takes up a run where its last checkpoint left it.
  func goOn(from resumed: ResumedRun) throws {
    let state = resumed.state
    let path = resumed.folder.state(.last)
    try network.load(state.weights, of: path, partial: false) { _ in }
    do {
      try optimizer.load(OptimizerState(state.optimizer))
    } catch {
      throw StateFileError(path: path, reason: "\(error)")
    }
    guard schedule?.restore(state.schedule) ?? state.schedule.isEmpty else {
      throw StateFileError(path: path, reason: "its schedule is not this run's")
    }
    schedule?.apply(to: optimizer)
    guard network.generator.restore(state.generator), state.progress.batch <= data.training.batchCount else {
      throw StateFileError(path: path, reason: "its position is not one of this run")
    }
    (progress, best, epochLosses) = (state.progress, state.best, state.epochLosses)
    epochGenerator = state.epochGenerator
    lastSaveStep = progress.step
    for loss in epochLosses { _ = watch.add(loss, steps: stepsPerEpoch) }
    folder = resumed.folder
    let log = try RunLog(folder: resumed.folder, goingOnAt: state.log)
    self.log = log
    if !log.isComplete {
      say(.warning, "\(resumed.folder.path): metrics or event file is shorter than it was; lines are missing")
    }
    let now = InstructionSet.current.rawValue
    if state.instructionSet != now {
      say(
        .warning,
        "the run was begun with \(state.instructionSet) instructions and goes on with \(now): the numbers "
          + "will differ in their last digits from those of an uninterrupted run")
    }
    let method = network.tape.kernels.convolution.rawValue
    if state.convolution != method {
      say(
        .warning,
        "the run was begun with --convolution \(state.convolution) and goes on with \(method): the numbers "
          + "will differ in their last digits from those of an uninterrupted run")
    }
    say(.note, "going on with \(resumed.folder.path) at epoch \(progress.epoch), step \(progress.step)")
  }

  /// What `run.json` says: all that the model file does not.
  private var record: JSONValue {
    let sources = zip(data.sources, data.reasons).map { source, passedOver in
      JSONValue.object([
        ("split", .string(source.split)), ("source", .integer(source.index)),
        ("provenance", .string(source.provenance)), ("samples", .integer(source.count)),
        ("else_because", .array(passedOver.reasons.map { .string($0) })),
      ])
    }
    return .object([
      ("model", .string(network.plan.name)), ("parameters", .integer(network.parameterCount)),
      ("seed", .integer(Int(truncatingIfNeeded: task.plan.seed))), ("data", .array(sources)),
      ("weights", options.weights.map { .string($0) } ?? .null),
      ("threads", .integer(network.tape.threads.threadCount)),
      ("instruction_set", .string(InstructionSet.current.rawValue)),
      ("convolution", .string(network.tape.kernels.convolution.rawValue)),
    ])
  }

  // MARK: The loop

  /// Trains until there is a reason to stop.
  func train() throws -> TrainingResult {
    let source = task.data.sources[data.sources[0].index]
    report(
      .started(
        TrainingStart(
          model: network.plan.name, parameterCount: network.parameterCount, data: describe(source.kind),
          sampleCount: data.training.count, batchSize: data.training.batchSize,
          stepsPerEpoch: stepsPerEpoch, epochs: epochs, firstEpoch: progress.epoch,
          firstStep: progress.step, threads: network.tape.threads.threadCount,
          instructionSet: InstructionSet.current.rawValue, folder: folder?.path)))
    // A run that was interrupted at the end of its last epoch has nothing left to do.
    if progress.batch == 0, progress.epoch < epochs, let stop = earlyStop { return result(stop) }
    while progress.epoch < epochs {
      if let stop = try trainEpoch() { return result(stop) }
    }
    return result(.finished)
  }

  /// The reason to stop where the epochs so far have not become better for long enough.
  private var earlyStop: TrainingResult.Stop? {
    let sinceBest = progress.epoch - 1 - (best?.epoch ?? -1)
    guard let patience = task.train.earlyStop, progress.epoch > 0, sinceBest >= patience else { return nil }
    return .earlyStop(epochs: sinceBest)
  }

  private func result(_ stop: TrainingResult.Stop) -> TrainingResult {
    TrainingResult(
      stop: stop, folder: folder?.path, epochs: progress.epoch, steps: progress.step,
      bestEpoch: best?.epoch, bestLoss: best?.loss, metrics: completed)
  }

  /// Makes the rest of the epoch in hand; the reason where it is the last thing the run does.
  private func trainEpoch() throws -> TrainingResult.Stop? {
    let training = data.training
    let order = beginEpoch()
    var meter = ProgressMeter(time: Clock.seconds())
    let samplesBefore = progress.samples
    while progress.batch < training.batchCount {
      let began = Clock.seconds()
      let last = try step(order)
      let now = Clock.seconds()
      progress.seconds += now - began
      threadChoice.add(seconds: now - began)
      if meter.isDue(at: now, samples: progress.samples - samplesBefore) {
        report(.step(stepReport(last, meter)))
      }
      // The end of an epoch has its own place to save and to stop.
      guard progress.batch < training.batchCount else { break }
      if let stop = reasonToStop(at: now) {
        try save([.last])
        return stop
      }
      if isSavingDue(at: now) { try save([.last]) }
    }
    return try finishEpoch()
  }

  /// The order of the epoch's samples. Draws it, or draws it again as it was where the epoch had begun.
  private func beginEpoch() -> [Int] {
    guard progress.batch > 0, let generator = Generator(state: epochGenerator) else {
      epochGenerator = network.generator.state
      return data.training.order(drawnFrom: network.generator)
    }
    return data.training.order(drawnFrom: generator)
  }

  /// One step of the optimizer: `accumulate` batches, or what is left of the epoch. Returns the loss
  /// of the last batch.
  private func step(_ order: [Int]) throws -> Double {
    let training = data.training
    progressBefore = progress
    generatorBefore.copy(network.generator)
    let group = min(task.train.accumulate, training.batchCount - progress.batch)
    optimizer.zeroGrad()
    var value = 0.0
    for _ in 0..<group {
      let outcome = try pass.run(training, batch: progress.batch, of: order, gradientScale: 1 / Float(group))
      value = outcome.loss
      guard value.isFinite else { throw try nonFinite(value) }
      progress.add(outcome)
    }
    let threads = network.tape.threads
    if let norm = task.train.clipGradNorm {
      GradientClipping.clipNorm(network.parameters, maxNorm: norm, threads, kernels: network.tape.kernels)
    }
    if let limit = task.train.clipGradValue { GradientClipping.clipValue(network.parameters, value: limit) }
    schedule?.usedRate = optimizer.learningRate
    optimizer.step(threads)
    progress.step += 1
    if schedule?.pace == .steps { advanceSchedule(loss: value) }
    if let every = options.logEvery, every > 0, progress.step % every == 0 {
      try log?.step(epoch: progress.epoch, step: progress.step, loss: value, lr: usedRate)
    }
    return value
  }

  private func advanceSchedule(loss: Double) {
    schedule?.step(loss: loss)
    schedule?.apply(to: optimizer)
  }

  /// Saves the run as it was before the step that failed, and gives the error.
  private func nonFinite(_ value: Double) throws -> TrainingError {
    progress = progressBefore
    try save([.last], generator: generatorBefore.state)
    return .nonFiniteLoss(
      value: value.isNaN ? "NaN" : lossText(value), epoch: progress.epoch, step: progress.step + 1,
      lr: optimizer.learningRate, folder: folder?.path)
  }

  // MARK: The end of an epoch

  private func finishEpoch() throws -> TrainingResult.Stop? {
    let generatorBefore = network.generator.state
    var validation: EpochMetrics.Validation?
    if let split = data.validation {
      let wasAlone = network.tape.threads.isAlone
      network.tape.threads.isAlone = false
      defer { network.tape.threads.isAlone = wasAlone }
      validation = try pass.evaluate(split, cancellation: cancellation) { [report] in
        report(
          .evaluation(EvaluationReport(split: split.name, samples: $0, sampleCount: split.samplesPerPass)))
      }
      if validation == nil {
        // Interrupted: the evaluation is made anew when the run goes on.
        try save([.last], generator: generatorBefore)
        return .interrupted
      }
    }
    let metrics = progress.metrics(lr: usedRate, validation: validation)
    epochLosses.append(metrics.lossMean)
    let decisive = validation?.lossMean ?? metrics.lossMean
    let isBest = decisive < (best?.loss ?? .infinity)
    if isBest { best = TrainingState.Best(epoch: metrics.epoch, loss: decisive) }
    if schedule?.pace == .epochs { advanceSchedule(loss: decisive) }
    try log?.epoch(metrics)
    completed.append(metrics)
    progress.beginEpoch(metrics.epoch + 1)
    epochGenerator = network.generator.state

    let now = Clock.seconds()
    var stop = reasonToStop(at: now) ?? earlyStop
    if progress.epoch >= epochs { stop = .finished }
    let names: [Checkpoint.Name] = isBest ? [.best] : []
    try save(names + (stop != nil || isEpochSaved ? [.last] : []))
    report(
      .epoch(
        EpochReport(
          line: epochLine(epoch: metrics.epoch, lossSum: metrics.lossSum), metrics: metrics, isBest: isBest)))
    watch.lr = usedRate
    if let message = watch.add(metrics.lossMean, steps: stepsPerEpoch) { report(.message(message)) }
    return stop
  }

  // MARK: Stopping and saving

  private func reasonToStop(at now: Double) -> TrainingResult.Stop? {
    if cancellation.isCancelled { return .interrupted }
    if let limit = options.steps, progress.step >= limit { return .stepLimit }
    switch task.train.timeLimit {
    case .seconds(let limit)? where now - startTime >= limit: return .timeLimit
    case .steps(let limit)? where progress.step >= limit: return .timeLimit
    case .epochs(let limit)? where progress.batch == 0 && progress.epoch >= limit: return .timeLimit
    default: return nil
    }
  }

  /// `save_every`, within an epoch.
  private func isSavingDue(at now: Double) -> Bool {
    switch task.train.saveEvery {
    case .steps(let steps)?: progress.step - lastSaveStep >= steps
    case .seconds(let seconds)?: now - lastSaveTime >= seconds
    case .epochs?, nil: false
    }
  }

  /// Whether `last` is written now that an epoch is over: always, unless `save_every` counts epochs.
  private var isEpochSaved: Bool {
    if case .epochs(let count)? = task.train.saveEvery { return progress.epoch % max(count, 1) == 0 }
    return true
  }

  private func save(_ names: [Checkpoint.Name], generator: Generator.State? = nil) throws {
    guard let folder, let log, !names.isEmpty else { return }
    log.synchronize()
    let state = TrainingState(
      plan: planLines, instructionSet: InstructionSet.current.rawValue,
      convolution: network.tape.kernels.convolution.rawValue, sources: data.sources,
      progress: progress, best: best, epochLosses: epochLosses, log: log.position,
      generator: generator ?? network.generator.state, epochGenerator: epochGenerator,
      weights: network.stateEntries, optimizer: optimizer.state.entries, schedule: schedule?.state ?? [])
    for name in names { try state.write(name, in: folder) }
    lastSaveTime = Clock.seconds()
    lastSaveStep = progress.step
  }

  // MARK: Reporting

  private func stepReport(_ loss: Double, _ meter: ProgressMeter) -> StepReport {
    StepReport(
      epoch: progress.epoch, epochs: epochs,
      step: (progress.batch + task.train.accumulate - 1) / task.train.accumulate,
      stepsPerEpoch: stepsPerEpoch, loss: loss, meanLoss: progress.lossSum / Double(max(progress.batch, 1)),
      imagesPerSecond: meter.rate,
      secondsLeft: meter.secondsLeft(for: data.training.samplesPerPass - progress.samples))
  }

  private func say(_ level: RunMessage.Level, _ text: String) { report(.message(RunMessage(level, text))) }
}
