/// Everything a 2-D pooling kernel needs to know, resolved to numbers.
///
/// Input (N, C, H, W), output (N, C, H', W') with H' and W' from ``WindowGeometry/outputSize(of:)``.
public struct Pool2dGeometry: Hashable, Sendable {
  /// N, the images of a batch.
  public let batch: Int
  /// C.
  public let channels: Int
  /// H.
  public let inputHeight: Int
  /// W.
  public let inputWidth: Int
  /// The vertical axis.
  public let vertical: WindowGeometry
  /// The horizontal axis.
  public let horizontal: WindowGeometry
  /// H'.
  public let outputHeight: Int
  /// W'.
  public let outputWidth: Int

  /// Traps where a window does not fit: the checker has seen to it.
  public init(
    batch: Int, channels: Int, inputHeight: Int, inputWidth: Int,
    vertical: WindowGeometry, horizontal: WindowGeometry
  ) {
    self.batch = batch
    self.channels = channels
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.vertical = vertical
    self.horizontal = horizontal
    outputHeight = vertical.outputSize(of: inputHeight)
    outputWidth = horizontal.outputSize(of: inputWidth)
    precondition(
      outputHeight >= 1 && outputWidth >= 1,
      "pooling: \(inputHeight)×\(inputWidth) gives \(outputHeight)×\(outputWidth)")
  }

  /// Elements of the input of the whole batch.
  public var inputCount: Int { batch * channels * inputHeight * inputWidth }
  /// Elements of the output of the whole batch.
  public var outputCount: Int { batch * channels * outputHeight * outputWidth }
}
