/// One axis of a sliding window: a convolution's or a pooling's kernel, stride, padding, dilation.
///
/// The output-size formula of every windowed layer lives here and nowhere else.
/// Source: PyTorch, `torch.nn.Conv2d` and `aten/src/ATen/native/Pool.h`.
public struct WindowGeometry: Hashable, Sendable {
  /// Kernel size k, at least 1.
  public var kernel: Int
  /// Stride s, at least 1.
  public var stride: Int
  /// Padding before the first element (left, top), at least 0.
  public var paddingBefore: Int
  /// Padding after the last element (right, bottom); differs from `paddingBefore` for `padding='same'`.
  public var paddingAfter: Int
  /// Dilation d, at least 1.
  public var dilation: Int
  /// Round the number of windows up (pooling only).
  public var ceilMode: Bool

  public init(
    kernel: Int, stride: Int, paddingBefore: Int, paddingAfter: Int, dilation: Int, ceilMode: Bool
  ) {
    self.kernel = kernel
    self.stride = stride
    self.paddingBefore = paddingBefore
    self.paddingAfter = paddingAfter
    self.dilation = dilation
    self.ceilMode = ceilMode
  }

  /// The extent of a dilated kernel, d·(k-1) + 1.
  public var effectiveKernel: Int { dilation * (kernel - 1) + 1 }

  /// The elements of the axis with its padding.
  public func paddedSize(of size: Int) -> Int { size + paddingBefore + paddingAfter }

  /// The number of windows over `size` elements:
  /// floor((size + p_before + p_after - d·(k-1) - 1) / s) + 1, rounded up in `ceilMode`, where a last
  /// window that would start in the right padding is dropped. Below 1 where the window does not fit.
  public func outputSize(of size: Int) -> Int {
    let span = size + paddingBefore + paddingAfter - effectiveKernel
    var count = flooredQuotient(span + (ceilMode ? stride - 1 : 0), stride) + 1
    if ceilMode && (count - 1) * stride >= size + paddingBefore { count -= 1 }
    return count
  }

  /// Whether a window over `size` elements has all its cells in the padding, which a dilation beyond the
  /// axis makes possible.
  public func hasEmptyWindow(over size: Int) -> Bool {
    var start = -paddingBefore
    var windows = outputSize(of: size)
    while start < 0 && windows > 0 {
      windows -= 1
      if start + (-start + dilation - 1) / dilation * dilation >= size { return true }
      start += stride
    }
    return false
  }

  /// How many elements at the end of the axis no window reaches (0 where all are used or the window
  /// does not fit): what `MaxPool2d(2)` on 9 elements silently drops.
  public func unusedTail(of size: Int) -> Int {
    let windows = outputSize(of: size)
    guard windows >= 1 else { return 0 }
    return max(0, size + paddingBefore - ((windows - 1) * stride + effectiveKernel))
  }

  /// The padding pair of `padding='same'`: d·(k-1) in all, the odd element after.
  public static func samePadding(kernel: Int, dilation: Int) -> (before: Int, after: Int) {
    let total = dilation * (kernel - 1)
    return (total / 2, total - total / 2)
  }
}

/// Division rounding toward minus infinity, for a positive divisor: PyTorch's `div_rtn`.
private func flooredQuotient(_ dividend: Int, _ divisor: Int) -> Int {
  let quotient = dividend / divisor
  return dividend % divisor < 0 ? quotient - 1 : quotient
}
