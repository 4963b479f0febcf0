import NNShapes

// The arguments of layers that slide windows over sequences and images. Of a sequence the first of a pair
// is that of a single row: 1, or 0 for padding.

/// `Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True, padding_mode='zeros')`,
/// and `Conv1d` likewise.
public struct ConvolutionConfiguration: Hashable, Sendable {
  public enum Padding: Hashable, Sendable {
    case size(Size2d)
    /// The output is as large as the input; the odd element goes right and below.
    case same
    /// None.
    case valid
  }

  public var axes: SpatialAxes
  public var inChannels: Int
  public var outChannels: Int
  public var kernelSize: Size2d
  public var stride: Size2d
  public var padding: Padding
  public var dilation: Size2d
  public var groups: Int
  public var bias: Bool
  public var paddingMode: PaddingMode
}

/// `ConvTranspose2d(in_channels, out_channels, kernel_size, stride=1, padding=0, output_padding=0, groups=1, bias=True, dilation=1)`,
/// and `ConvTranspose1d` likewise.
public struct ConvTransposeConfiguration: Hashable, Sendable {
  public var axes: SpatialAxes
  public var inChannels: Int
  public var outChannels: Int
  public var kernelSize: Size2d
  public var stride: Size2d
  public var padding: Size2d
  public var outputPadding: Size2d
  public var groups: Int
  public var bias: Bool
  public var dilation: Size2d
}

/// `MaxPool2d(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)`, and
/// `MaxPool1d` likewise.
public struct MaxPoolConfiguration: Hashable, Sendable {
  public var axes: SpatialAxes
  public var kernelSize: Size2d
  public var stride: Size2d
  public var padding: Size2d
  public var dilation: Size2d
  public var returnIndices: Bool
  public var ceilMode: Bool
}

/// `MaxUnpool2d(kernel_size, stride=None, padding=0)`, with the size of the output where the arguments leave
/// it open.
public struct MaxUnpool2dConfiguration: Hashable, Sendable {
  public var kernelSize: Size2d
  public var stride: Size2d
  public var padding: Size2d
  public var outputSize: Size2d?
}

/// `AvgPool2d(kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None)`,
/// and `AvgPool1d` likewise.
public struct AvgPoolConfiguration: Hashable, Sendable {
  public var axes: SpatialAxes
  public var kernelSize: Size2d
  public var stride: Size2d
  public var padding: Size2d
  public var ceilMode: Bool
  public var countIncludePad: Bool
  public var divisorOverride: Int?
}

/// `AdaptiveAvgPool2d(output_size)`, `AdaptiveAvgPool1d(output_size)`, and
/// `AdaptiveMaxPool2d(output_size, return_indices=False)`.
public struct AdaptivePoolConfiguration: Hashable, Sendable {
  public var axes: SpatialAxes
  /// Nil keeps the input's.
  public var height: Int?
  public var width: Int?
  public var returnIndices: Bool
}

/// `LPPool2d(norm_type, kernel_size, stride=None, ceil_mode=False)`.
public struct LPPool2dConfiguration: Hashable, Sendable {
  public var normType: Double
  public var kernelSize: Size2d
  public var stride: Size2d
  public var ceilMode: Bool
}
