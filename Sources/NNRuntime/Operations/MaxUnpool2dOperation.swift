import NNShapes

extension Tape {
  /// Each value at the place h·W + w that `indices` names in its plane, 0 elsewhere; of equal places the last
  /// value stays.
  ///
  /// `input` (N, C, H, W) or (C, H, W) and `indices` of the same shape; the output has maps of `height` ×
  /// `width`. Traps on an index outside of them.
  public func maxUnpool2d(_ input: Variable, _ indices: IndexTensor, height: Int, width: Int) -> Variable {
    let input = stored(input, as: .contiguous)
    let x = tensor(input)
    let rank = x.shape.rank
    precondition(indices.shape == x.shape, "MaxUnpool2d: indices \(indices.shape) of values \(x.shape)")
    let output = makeZeros(x.shape.replacing(rank - 2, with: height).replacing(rank - 1, with: width))
    forEachPlace(of: x.shape, indices.pointer, plane: height * width) { source, target in
      output.pointer[target] = x.pointer[source]
    }
    return record(.maxUnpool2d, Node.Inputs(first: input.index), output, saved: indices.storage)
  }

  /// Each value's gradient is that of its place.
  func maxUnpool2dBackward(_ node: Node, _ outputGradient: Tensor) {
    guard let indices = node.saved else { return }
    let shape = values[node.inputs.first].tensor.shape
    let inputGradient = pool.makeTensor(shape)
    let rank = shape.rank
    let plane = outputGradient.shape[rank - 2] * outputGradient.shape[rank - 1]
    forEachPlace(of: shape, indices.int64s, plane: plane) { source, target in
      inputGradient.pointer[source] = outputGradient.pointer[target]
    }
    addGradient(inputGradient, to: node.inputs.first)
  }

  private func forEachPlace(
    of shape: Shape, _ indices: UnsafePointer<Int64>, plane: Int,
    _ body: (_ source: Int, _ target: Int) -> Void
  ) {
    let map = shape[shape.rank - 2] * shape[shape.rank - 1]
    for source in 0..<shape.elementCount {
      let place = Int(indices[source])
      precondition(place >= 0 && place < plane, "MaxUnpool2d: index \(place) in a plane of \(plane)")
      body(source, source / map * plane + place)
    }
  }
}
