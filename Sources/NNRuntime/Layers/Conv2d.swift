import NNKernels
import NNShapes

/// A 2-D convolution, PyTorch's `Conv2d` with zero padding; see ``Tape/conv2d(_:weight:bias:vertical:horizontal:groups:)``.
///
/// Parameters: `weight` (O, C/groups, kH, kW), stored channels-last, and `bias` (O), both
/// U(-1/√fan_in, 1/√fan_in) with fan_in = C/groups·kH·kW.
public final class Conv2d: Layer {
  public let weight: Parameter
  public let bias: Parameter?
  public let vertical: WindowGeometry
  public let horizontal: WindowGeometry
  public let groups: Int

  /// Draws the weight, then the bias. The windows carry kernel size, stride, padding and dilation of
  /// each axis. Traps where the channels do not divide by `groups`.
  public init(
    inChannels: Int, outChannels: Int, vertical: WindowGeometry, horizontal: WindowGeometry,
    groups: Int, bias: Bool, generator: Generator
  ) {
    precondition(
      groups >= 1 && inChannels % groups == 0 && outChannels % groups == 0,
      "Conv2d: \(inChannels)→\(outChannels) channels in \(groups) groups")
    weight = Parameter(
      Shape(outChannels, inChannels / groups, vertical.kernel, horizontal.kernel), .channelsLast)
    self.bias = bias ? Parameter(Shape(outChannels)) : nil
    self.vertical = vertical
    self.horizontal = horizontal
    self.groups = groups
    Initialization.kaimingUniform(
      weight: weight, bias: self.bias,
      fanIn: inChannels / groups * vertical.kernel * horizontal.kernel, generator)
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    forward(input, tape, epilogue: .none)
  }

  /// The convolution and what follows it in one pass.
  func forward(_ input: Variable, _ tape: Tape, epilogue: ConvolutionEpilogue) -> Variable {
    tape.conv2d(
      input, weight: tape.variable(weight), bias: bias.map { tape.variable($0) }, vertical: vertical,
      horizontal: horizontal, groups: groups, epilogue: epilogue)
  }

  /// The numbers of the convolution of an input (N, C, H, W) or (C, H, W).
  func geometry(for input: Shape) -> Conv2dGeometry {
    Conv2dGeometry(
      input: input, weight: weight.shape, vertical: vertical, horizontal: horizontal, groups: groups)
  }

  public var ownParameters: [NamedParameter] { NamedParameter.list(weight: weight, bias: bias) }
}

extension NamedParameter {
  /// `weight`, then `bias` where there is one.
  static func list(weight: Parameter, bias: Parameter?) -> [NamedParameter] {
    [NamedParameter(name: "weight", weight)] + (bias.map { [NamedParameter(name: "bias", $0)] } ?? [])
  }
}
