import NNShapes

extension Tape {
  /// Dimensions `startDim` through `endDim` become one, in PyTorch's order of elements; both may count
  /// from the end. (N, C, H, W) with 1 through -1 gives (N, C·H·W), a scalar gives (1,).
  public func flatten(_ input: Variable, startDim: Int, endDim: Int) -> Variable {
    let shape = shape(input)
    guard let first = shape.resolve(dimension: startDim), let last = shape.resolve(dimension: endDim),
      first <= last
    else { preconditionFailure("Flatten(\(startDim), \(endDim)) of \(shape)") }
    return reshape(input, shape.rank == 0 ? Shape(1) : shape.flattened(from: first, through: last))
  }

  /// The same values, in PyTorch's order of elements, under another shape: a view of the memory.
  /// Traps where the number of elements differs.
  public func reshape(_ input: Variable, _ shape: Shape) -> Variable {
    let contiguous = stored(input, as: .contiguous)
    return record(
      .reshape, Node.Inputs(first: contiguous.index), tensor(contiguous).relabeled(shape, .contiguous))
  }

  func reshapeBackward(_ node: Node, _ outputGradient: Tensor) {
    let shape = values[node.inputs.first].tensor.shape
    addGradient(outputGradient.relabeled(shape, .contiguous), to: node.inputs.first)
  }
}
