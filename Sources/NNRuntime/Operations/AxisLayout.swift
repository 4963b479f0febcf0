import NNShapes

/// A contiguous tensor seen as (outer, axis, inner), for operations along one dimension.
struct AxisLayout {
  /// The product of the dimensions before it.
  let outer: Int
  /// Its size; 1 for a scalar.
  let axis: Int
  /// The product of the dimensions after it.
  let inner: Int

  /// Traps on a `dim` that `shape` does not have.
  init(_ shape: Shape, dim: Int, _ operation: StaticString) {
    guard let index = shape.resolve(dimension: dim) else {
      preconditionFailure("\(operation)(dim=\(dim)) of \(shape)")
    }
    outer = shape.elementCount(from: 0, to: index)
    axis = shape.rank == 0 ? 1 : shape[index]
    inner = shape.rank == 0 ? 1 : shape.elementCount(from: index + 1, to: shape.rank)
  }
}
