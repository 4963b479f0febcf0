import NNData
import NNRuntime
import NNShapes

// The state file: a safetensors file whose tensors are the weights, the optimizer's buffers and the
// generators, and whose metadata are the numbers and texts. Doubles are written as the shortest
// decimals that read back to the same bits.

extension TrainingState {
  /// Counts up when the meaning of a key changes.
  private static let format = "nnrun-state-1"

  private enum Prefix {
    static let model = "model."
    static let optimizer = "optimizer."
  }

  var file: Safetensors {
    var metadata: [String: String] = [
      "format": Self.format, "plan": plan.joined(separator: "\n"), "instruction_set": instructionSet,
      "convolution": convolution,
      "epoch": "\(progress.epoch)", "batch": "\(progress.batch)", "step": "\(progress.step)",
      "loss_sum": "\(progress.lossSum)", "sample_loss_sum": "\(progress.sampleLossSum)",
      "samples": "\(progress.samples)", "correct": "\(progress.correct)",
      "seconds": "\(progress.seconds)", "metrics_length": "\(log.metricsLength)",
      "events_name": log.eventsName, "events_length": "\(log.eventsLength)",
      "sources": "\(sources.count)",
    ]
    if let best {
      metadata["best_epoch"] = "\(best.epoch)"
      metadata["best_loss"] = "\(best.loss)"
    }
    for (index, source) in sources.enumerated() {
      metadata["source.\(index).split"] = source.split
      metadata["source.\(index).index"] = "\(source.index)"
      metadata["source.\(index).provenance"] = source.provenance
      metadata["source.\(index).count"] = "\(source.count)"
    }
    var entries = weights.map { Safetensors.Entry(key: Prefix.model + $0.key, array: $0.array) }
    entries += optimizer.map { Safetensors.Entry(key: Prefix.optimizer + $0.key, array: $0.array) }
    for (name, numbers) in [("epoch_losses", epochLosses), ("schedule", schedule)] {
      entries.append(
        Safetensors.Entry(
          key: name, array: NumericArray(shape: [numbers.count], storage: .float64(numbers))))
    }
    for (name, state) in [("generator", generator), ("epoch_generator", epochGenerator)] {
      let words = state.words.map { Int32(bitPattern: $0) }
      entries.append(
        Safetensors.Entry(key: name, array: NumericArray(shape: [words.count], storage: .int32(words))))
      metadata["\(name).position"] = "\(state.position)"
      if let normal = state.cachedNormal { metadata["\(name).normal"] = "\(normal)" }
    }
    return Safetensors(entries: entries, metadata: metadata)
  }

  /// Reads a state file. Throws ``DataError`` where the file cannot be read and ``StateFileError``
  /// where it is not a state file.
  package init(path: String) throws {
    try self.init(StateFileReader(path: path, file: Safetensors.read(path)))
  }

  private init(_ reader: StateFileReader) throws {
    guard try reader.text("format") == Self.format else {
      throw StateFileError(path: reader.path, reason: "it was written by another version of nnrun")
    }
    plan = try reader.text("plan").split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    instructionSet = try reader.text("instruction_set")
    // Files from before there was a choice do not name it.
    convolution = reader.metadata["convolution"] ?? ConvolutionMethod.direct.rawValue
    progress = Progress()
    progress.epoch = try reader.count("epoch")
    progress.batch = try reader.count("batch")
    progress.step = try reader.count("step")
    progress.lossSum = try reader.number("loss_sum")
    progress.sampleLossSum = try reader.number("sample_loss_sum")
    progress.samples = try reader.count("samples")
    progress.correct = try reader.count("correct")
    progress.seconds = try reader.number("seconds")
    best = try reader.metadata["best_epoch"].map { _ in
      Best(epoch: try reader.count("best_epoch"), loss: try reader.number("best_loss"))
    }
    sources = []
    for index in 0..<(try reader.count("sources")) {
      sources.append(
        Source(
          split: try reader.text("source.\(index).split"), index: try reader.count("source.\(index).index"),
          provenance: try reader.text("source.\(index).provenance"),
          count: try reader.count("source.\(index).count")))
    }
    log = RunLog.Position(
      metricsLength: try reader.count("metrics_length"), eventsName: try reader.fileName("events_name"),
      eventsLength: try reader.count("events_length"))
    epochLosses = try reader.doubles("epoch_losses")
    schedule = try reader.doubles("schedule")
    generator = try reader.generator("generator")
    epochGenerator = try reader.generator("epoch_generator")
    weights = reader.entries(Prefix.model)
    optimizer = reader.entries(Prefix.optimizer)
  }
}

/// Looks values up in a state file; each that is missing or malformed is an error that names it.
private struct StateFileReader {
  var path: String
  var metadata: [String: String]
  private var arrays: [Safetensors.Entry]

  init(path: String, file: Safetensors) {
    self.path = path
    metadata = file.metadata
    arrays = file.entries
  }

  func text(_ key: String) throws -> String {
    guard let value = metadata[key] else { throw StateFileError(path: path, reason: "it lacks \(key)") }
    return value
  }

  func count(_ key: String) throws -> Int {
    guard let value = Int(try text(key)), value >= 0 else { throw malformed(key) }
    return value
  }

  func number(_ key: String) throws -> Double {
    guard let value = Double(try text(key)) else { throw malformed(key) }
    return value
  }

  /// A name in the run folder, which must not lead out of it.
  func fileName(_ key: String) throws -> String {
    let name = try text(key)
    guard !name.isEmpty, name != ".", name != "..", !name.contains("/"), !name.contains("\0") else {
      throw malformed(key)
    }
    return name
  }

  func doubles(_ key: String) throws -> [Double] {
    guard case .float64(let values)? = arrays.first(where: { $0.key == key })?.array.storage else {
      throw malformed(key)
    }
    return values
  }

  func generator(_ key: String) throws -> Generator.State {
    guard case .int32(let words)? = arrays.first(where: { $0.key == key })?.array.storage else {
      throw malformed(key)
    }
    let state = Generator.State(
      words: words.map { UInt32(bitPattern: $0) }, position: try count("\(key).position"),
      cachedNormal: try metadata["\(key).normal"].map { _ in try number("\(key).normal") })
    guard Generator(state: state) != nil else { throw malformed(key) }
    return state
  }

  /// The tensors whose keys begin with `prefix`, without it.
  func entries(_ prefix: String) -> [Safetensors.Entry] {
    arrays.filter { $0.key.hasPrefix(prefix) }.map {
      Safetensors.Entry(key: String($0.key.dropFirst(prefix.count)), array: $0.array)
    }
  }

  private func malformed(_ key: String) -> StateFileError {
    StateFileError(path: path, reason: "\(key) is missing or malformed")
  }
}

/// A file that is not the state of a run.
public struct StateFileError: RunFailure, Equatable {
  public var path: String
  public var reason: String

  public var description: String { "\(path) is not a state file that nnrun can go on from: \(reason)" }
}
