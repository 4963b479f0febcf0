import NNShapes

/// The numbers of a recorded look-up.
struct EmbeddingOperation {
  /// The row whose gradient stays 0.
  let paddingIndex: Int?
}

extension Tape {
  /// Row i of `weight`, (count, dimension), for each i of `indices`, (*): the output is (*, dimension).
  ///
  /// Indices are whole numbers in `Float`. Traps on one that is no row; who gives them sees to that.
  public func embedding(_ indices: Variable, weight: Variable, paddingIndex: Int?) -> Variable {
    let indices = stored(indices, as: .contiguous)
    let (i, w) = (tensor(indices), tensor(weight))
    let (count, dimension) = (w.shape[0], w.shape[1])
    let output = pool.makeTensor(i.shape.appending(dimension))
    for position in 0..<i.count {
      (output.pointer + position * dimension).update(
        from: w.pointer + Tape.row(i.pointer[position], count) * dimension, count: dimension)
    }
    return record(
      .embedding(EmbeddingOperation(paddingIndex: paddingIndex)),
      Node.Inputs(first: weight.index, second: indices.index), output)
  }

  func embeddingBackward(_ operation: EmbeddingOperation, _ node: Node, _ outputGradient: Tensor) {
    guard wantsGradient(node.inputs.first) else { return }
    let (w, i) = (values[node.inputs.first].tensor, values[node.inputs.second].tensor)
    let dimension = w.shape[1]
    let weightGradient = makeZeros(w.shape)
    for position in 0..<i.count {
      let row = Tape.row(i.pointer[position], w.shape[0])
      guard row != operation.paddingIndex else { continue }
      let (sum, gradient) = (
        weightGradient.pointer + row * dimension, outputGradient.pointer + position * dimension
      )
      for element in 0..<dimension { sum[element] += gradient[element] }
    }
    addGradient(weightGradient, to: node.inputs.first)
  }

  private static func row(_ index: Float, _ count: Int) -> Int {
    guard let row = Int(exactly: index), row >= 0, row < count else {
      preconditionFailure("Embedding: \(index) is no row of \(count)")
    }
    return row
  }
}
