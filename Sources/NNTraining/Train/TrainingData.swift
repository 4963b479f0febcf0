import NNData
import NNModel
import NNRuntime
import NNShapes

/// The splits that a run uses, in memory.
struct TrainingData {
  let training: Split
  let validation: Split?
  let sources: [TrainingState.Source]
  /// Why a source was passed over for its `else`, in words, by the name of the data.
  let reasons: [(split: String, reasons: [String])]

  /// Opens what `task` trains on and validates on; with `sources`, those of the run that is resumed,
  /// which must be there again.
  static func open(
    _ task: TrainingTask, seed: UInt64, sources: [TrainingState.Source]?, cancellation: CancellationFlag,
    report: @escaping (TrainingEvent) -> Void
  ) throws -> TrainingData {
    // Transfers run on this thread and end before `open` does.
    nonisolated(unsafe) let report = report
    let monitor = DownloadMonitor(
      progress: { url, received, total in
        let file = url.split(separator: "/").last.map(String.init) ?? url
        report(.download(DownloadReport(file: file, receivedBytes: received, totalBytes: total)))
      }, isCancelled: { cancellation.isCancelled })
    func open(_ data: DataPlan) throws -> OpenedData {
      let before = sources?.first { $0.split == data.name }
      let opened = try OpenedData.open(data, only: before?.index, seed: seed, monitor: monitor) {
        report(.message($0))
      }
      if let before, before != opened.source {
        throw ResumeError.changedData(
          split: data.name, was: "\(before.count) samples, \(before.provenance)",
          now: "\(opened.source.count) samples, \(opened.source.provenance)")
      }
      return opened
    }
    let main = try open(task.data)
    guard let training = main.splits.first else { throw TrainingError.missing("data train") }
    guard training.batchCount > 0 else {
      throw TrainingError.noBatch(
        split: training.name, samples: training.count, batchSize: training.batchSize)
    }
    var opened = [main]
    var validation: Split?
    if let data = task.validation {
      if data.split != nil {
        validation = main.splits.first { $0.name == task.train.validate }
      } else if data.name == task.data.name {
        validation = training
      } else {
        opened.append(try open(data))
        validation = opened.last?.splits.first
      }
    }
    if let validation, validation.batchCount == 0 {
      throw TrainingError.noBatch(
        split: validation.name, samples: validation.count, batchSize: validation.batchSize)
    }
    return TrainingData(
      training: training, validation: validation, sources: opened.map(\.source),
      reasons: opened.map { ($0.source.split, $0.reasons) })
  }
}
