import NNShapes

/// Dimensions `startDim` through `endDim` become one; see ``Tape/flatten(_:startDim:endDim:)``.
public final class Flatten: Layer {
  public let startDim: Int
  public let endDim: Int

  public init(startDim: Int, endDim: Int) {
    self.startDim = startDim
    self.endDim = endDim
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.flatten(input, startDim: startDim, endDim: endDim)
  }
}

/// One dimension becomes several; of `sizes` one may be -1, what is left.
public final class Unflatten: Layer {
  public let dim: Int
  public let sizes: [Int]
  private let known: Int

  /// Traps on more than one -1.
  public init(dim: Int, sizes: [Int]) {
    precondition(sizes.count { $0 < 0 } <= 1, "Unflatten: \(sizes)")
    self.dim = dim
    self.sizes = sizes
    known = sizes.reduce(1) { $1 < 0 ? $0 : $0 * $1 }
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    let shape = tape.shape(input)
    guard let place = shape.resolve(dimension: dim) else {
      preconditionFailure("Unflatten(\(dim)) of \(shape)")
    }
    var result = Shape.scalar
    for index in 0..<shape.rank {
      if index == place {
        for size in sizes { result = result.appending(size < 0 ? shape[index] / known : size) }
      } else {
        result = result.appending(shape[index])
      }
    }
    return tape.reshape(input, result)
  }
}
