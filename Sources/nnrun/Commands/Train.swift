import NNDiagnostics
import NNModel
import NNSyntax
import NNTraining

extension Command {
  /// Trains a checked file: epoch lines on standard output, the rest on standard error.
  func train(_ checked: CheckedFile) throws -> ExitStatus {
    guard checked.plan.train != nil else { throw NothingToTrain(file: checked.file.name) }
    let run = TrainingRun(command: self)
    let result = try Signals.during { cancellation in
      defer { run.progress.clear() }
      return try checked.locatingFailures {
        try Trainer.train(checked.plan, options: options(checked), cancellation: cancellation) {
          run.report($0, cancellation)
        }
      }
    }
    if let error = run.outputError { throw error }
    if let ending = describe(result, checked) { note(ending) }
    if run.failsStrictly {
      streams.error("error: stopped at the warning above, because of --strict\n")
      return .failure
    }
    return result.stop == .interrupted ? Signals.requestedStatus ?? .failure : .success
  }

  private func options(_ checked: CheckedFile) -> TrainingOptions {
    var options = TrainingOptions(stem: checked.file.stem, resolvedModel: printNN(checked.document))
    if let folder = invocation.text(.runDir) { options.folder = .at(folder) }
    if invocation.has(.noRunDir) { options.folder = .none }
    if invocation.has(.resume) {
      options.resume = invocation.text(.resume).map { .folder($0) } ?? .newest
    }
    options.epochs = invocation.integer(.epochs)
    options.steps = invocation.integer(.steps)
    options.threads = invocation.integer(.threads)
    options.convolution = convolutionMethod
    options.logEvery = invocation.integer(.logEvery)
    options.weights = invocation.text(.weights)
    options.partialWeights = invocation.has(.partial)
    return options
  }

  /// How the run ended, in a sentence.
  private func describe(_ result: TrainingResult, _ checked: CheckedFile) -> String? {
    let steps = counted(result.steps, "step")
    let saved = result.folder.map { "; saved in \($0)" } ?? ""
    let resume = result.folder.map { folder in
      "\(saved); to continue: nnrun \(checked.file.name) --resume=\(folder)"
    }
    switch result.stop {
    case .finished:
      guard let best = result.bestEpoch, let loss = result.bestLoss else {
        return "done after \(steps)\(saved)"
      }
      return "done after \(steps); best epoch \(best) with mean loss \(lossText(loss))\(saved)"
    case .interrupted:
      return "stopped after \(steps)" + (resume ?? "; nothing is saved, because of --no-run-dir")
    case .stepLimit:
      return "stopped after \(steps), as --steps says; an epoch cut short has no line" + (resume ?? "")
    case .timeLimit:
      return "stopped after \(steps), as time_limit says; an epoch cut short has no line" + (resume ?? "")
    case .earlyStop(let epochs):
      return "stopped after \(steps): no better epoch in \(epochs), as early_stop says\(saved)"
    }
  }
}

/// `nnrun train` of a file that has no `train(…)`.
struct NothingToTrain: RunFailure {
  var file: String

  var description: String { "\(file) has no train(…)" }
  var help: String? { "add train(epochs=10) to it" }
}

/// Passes the events of a run on to the streams.
private final class TrainingRun {
  private let command: Command
  var progress: ProgressDisplay
  /// Why an epoch line could not be written; the run is stopped for it.
  private(set) var outputError: OutputError?
  /// A warning came and `--strict` makes it an error; the run is stopped for it.
  private(set) var failsStrictly = false

  init(command: Command) {
    self.command = command
    progress = ProgressDisplay(streams: command.streams)
  }

  func report(_ event: TrainingEvent, _ cancellation: CancellationFlag) {
    switch event {
    case .step(let report): progress.show(report)
    case .evaluation(let report): progress.show(report)
    case .download(let report): progress.show(report)
    case .message(let message):
      progress.clear()
      command.show(message)
      if message.level == .warning, command.invocation.has(.strict) {
        failsStrictly = true
        cancellation.cancel()
      }
    case .started(let start):
      progress.clear()
      command.note(describe(start))
      if let folder = start.folder { command.note("run folder \(folder)") }
    case .epoch(let report):
      progress.clear()
      do {
        try command.streams.output(report.line + "\n")
      } catch {
        outputError = outputError ?? error
        cancellation.cancel()
      }
      if !command.streams.isQuiet { command.streams.error(describe(report) + "\n") }
    }
  }

  private func describe(_ start: TrainingStart) -> String {
    let from =
      start.firstEpoch > 0 || start.firstStep > 0
      ? ", from step \(start.firstStep) of epoch \(start.firstEpoch)" : ""
    return "training \(start.model), \(counted(start.parameterCount, "parameter")), on "
      + "\(counted(start.sampleCount, "sample")) of \(start.data), batch size \(start.batchSize), "
      + "\(counted(start.stepsPerEpoch, "step")) an epoch, \(counted(start.epochs, "epoch"))\(from); "
      + "\(counted(start.threads, "thread")), \(start.instructionSet)"
  }

  /// The figures behind an epoch line, for standard error.
  private func describe(_ report: EpochReport) -> String {
    let metrics = report.metrics
    var parts = ["mean loss \(lossText(metrics.lossMean))"]
    if let accuracy = metrics.accuracy { parts.append("accuracy \(percent(accuracy))") }
    if let validation = metrics.validation {
      parts.append("validation loss \(lossText(validation.lossMean))")
      if let accuracy = validation.accuracy { parts.append("validation accuracy \(percent(accuracy))") }
    }
    parts.append("\(decimal(metrics.seconds, places: 1)) s, \(grouped(metrics.imagesPerSecond)) images/s")
    if report.isBest { parts.append("best so far") }
    return "  epoch \(metrics.epoch): " + parts.joined(separator: ", ")
  }

  private func percent(_ share: Double) -> String { decimal(100 * share, places: 1) + " %" }
}
