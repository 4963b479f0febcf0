import NNShapes

// Layers over sequences, (N, C, L) or (C, L), which are computed as images of height 1.

extension Tape {
  /// (N, C, L) as (N, C, 1, L), and (C, L) as (C, 1, L).
  func asImage(_ sequence: Variable) -> Variable {
    let shape = shape(sequence)
    precondition(shape.rank == 2 || shape.rank == 3, "\(shape) is neither (C, L) nor (N, C, L)")
    let length = shape[shape.rank - 1]
    return reshape(sequence, shape.replacing(shape.rank - 1, with: 1).appending(length))
  }

  /// (N, C, 1, L) as (N, C, L), and (C, 1, L) as (C, L), with indices that came along.
  func asSequence(_ image: Variable) -> Variable {
    let shape = shape(image)
    let sequence = reshape(image, shape.removing(shape.rank - 2))
    moveIndices(of: image, to: sequence)
    return sequence
  }
}

/// A layer without parameters over sequences by its form for images: `MaxPool1d`, `AvgPool1d`,
/// `AdaptiveAvgPool1d`, and `Upsample` of sequences.
public final class OverSequences: Layer {
  /// What runs on (N, C, 1, L).
  public let layer: any Layer

  public init(_ layer: any Layer) { self.layer = layer }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.asSequence(layer.forward(tape.asImage(input), tape))
  }
}

/// A 1-D convolution, PyTorch's `Conv1d`: y[n, o, i] = bias[o] + Σ x[n, c, i·s + u·d - p] · w[o, c, u].
///
/// Parameters: `weight` (O, C/groups, k) and `bias` (O), both U(-1/√fan_in, 1/√fan_in) with
/// fan_in = C/groups·k.
public final class Conv1d: Layer {
  public let weight: Parameter
  public let bias: Parameter?
  public let window: WindowGeometry
  public let groups: Int
  /// What is put around the input first where it is not zeros; the window then has no padding.
  public let surround: PaddingGeometry?

  /// Draws the weight, then the bias. Traps where the channels do not divide by `groups`.
  public init(
    inChannels: Int, outChannels: Int, window: WindowGeometry, groups: Int, bias: Bool,
    surround: PaddingGeometry?, generator: Generator
  ) {
    precondition(
      groups >= 1 && inChannels % groups == 0 && outChannels % groups == 0,
      "Conv1d: \(inChannels)→\(outChannels) channels in \(groups) groups")
    weight = Parameter(Shape(outChannels, inChannels / groups, window.kernel))
    self.bias = bias ? Parameter(Shape(outChannels)) : nil
    self.window = surround == nil ? window : window.withoutPadding
    self.groups = groups
    self.surround = surround
    Initialization.kaimingUniform(
      weight: weight, bias: self.bias, fanIn: inChannels / groups * window.kernel, generator)
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    var image = tape.asImage(input)
    if let surround { image = tape.pad(image, vertical: .none, horizontal: surround, value: 0) }
    return tape.asSequence(
      tape.conv2d(
        image, weight: tape.asImage(tape.variable(weight)), bias: bias.map { tape.variable($0) },
        vertical: .single, horizontal: window, groups: groups))
  }

  public var ownParameters: [NamedParameter] { NamedParameter.list(weight: weight, bias: bias) }
}

/// A 1-D transposed convolution, PyTorch's `ConvTranspose1d`: y[n, o, i·s + u·d - p] += x[n, c, i] · w[c, o, u].
///
/// Parameters: `weight` (C, O/groups, k) and `bias` (O), both U(-1/√fan_in, 1/√fan_in) with
/// fan_in = O/groups·k, the second dimension of the weight.
public final class ConvTranspose1d: Layer {
  public let weight: Parameter
  public let bias: Parameter?
  public let window: TransposedWindow
  public let groups: Int

  /// Draws the weight, then the bias. Traps where the channels do not divide by `groups`.
  public init(
    inChannels: Int, outChannels: Int, window: TransposedWindow, groups: Int, bias: Bool,
    generator: Generator
  ) {
    precondition(
      groups >= 1 && inChannels % groups == 0 && outChannels % groups == 0,
      "ConvTranspose1d: \(inChannels)→\(outChannels) channels in \(groups) groups")
    weight = Parameter(Shape(inChannels, outChannels / groups, window.kernel))
    self.bias = bias ? Parameter(Shape(outChannels)) : nil
    self.window = window
    self.groups = groups
    Initialization.kaimingUniform(
      weight: weight, bias: self.bias, fanIn: outChannels / groups * window.kernel, generator)
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.asSequence(
      tape.convTranspose2d(
        tape.asImage(input), weight: tape.asImage(tape.variable(weight)),
        bias: bias.map { tape.variable($0) }, vertical: .single, horizontal: window, groups: groups))
  }

  public var ownParameters: [NamedParameter] { NamedParameter.list(weight: weight, bias: bias) }
}

extension WindowGeometry {
  /// The height of a sequence.
  fileprivate static let single = WindowGeometry(
    kernel: 1, stride: 1, paddingBefore: 0, paddingAfter: 0, dilation: 1, ceilMode: false)
}

extension TransposedWindow {
  /// The height of a sequence.
  fileprivate static let single = TransposedWindow(
    kernel: 1, stride: 1, padding: 0, outputPadding: 0, dilation: 1)
}
