import NNShapes

/// A saved tensor: its key, its shape, and its values in contiguous order.
public struct StateEntry: Equatable, Sendable {
  public let name: String
  public let shape: Shape
  /// Empty for a tensor of whole numbers.
  public let values: [Float]
  /// The values of a tensor of whole numbers; nil for one of floats.
  public let integers: [Int64]?

  /// Traps where the number of values is not the shape's.
  public init(name: String, shape: Shape, values: [Float]) {
    precondition(values.count == shape.elementCount, "\(name): \(values.count) values for \(shape)")
    self.name = name
    self.shape = shape
    self.values = values
    integers = nil
  }

  /// Traps where the number of values is not the shape's.
  public init(name: String, shape: Shape, integers: [Int64]) {
    precondition(integers.count == shape.elementCount, "\(name): \(integers.count) values for \(shape)")
    self.name = name
    self.shape = shape
    values = []
    self.integers = integers
  }
}

/// A tensor of a layer that is saved.
public enum StateTensor {
  case floats(Tensor)
  case integers(IndexTensor)

  public var shape: Shape {
    switch self {
    case .floats(let tensor): tensor.shape
    case .integers(let tensor): tensor.shape
    }
  }

  public var isInteger: Bool {
    if case .integers = self { return true }
    return false
  }

  func entry(_ name: String) -> StateEntry {
    switch self {
    case .floats(let tensor): StateEntry(name: name, shape: tensor.shape, values: tensor.values)
    case .integers(let tensor): StateEntry(name: name, shape: tensor.shape, integers: tensor.values)
    }
  }

  /// Takes the values of an entry of the same shape and kind.
  func take(_ entry: StateEntry) {
    switch (self, entry.integers) {
    case (.floats(let tensor), nil): tensor.setValues(entry.values)
    case (.integers(let tensor), let integers?):
      for (index, value) in integers.enumerated() { tensor.pointer[index] = value }
    default: preconditionFailure("\(entry.name): floats and whole numbers")
    }
  }

  func fits(_ entry: StateEntry) -> Bool { entry.shape == shape && (entry.integers != nil) == isInteger }
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
    stateTensors.map { $0.tensor.entry($0.name) }
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
      if let entry = saved[name], tensor.fits(entry) { tensor.take(entry) }
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
        if !tensor.fits(entry) {
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
  public var stateTensors: [(name: String, tensor: StateTensor)] {
    ownParameters.map { ($0.name, .floats($0.parameter.value)) } + ownBuffers.map { ($0.name, $0.tensor) }
      + children.flatMap { key, layer in
        layer.stateTensors.map { ("\(key).\($0.name)", $0.tensor) }
      }
  }
}
