import NNData
import NNDiagnostics
import NNModel
import NNShapes

/// A data statement whose samples are in memory.
package struct OpenedData {
  /// One split, or the two that `split=` makes of it.
  package var splits: [Split]
  /// Which source was taken, for the record.
  package var source: TrainingState.Source
  /// Why sources before it were not, one a source.
  package var reasons: [String]

  /// Opens the sources of `data` in the order that `else` joins them and takes the first that is
  /// there or can be fetched.
  ///
  /// Only data that is neither on disk nor to be fetched makes room for the next source; what is
  /// there and wrong, and an interrupt, are errors. `only` names the one source that a resumed run
  /// was trained with. `seed` is the file's, for `split=`. `report` is told, as a warning, when an
  /// `else` is taken.
  package static func open(
    _ data: DataPlan, only: Int? = nil, seed: UInt64, monitor: DownloadMonitor,
    report: (RunMessage) -> Void
  ) throws -> OpenedData {
    var reasons: [String] = []
    for (index, source) in data.sources.enumerated() where only == nil || only == index {
      do {
        let dataset = try open(source.kind, monitor: monitor)
        try check(dataset, against: data, source: source)
        if !reasons.isEmpty {
          report(
            RunMessage(
              .warning,
              "data \(data.name) is \(describe(source.kind)), the file's `else`, because\n"
                + reasons.map { "  \($0)" }.joined(separator: "\n")))
        }
        let record = TrainingState.Source(
          split: data.name, index: index, provenance: dataset.provenance, count: dataset.count)
        return OpenedData(
          splits: try splits(of: dataset, data, source.transforms, seed: seed), source: record,
          reasons: reasons)
      } catch let error as DataError {
        guard error.allowsElse, only == nil, index + 1 < data.sources.count else {
          throw DataFailure(source: describe(source.kind), error: error, span: source.span)
        }
        reasons.append("\(describe(source.kind)): \(error)")
      }
    }
    throw ResumeError.changedData(
      split: data.name, was: "source \((only ?? 0) + 1)", now: "\(data.sources.count) sources")
  }

  private static func open(_ source: DataSourcePlan.Kind, monitor: DownloadMonitor) throws -> Dataset {
    switch source {
    case .cifar10(let root, let train, let download, let batches):
      try CIFAR10.load(
        root: root, train: train, batches: batches, download: download ? monitor : nil)
    case .mnist(let root, let train, let download):
      try MNIST.mnist.load(root: root, train: train, download: download ? monitor : nil)
    case .fashionMNIST(let root, let train, let download):
      try MNIST.fashionMNIST.load(root: root, train: train, download: download ? monitor : nil)
    case .shapes10(let count, let size, let channels, let seed, let train):
      try Shapes10.draw(count: count, size: size, channels: channels, seed: seed, train: train)
    }
  }

  private static func splits(
    of dataset: Dataset, _ data: DataPlan, _ transforms: [TransformPlan], seed: UInt64
  ) throws -> [Split] {
    let whole = Split(
      name: data.name, dataset: dataset, members: nil, batchSize: data.batchSize, shuffle: data.shuffle,
      dropLast: data.dropLast, transforms: transforms)
    guard data.split != nil else { return [whole] }
    let (train, val) = Split.cut(data, count: dataset.count, seed: seed)
    var parts = [whole, whole]
    parts[0].name = "train"
    parts[0].members = train
    parts[1].name = "val"
    parts[1].members = val
    // What is not trained on is read in order and whole.
    parts[1].shuffle = false
    parts[1].dropLast = false
    return parts
  }

  /// The checker has compared the model with what the file says of its data; here the data is held to
  /// that.
  private static func check(_ dataset: Dataset, against data: DataPlan, source: DataSourcePlan) throws {
    let name = describe(source.kind)
    guard dataset.sampleShape == source.imageShape, dataset.classCount == data.classCount else {
      throw DataFailure(
        source: name,
        error: .corrupt(
          file: dataset.provenance, offset: nil,
          reason: "samples of \(dataset.sampleShape.crossed) in \(dataset.classCount) classes, expected "
            + "\(source.imageShape.crossed) in \(data.classCount)"), span: source.span)
    }
  }
}

/// A data set that cannot be used, and where the file names it.
public struct DataFailure: RunFailure {
  /// `CIFAR10("data", train=False)`
  public var source: String
  public var error: DataError
  public var span: Span?

  public var description: String { "\(source): \(error)" }

  public var help: String? {
    error.allowsElse
      ? "an `else` after the source, such as `else Shapes10()`, lets the run go on without it" : nil
  }
}

extension DataError: RunFailure {}
