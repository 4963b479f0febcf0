/// What follows a convolution in the same pass over its output: y = max(pool(conv), 0).
///
/// A ReLU and a max pooling may come in either order: the results and the gradients are the same.
public struct ConvolutionEpilogue: Hashable, Sendable {
  /// max(y, 0); NaN stays.
  public var relu: Bool
  /// MaxPool2d(2): 2×2 windows at distance 2, a last odd row or column dropped; the first of equal
  /// maxima wins, the last NaN wins. The output is then (N, H'/2, W'/2, O).
  public var pooling: Bool

  public init(relu: Bool, pooling: Bool) {
    self.relu = relu
    self.pooling = pooling
  }

  /// The convolution alone.
  public static let none = ConvolutionEpilogue(relu: false, pooling: false)
}

/// The gradient of a convolution's output, as the backward passes read it.
public struct ConvolutionOutputGradient {
  /// (N, H', W', O); after a pooling (N, H'/2, W'/2, O).
  public var values: UnsafePointer<Float>
  /// After a pooling, which cell of its window each value belongs to, 2·row + column; all other cells
  /// are zeros. Nil where there was no pooling.
  public var argmax: UnsafePointer<UInt8>?

  public init(values: UnsafePointer<Float>, argmax: UnsafePointer<UInt8>?) {
    self.values = values
    self.argmax = argmax
  }
}
