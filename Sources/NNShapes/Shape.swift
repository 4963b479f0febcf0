/// The sizes of a tensor, outermost dimension first, as PyTorch writes them: (N, C, H, W).
///
/// A value without heap storage, so that shapes can be made and passed in a training step for
/// nothing. At most ``maximumRank`` dimensions; every size is at least 0.
public struct Shape: Sendable {
  /// The largest number of dimensions. PyTorch allows 64; nothing in the catalogue makes more than six.
  public static let maximumRank = 8

  @usableFromInline var sizes: InlineArray<8, Int>
  /// The number of dimensions; 0 for a scalar.
  public let rank: Int

  /// The shape with these sizes. Traps on more than ``maximumRank`` sizes or a negative one.
  @inlinable
  public init(_ dimensions: some Collection<Int>) {
    precondition(
      dimensions.count <= Shape.maximumRank, "Shape: \(dimensions.count) dimensions, at most 8")
    sizes = InlineArray(repeating: 1)
    rank = dimensions.count
    var position = 0
    for size in dimensions {
      precondition(size >= 0, "Shape: negative size \(size)")
      sizes[position] = size
      position += 1
    }
  }

  /// The size of dimension `index`, 0 ..< rank.
  @inlinable
  public subscript(index: Int) -> Int {
    precondition(index >= 0 && index < rank, "Shape: dimension \(index) of \(rank)")
    return sizes[index]
  }

  /// The product of all sizes; 1 for a scalar. Traps on overflow: sizes that come from a file are
  /// checked with ``elementCountIfRepresentable`` first.
  @inlinable
  public var elementCount: Int {
    var count = 1
    for index in 0..<rank { count *= sizes[index] }
    return count
  }

  /// The product of all sizes, or nil where it does not fit in an `Int`.
  public var elementCountIfRepresentable: Int? {
    if dimensions.contains(0) { return 0 }
    var count = 1
    for index in 0..<rank {
      let (product, overflow) = count.multipliedReportingOverflow(by: sizes[index])
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// The sizes as an array. Allocates; not for the inner loop.
  public var dimensions: [Int] { (0..<rank).map { sizes[$0] } }

  /// This shape with a batch dimension of `count` in front: (C, H, W) becomes (N, C, H, W).
  public func batched(_ count: Int) -> Shape {
    var result = Shape(count)
    for index in 0..<rank { result = result.appending(sizes[index]) }
    return result
  }

  /// This shape without its first dimension. Traps on a scalar.
  public var withoutFirst: Shape { Shape(dimensions.dropFirst()) }
}

extension Shape: Hashable {
  @inlinable
  public static func == (a: Shape, b: Shape) -> Bool {
    guard a.rank == b.rank else { return false }
    for index in 0..<a.rank where a.sizes[index] != b.sizes[index] { return false }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    for index in 0..<rank { hasher.combine(sizes[index]) }
  }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: CustomStringConvertible {
  /// `(3, 32, 32)`, `(10,)`, `()`: as Python writes a tuple.
  public var description: String {
    let list = dimensions.map(String.init)
    return rank == 1 ? "(\(list[0]),)" : "(\(list.joined(separator: ", ")))"
  }

  /// `3×32×32`, the form of diagnostics and tables; `scalar` without dimensions.
  public var crossed: String {
    rank == 0 ? "scalar" : dimensions.map(String.init).joined(separator: "×")
  }
}
