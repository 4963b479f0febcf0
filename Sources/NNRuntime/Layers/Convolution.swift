import NNKernels
import NNShapes

/// A 2-D convolution, PyTorch's `Conv2d`; see ``Tape/conv2d(_:weight:bias:vertical:horizontal:groups:)``.
///
/// Parameters: `weight` (O, C/groups, kH, kW), stored channels-last, and `bias` (O), both
/// U(-1/√fan_in, 1/√fan_in) with fan_in = C/groups·kH·kW.
public final class Conv2d: Layer {
  public let weight: Parameter
  public let bias: Parameter?
  public let vertical: WindowGeometry
  public let horizontal: WindowGeometry
  public let groups: Int
  /// What is put around the input first where it is not zeros; the windows then have no padding.
  public let surround: Surround?

  /// A padding of both axes.
  public struct Surround: Sendable {
    public let vertical: PaddingGeometry
    public let horizontal: PaddingGeometry

    public init(vertical: PaddingGeometry, horizontal: PaddingGeometry) {
      self.vertical = vertical
      self.horizontal = horizontal
    }
  }

  /// Draws the weight, then the bias. The windows carry kernel size, stride, padding and dilation of
  /// each axis. Traps where the channels do not divide by `groups`.
  public init(
    inChannels: Int, outChannels: Int, vertical: WindowGeometry, horizontal: WindowGeometry,
    groups: Int, bias: Bool, surround: Surround? = nil, generator: Generator
  ) {
    precondition(
      groups >= 1 && inChannels % groups == 0 && outChannels % groups == 0,
      "Conv2d: \(inChannels)→\(outChannels) channels in \(groups) groups")
    weight = Parameter(
      Shape(outChannels, inChannels / groups, vertical.kernel, horizontal.kernel), .channelsLast)
    self.bias = bias ? Parameter(Shape(outChannels)) : nil
    self.vertical = surround == nil ? vertical : vertical.withoutPadding
    self.horizontal = surround == nil ? horizontal : horizontal.withoutPadding
    self.groups = groups
    self.surround = surround
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
      surrounded(input, tape), weight: tape.variable(weight), bias: bias.map { tape.variable($0) },
      vertical: vertical,
      horizontal: horizontal, groups: groups, epilogue: epilogue)
  }

  /// The input with what is put around it.
  private func surrounded(_ input: Variable, _ tape: Tape) -> Variable {
    guard let surround else { return input }
    return tape.pad(input, vertical: surround.vertical, horizontal: surround.horizontal, value: 0)
  }

  /// The numbers of the convolution of an input (N, C, H, W) or (C, H, W).
  func geometry(for input: Shape) -> Conv2dGeometry {
    var input = input
    if let surround {
      let rank = input.rank
      input = input.replacing(rank - 2, with: surround.vertical.outputSize(of: input[rank - 2]))
        .replacing(rank - 1, with: surround.horizontal.outputSize(of: input[rank - 1]))
    }
    return Conv2dGeometry(
      input: input, weight: weight.shape, vertical: vertical, horizontal: horizontal, groups: groups)
  }

  public var ownParameters: [NamedParameter] { NamedParameter.list(weight: weight, bias: bias) }
}

extension WindowGeometry {
  /// The same window where the padding is there already.
  var withoutPadding: WindowGeometry {
    var window = self
    (window.paddingBefore, window.paddingAfter) = (0, 0)
    return window
  }
}

/// A 2-D transposed convolution, PyTorch's `ConvTranspose2d`; see
/// ``Tape/convTranspose2d(_:weight:bias:vertical:horizontal:groups:)``.
///
/// Parameters: `weight` (C, O/groups, kH, kW), stored channels-last, and `bias` (O), both
/// U(-1/√fan_in, 1/√fan_in) with fan_in = O/groups·kH·kW, the second dimension of the weight.
public final class ConvTranspose2d: Layer {
  public let weight: Parameter
  public let bias: Parameter?
  public let vertical: TransposedWindow
  public let horizontal: TransposedWindow
  public let groups: Int

  /// Draws the weight, then the bias. Traps where the channels do not divide by `groups`.
  public init(
    inChannels: Int, outChannels: Int, vertical: TransposedWindow, horizontal: TransposedWindow,
    groups: Int, bias: Bool, generator: Generator
  ) {
    precondition(
      groups >= 1 && inChannels % groups == 0 && outChannels % groups == 0,
      "ConvTranspose2d: \(inChannels)→\(outChannels) channels in \(groups) groups")
    weight = Parameter(
      Shape(inChannels, outChannels / groups, vertical.kernel, horizontal.kernel), .channelsLast)
    self.bias = bias ? Parameter(Shape(outChannels)) : nil
    self.vertical = vertical
    self.horizontal = horizontal
    self.groups = groups
    Initialization.kaimingUniform(
      weight: weight, bias: self.bias,
      fanIn: outChannels / groups * vertical.kernel * horizontal.kernel, generator)
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.convTranspose2d(
      input, weight: tape.variable(weight), bias: bias.map { tape.variable($0) }, vertical: vertical,
      horizontal: horizontal, groups: groups)
  }

  public var ownParameters: [NamedParameter] { NamedParameter.list(weight: weight, bias: bias) }
}

extension NamedParameter {
  /// `weight`, then `bias` where there is one.
  static func list(weight: Parameter, bias: Parameter?) -> [NamedParameter] {
    [NamedParameter(name: "weight", weight)] + (bias.map { [NamedParameter(name: "bias", $0)] } ?? [])
  }
}
