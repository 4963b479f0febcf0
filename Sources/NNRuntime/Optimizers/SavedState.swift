import NNShapes

/// A saved optimizer state while it is taken apart: what is left at the end belongs to nobody.
struct SavedState {
  private var buffers: [String: StateEntry] = [:]
  private var scalars: [String: Double] = [:]

  /// Throws on a name that comes twice.
  init(_ state: OptimizerState) throws(OptimizerStateError) {
    for entry in state.buffers {
      guard buffers.updateValue(entry, forKey: entry.name) == nil else { throw .unexpected(entry.name) }
    }
    for scalar in state.scalars {
      guard scalars.updateValue(scalar.value, forKey: scalar.name) == nil else {
        throw .unexpected(scalar.name)
      }
    }
  }

  /// The buffer of this name, nil where none is saved.
  mutating func takeBuffer(_ name: String, _ shape: Shape) throws(OptimizerStateError) -> StateEntry? {
    guard let entry = buffers.removeValue(forKey: name) else { return nil }
    guard entry.shape == shape else { throw .shape(name) }
    return entry
  }

  /// A number of steps; 0 where none is saved.
  mutating func takeStep(_ name: String) throws(OptimizerStateError) -> Int {
    guard let value = scalars.removeValue(forKey: name) else { return 0 }
    guard let step = Int(exactly: value), step >= 1 else { throw .step(name, value) }
    return step
  }

  /// A number that has to be there.
  mutating func takeNumber(_ name: String) throws(OptimizerStateError) -> Double {
    guard let value = scalars.removeValue(forKey: name) else { throw .missing(name) }
    return value
  }

  func expectNothingLeft() throws(OptimizerStateError) {
    if let name = (buffers.keys.sorted() + scalars.keys.sorted()).first { throw .unexpected(name) }
  }
}

extension Tensor {
  /// The tensor as it is saved.
  func entry(_ name: String) -> StateEntry { StateEntry(name: name, shape: shape, values: values) }
}
