import NNModel
import NNTraining

/// Runs a model text and keeps what the run reports.
final class RunRecorder {
  private(set) var lines: [String] = []
  private(set) var messages: [RunMessage] = []
  private(set) var epochs: [EpochReport] = []
  private(set) var starts: [TrainingStart] = []
  private(set) var evaluations = 0
  let cancellation = CancellationFlag()
  /// Called with each event, after it is kept.
  var onEvent: (TrainingEvent) -> Void = { _ in }

  /// Trains `text` in `folder`; nil writes nothing.
  @discardableResult
  func train(_ text: String, in folder: String?, _ adjust: (inout TrainingOptions) -> Void = { _ in }) throws
    -> TrainingResult
  {
    let plan = try planned(text).plan
    var options = TrainingOptions(stem: "test", resolvedModel: text, folder: folder.map { .at($0) } ?? .none)
    options.threads = 1
    adjust(&options)
    return try Trainer.train(plan, options: options, cancellation: cancellation) { self.keep($0) }
  }

  private func keep(_ event: TrainingEvent) {
    switch event {
    case .message(let message): messages.append(message)
    case .started(let start): starts.append(start)
    case .epoch(let report):
      epochs.append(report)
      lines.append(report.line)
    case .evaluation: evaluations += 1
    case .step, .download: break
    }
    onEvent(event)
  }

  var warnings: [String] { messages.filter { $0.level == .warning }.map(\.text) }
}
