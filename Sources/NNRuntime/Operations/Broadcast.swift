import NNShapes

/// Two contiguous tensors brought to one shape: from the last dimension on, sizes are equal or one of
/// them is 1, and is repeated.
struct Broadcast {
  /// The common shape.
  let shape: Shape
  private let isTrivial: Bool
  private let first: Shape
  private let second: Shape

  /// nil where the shapes do not go together.
  init?(_ a: Shape, _ b: Shape) {
    let rank = max(a.rank, b.rank)
    (first, second) = (Broadcast.padded(a, to: rank), Broadcast.padded(b, to: rank))
    var shape = first
    for index in 0..<rank where first[index] != second[index] {
      guard first[index] == 1 || second[index] == 1 else { return nil }
      shape = shape.replacing(index, with: first[index] == 1 ? second[index] : first[index])
    }
    self.shape = shape
    isTrivial = first == shape && second == shape
  }

  /// Calls `body` for each element of the common shape with its position in both tensors.
  func forEach(_ body: (_ index: Int, _ first: Int, _ second: Int) -> Void) {
    for index in 0..<shape.elementCount {
      if isTrivial {
        body(index, index, index)
      } else {
        body(index, offset(index, in: first), offset(index, in: second))
      }
    }
  }

  private func offset(_ index: Int, in part: Shape) -> Int {
    var (rest, offset, stride) = (index, 0, 1)
    for dimension in (0..<shape.rank).reversed() {
      let coordinate = rest % shape[dimension]
      rest /= shape[dimension]
      if part[dimension] > 1 { offset += coordinate * stride }
      stride *= part[dimension]
    }
    return offset
  }

  /// `shape` with dimensions of 1 in front.
  private static func padded(_ shape: Shape, to rank: Int) -> Shape {
    var result = Shape.scalar
    for _ in shape.rank..<rank { result = result.appending(1) }
    for index in 0..<shape.rank { result = result.appending(shape[index]) }
    return result
  }
}
