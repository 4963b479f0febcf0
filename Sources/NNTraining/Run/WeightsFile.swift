import NNData
import NNShapes

/// Weights from a `.safetensors` file, held against a model's parameters.
package enum WeightsFile {
  /// A parameter or buffer of the model: its state_dict key and shape, and whether it holds whole numbers.
  package struct Slot: Equatable {
    package var key: String
    package var shape: Shape
    package var isInteger: Bool

    package init(_ key: String, _ shape: Shape, isInteger: Bool = false) {
      self.key = key
      self.shape = shape
      self.isInteger = isInteger
    }
  }

  /// The arrays for the slots, in the order of the slots, from the entries of the file at `path`.
  ///
  /// With `partial`, slots that the file has nothing for are nil, and `report` is told what was left
  /// out of both; otherwise every difference is in one ``WeightsError``.
  package static func match(
    _ entries: [Safetensors.Entry], of path: String, to slots: [Slot], partial: Bool,
    report: (RunMessage) -> Void
  ) throws -> [NumericArray?] {
    let arrays = Dictionary(entries.map { ($0.key, $0.array) }) { first, _ in first }
    let known = Set(slots.map(\.key))
    var differences: [WeightsError.Difference] = []
    let values = slots.map { slot -> NumericArray? in
      guard let array = arrays[slot.key] else {
        // PyTorch takes files from before it counted batches, too.
        if slot.isInteger && slot.key.hasSuffix("num_batches_tracked") { return nil }
        differences.append(.init(key: slot.key, file: nil, model: "\(slot.shape)"))
        return nil
      }
      let isRightType = slot.isInteger ? array.integers != nil : array.isFloatingPoint
      guard array.shape == slot.shape, isRightType else {
        let type = isRightType ? "" : "\(array.dtype) "
        differences.append(.init(key: slot.key, file: "\(type)\(array.shape)", model: "\(slot.shape)"))
        return nil
      }
      return array
    }
    for entry in entries where !known.contains(entry.key) {
      differences.append(.init(key: entry.key, file: "\(entry.array.shape)", model: nil))
    }
    guard !differences.isEmpty else { return values }
    let error = WeightsError(path: path, differences: differences)
    guard partial else { throw error }
    let taken = values.count { $0 != nil }
    report(
      RunMessage(
        .warning, "\(path): took \(taken) of the model's \(slots.count) tensors, left out:\n\(error.list)"))
    return values
  }
}

extension NumericArray {
  fileprivate var isFloatingPoint: Bool {
    switch storage {
    case .float32, .float64: true
    case .int64, .int32, .uint8, .bool: false
    }
  }
}

/// Weights that do not fit the model.
public struct WeightsError: RunFailure, Equatable {
  /// One key that the two do not agree in.
  public struct Difference: Sendable, Equatable {
    public var key: String
    /// The shape (and type, where that is the matter) in the file; nil where it has no such key.
    public var file: String?
    /// The shape in the model; nil where it has no such key.
    public var model: String?

    public init(key: String, file: String?, model: String?) {
      self.key = key
      self.file = file
      self.model = model
    }
  }

  public var path: String
  /// The model's keys first, in its order.
  public var differences: [Difference]

  public var description: String { "\(path) does not fit the model:\n\(list)" }

  /// A line a key.
  var list: String {
    differences.map { difference in
      switch (difference.file, difference.model) {
      case (let file?, let model?): "  \(difference.key): \(file) in the file, \(model) in the model"
      case (let file?, nil): "  \(difference.key): \(file) in the file, not in the model"
      case (nil, let model): "  \(difference.key): not in the file, \(model ?? "?") in the model"
      }
    }.joined(separator: "\n")
  }

  public var help: String? { "--partial takes what fits" }
}
