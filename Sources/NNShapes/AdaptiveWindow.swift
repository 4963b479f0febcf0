/// One axis of an adaptive pooling: `count` windows that cover `size` elements as evenly as they can.
/// Windows overlap where the one does not divide the other.
///
/// Source: PyTorch, `aten/src/ATen/native/AdaptivePooling.h`.
public struct AdaptiveWindow: Hashable, Sendable {
  /// The elements of the axis.
  public var size: Int
  /// The windows, which is the size of the output.
  public var count: Int

  public init(size: Int, count: Int) {
    self.size = size
    self.count = count
  }

  /// The elements of window i: floor(i·size/count) ..< ceil((i + 1)·size/count).
  @inlinable
  public func range(of window: Int) -> Range<Int> {
    window * size / count..<((window + 1) * size + count - 1) / count
  }
}
