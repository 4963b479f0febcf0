/// One axis of a transposed convolution: input element i adds to the output elements
/// i·stride - padding + u·dilation, u in 0 ..< kernel.
///
/// Source: PyTorch, `torch.nn.ConvTranspose2d`.
public struct TransposedWindow: Hashable, Sendable {
  /// Kernel size k, at least 1.
  public var kernel: Int
  /// Stride s, at least 1.
  public var stride: Int
  /// Elements p cut off on both sides, at least 0.
  public var padding: Int
  /// Elements added behind, at least 0 and below the stride or the dilation.
  public var outputPadding: Int
  /// Dilation d, at least 1.
  public var dilation: Int

  public init(kernel: Int, stride: Int, padding: Int, outputPadding: Int, dilation: Int) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
  }

  /// (size - 1)·s - 2·p + d·(k - 1) + output_padding + 1; nil where it does not fit in an `Int`.
  public func outputSize(of size: Int) -> Int? {
    let (reach, first) = (size - 1).multipliedReportingOverflow(by: stride)
    let (extent, second) = (kernel - 1).multipliedReportingOverflow(by: dilation)
    let (sum, third) = reach.addingReportingOverflow(extent)
    let (total, fourth) = sum.addingReportingOverflow(outputPadding + 1 - 2 * padding)
    return first || second || third || fourth ? nil : total
  }

  /// The convolution along this axis whose input gradient is this operation: its windows over the
  /// output are the elements of the input. The padding behind makes their number `size` where
  /// `output_padding` leaves a rest.
  public func convolution(over output: Int, windows size: Int) -> WindowGeometry {
    let used = (size - 1) * stride + dilation * (kernel - 1) + 1
    return WindowGeometry(
      kernel: kernel, stride: stride, paddingBefore: padding, paddingAfter: used - output - padding,
      dilation: dilation, ceilMode: false)
  }
}
