extension Shape {
  /// The shape of a scalar, ().
  public static let scalar = Shape(EmptyCollection<Int>())

  /// (a,), without an array on the way.
  @inlinable
  public init(_ a: Int) { self.init(CollectionOfOne(a)) }

  /// (a, b), without an array on the way.
  @inlinable
  public init(_ a: Int, _ b: Int) { self = Shape(a).appending(b) }

  /// (a, b, c), without an array on the way.
  @inlinable
  public init(_ a: Int, _ b: Int, _ c: Int) { self = Shape(a).appending(b).appending(c) }

  /// (a, b, c, d), without an array on the way.
  @inlinable
  public init(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
    self = Shape(a).appending(b).appending(c).appending(d)
  }

  /// This shape with one more dimension at the end. Traps on more than ``maximumRank``.
  @inlinable
  public func appending(_ size: Int) -> Shape {
    precondition(rank < Shape.maximumRank, "Shape: more than 8 dimensions")
    precondition(size >= 0, "Shape: negative size \(size)")
    var result = Shape(rank: rank + 1, copying: self)
    result.sizes[rank] = size
    return result
  }

  /// This shape with `size` in place of dimension `index`.
  @inlinable
  public func replacing(_ index: Int, with size: Int) -> Shape {
    precondition(index >= 0 && index < rank, "Shape: dimension \(index) of \(rank)")
    precondition(size >= 0, "Shape: negative size \(size)")
    var result = self
    result.sizes[index] = size
    return result
  }

  /// This shape without dimension `index`.
  @inlinable
  public func removing(_ index: Int) -> Shape {
    precondition(index >= 0 && index < rank, "Shape: dimension \(index) of \(rank)")
    var result = Shape(rank: rank - 1, copying: self)
    for position in index..<rank - 1 { result.sizes[position] = sizes[position + 1] }
    result.sizes[rank - 1] = 1
    return result
  }

  /// This shape with the dimensions `first` through `last` replaced by their product.
  @inlinable
  public func flattened(from first: Int, through last: Int) -> Shape {
    precondition(first >= 0 && first <= last && last < rank, "Shape: flatten \(first)...\(last) of \(rank)")
    var result = replacing(first, with: elementCount(from: first, to: last + 1))
    for _ in first..<last { result = result.removing(first + 1) }
    return result
  }

  /// The product of the sizes `first` ..< `end`; 1 where there are none.
  @inlinable
  public func elementCount(from first: Int, to end: Int) -> Int {
    var count = 1
    for index in first..<end { count *= sizes[index] }
    return count
  }

  /// Dimension `index` counted from the front, where a negative one counts from the end; nil out of
  /// range. A scalar has dimensions 0 and -1, as in PyTorch.
  @inlinable
  public func resolve(dimension index: Int) -> Int? {
    let count = rank < 1 ? 1 : rank
    guard index >= -count && index < count else { return nil }
    return index < 0 ? index + count : index
  }

  @usableFromInline
  init(rank: Int, copying other: Shape) {
    sizes = other.sizes
    self.rank = rank
  }
}
