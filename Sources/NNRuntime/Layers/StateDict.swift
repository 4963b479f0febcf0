import NNShapes

/// A saved tensor: its key, its shape, and its values in contiguous order.
public struct StateEntry: Equatable, Sendable {
  public let name: String
  public let shape: Shape
  public let values: [Float]

  /// Traps where the number of values is not the shape's.
  public init(name: String, shape: Shape, values: [Float]) {
    precondition(values.count == shape.elementCount, "\(name): \(values.count) values for \(shape)")
    self.name = name
    self.shape = shape
    self.values = values
  }
}

/// How saved tensors differ from those of a model.
public struct StateDictDifferences: Equatable, Sendable {
  /// Keys of the model that are not saved.
  public var missing: [String] = []
  /// Saved keys that the model lacks.
  public var unexpected: [String] = []
  /// Keys with another shape in the model (`expected`) than saved (`found`).
  public var mismatched: [Mismatch] = []

  public struct Mismatch: Equatable, Sendable {
    public let name: String
    public let expected: Shape
    public let found: Shape
  }

  public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && mismatched.isEmpty }
}

/// Saved tensors that do not fit a model.
public struct StateDictError: Error, Equatable, CustomStringConvertible {
  public let differences: StateDictDifferences

  public var description: String {
    var lines: [String] = []
    if !differences.missing.isEmpty {
      lines.append("missing: \(differences.missing.joined(separator: ", "))")
    }
    if !differences.unexpected.isEmpty {
      lines.append("unexpected: \(differences.unexpected.joined(separator: ", "))")
    }
    for entry in differences.mismatched {
      lines.append("\(entry.name) is \(entry.found) in the file and \(entry.expected) in the model")
    }
    return "the weights do not fit the model\n  " + lines.joined(separator: "\n  ")
  }
}

extension Layer {
  /// All parameters and buffers, in PyTorch's order and layout: layer by layer, parameters first.
  public var stateDict: [StateEntry] {
    stateTensors.map { StateEntry(name: $0.name, shape: $0.tensor.shape, values: $0.tensor.values) }
  }

  /// Takes every value from `entries`. Throws, and changes nothing, unless they are exactly the keys
  /// and shapes of ``stateDict``.
  public func load(_ entries: [StateEntry]) throws(StateDictError) {
    let differences = differences(from: entries)
    guard differences.isEmpty else { throw StateDictError(differences: differences) }
    _ = loadMatching(entries)
  }

  /// Takes the values that fit, and says which do not.
  public func loadMatching(_ entries: [StateEntry]) -> StateDictDifferences {
    let saved = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
    for (name, tensor) in stateTensors {
      if let entry = saved[name], entry.shape == tensor.shape { tensor.setValues(entry.values) }
    }
    return differences(from: entries)
  }

  /// What ``load(_:)`` would complain about.
  public func differences(from entries: [StateEntry]) -> StateDictDifferences {
    let saved = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
    var differences = StateDictDifferences()
    var known: Set<String> = []
    for (name, tensor) in stateTensors {
      known.insert(name)
      if let entry = saved[name] {
        if entry.shape != tensor.shape {
          differences.mismatched.append(
            .init(name: name, expected: tensor.shape, found: entry.shape))
        }
      } else {
        differences.missing.append(name)
      }
    }
    differences.unexpected = entries.map(\.name).filter { !known.contains($0) }
    return differences
  }

  /// Parameters and buffers by key, each layer's own before those of the layers inside it.
  private var stateTensors: [(name: String, tensor: Tensor)] {
    ownParameters.map { ($0.name, $0.parameter.value) } + ownBuffers.map { ($0.name, $0.tensor) }
      + children.flatMap { key, layer in
        layer.stateTensors.map { ("\(key).\($0.name)", $0.tensor) }
      }
  }
}
