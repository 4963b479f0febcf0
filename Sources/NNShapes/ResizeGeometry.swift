/// One axis of a resized map: where the elements of the output come from.
///
/// Source: PyTorch, `aten/src/ATen/native/UpSample.h`, in its float32 arithmetic.
public struct ResizeGeometry: Hashable, Sendable {
  /// Elements of the input, at least 1.
  public var input: Int
  /// Elements of the output.
  public var output: Int
  /// Input elements a step of the output.
  public var scale: Float
  /// The first and last elements of both lie on each other.
  public var alignsCorners: Bool
  /// PyTorch's rule for small maps, height and width of the output at most 128 together: an axis of the same
  /// size or twice it is copied, or each element twice, whatever the factor.
  public var copiesWholeFactors = false

  /// - Parameter factor: `scale_factor` where the layer was given one; nil where it was given a size.
  public init(input: Int, output: Int, factor: Double?, alignsCorners: Bool) {
    self.input = input
    self.output = output
    self.alignsCorners = alignsCorners
    if alignsCorners {
      scale = output > 1 ? Float(input - 1) / Float(output - 1) : 0
    } else {
      scale = factor.map { Float(1 / $0) } ?? Float(input) / Float(max(output, 1))
    }
  }

  /// floor(size · factor); nil where that is no dimension.
  public static func outputSize(of size: Int, factor: Double) -> Int? {
    Int(exactly: (Double(size) * factor).rounded(.down))
  }

  /// The input element that output element `position` copies in mode `nearest`.
  @inlinable
  public func nearest(_ position: Int) -> Int {
    if copiesWholeFactors && output == input { return position }
    if copiesWholeFactors && output == 2 * input { return position / 2 }
    return min(Int(Float(position) * scale), input - 1)
  }

  /// The two input elements that output element `position` lies between in mode `bilinear`, and the
  /// share of the second.
  @inlinable
  public func neighbours(_ position: Int) -> (first: Int, second: Int, share: Float) {
    // An axis of the same size is copied, whatever the factor.
    if output == input { return (position, position, 0) }
    var place = Float(position) * scale
    if !alignsCorners { place = max(0, scale * (Float(position) + 0.5) - 0.5) }
    let first = min(Int(place), input - 1)
    return (first, first < input - 1 ? first + 1 : first, min(max(place - Float(first), 0), 1))
  }
}
