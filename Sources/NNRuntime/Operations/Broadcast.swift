import NNShapes

/// A contiguous tensor repeated to a larger shape: from the last dimension on, its sizes are those of the
/// shape, or 1 and repeated; leading dimensions may be missing.
struct Broadcast {
  let shape: Shape
  private let isTrivial: Bool
  /// The tensor's shape with dimensions of 1 in front.
  private let part: Shape

  /// nil where `part` cannot be repeated to `shape`.
  init?(_ part: Shape, to shape: Shape) {
    guard part.rank <= shape.rank else { return nil }
    var padded = Shape.scalar
    for _ in part.rank..<shape.rank { padded = padded.appending(1) }
    for index in 0..<part.rank { padded = padded.appending(part[index]) }
    for index in 0..<shape.rank where padded[index] != shape[index] && padded[index] != 1 { return nil }
    self.part = padded
    self.shape = shape
    isTrivial = padded == shape
  }

  /// Calls `body` for each element of the shape, in order, with its position in the tensor.
  @inline(__always)
  func forEach(_ body: (_ index: Int, _ position: Int) -> Void) {
    let count = shape.elementCount
    if isTrivial {
      for index in 0..<count { body(index, index) }
    } else {
      for index in 0..<count { body(index, position(of: index)) }
    }
  }

  private func position(of index: Int) -> Int {
    var (rest, position, stride) = (index, 0, 1)
    for dimension in (0..<shape.rank).reversed() {
      let coordinate = rest % shape[dimension]
      rest /= shape[dimension]
      if part[dimension] > 1 { position += coordinate * stride }
      stride *= part[dimension]
    }
    return position
  }
}
