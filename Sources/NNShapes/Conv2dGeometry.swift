/// Everything a 2-D convolution kernel needs to know, resolved to numbers.
///
/// Input (N, C, H, W), weight (O, C/groups, kH, kW), output (N, O, H', W') with H' and W' from
/// ``WindowGeometry/outputSize(of:)``. Group g maps the input channels g·C/G ..< (g+1)·C/G to the
/// output channels g·O/G ..< (g+1)·O/G. Cross-correlation: the kernel is not flipped.
public struct Conv2dGeometry: Hashable, Sendable {
  /// N, the images of a batch.
  public let batch: Int
  /// C.
  public let inputChannels: Int
  /// H.
  public let inputHeight: Int
  /// W.
  public let inputWidth: Int
  /// O.
  public let outputChannels: Int
  /// Divides both C and O.
  public let groups: Int
  /// The vertical axis: kH, stride, padding top and bottom, dilation.
  public let vertical: WindowGeometry
  /// The horizontal axis: kW, stride, padding left and right, dilation.
  public let horizontal: WindowGeometry
  /// H'.
  public let outputHeight: Int
  /// W'.
  public let outputWidth: Int

  /// Traps where the channels do not divide by `groups` or a window does not fit: the checker has
  /// seen to both.
  public init(
    batch: Int, inputChannels: Int, inputHeight: Int, inputWidth: Int, outputChannels: Int,
    groups: Int, vertical: WindowGeometry, horizontal: WindowGeometry
  ) {
    precondition(
      groups >= 1 && inputChannels % groups == 0 && outputChannels % groups == 0,
      "Conv2d: \(inputChannels)→\(outputChannels) channels in \(groups) groups")
    self.batch = batch
    self.inputChannels = inputChannels
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.outputChannels = outputChannels
    self.groups = groups
    self.vertical = vertical
    self.horizontal = horizontal
    outputHeight = vertical.outputSize(of: inputHeight)
    outputWidth = horizontal.outputSize(of: inputWidth)
    precondition(
      outputHeight >= 1 && outputWidth >= 1,
      "Conv2d: \(inputHeight)×\(inputWidth) gives \(outputHeight)×\(outputWidth)")
  }

  /// C / groups.
  public var groupInputChannels: Int { inputChannels / groups }
  /// O / groups.
  public var groupOutputChannels: Int { outputChannels / groups }
  /// kH · kW · C/groups, the multiply-adds of one output value.
  public var multiplyAddsPerOutput: Int { vertical.kernel * horizontal.kernel * groupInputChannels }
  /// Elements of the input of the whole batch.
  public var inputCount: Int { batch * inputChannels * inputHeight * inputWidth }
  /// Elements of the output of the whole batch.
  public var outputCount: Int { batch * outputChannels * outputHeight * outputWidth }
  /// Elements of the output after a 2×2 max pooling, of the whole batch.
  public var pooledCount: Int { batch * outputChannels * (outputHeight / 2) * (outputWidth / 2) }
  /// Elements of the weight.
  public var weightCount: Int { outputChannels * multiplyAddsPerOutput }
}
