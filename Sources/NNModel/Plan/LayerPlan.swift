import NNDiagnostics
import NNShapes

/// A model: layers in order, with the shapes that flow between them.
public struct ModelPlan: Sendable {
  public var name: String
  public var layers: [LayerPlan]
  public var input: FlowShape
  public var output: FlowShape
  public var span: Span
  /// Where the file says what goes in: `input = …`, or the data.
  public var inputSpan: Span
}

/// One layer of a stack, checked: what it is, what goes in and what comes out.
public struct LayerPlan: Sendable {
  /// Its own part of the `state_dict` key: `0`, `conv1`.
  public var key: String
  /// The whole of it: `3.0`.
  public var path: String
  /// As the file has it, in `.nn` spelling on one line: `Conv2d(3, 32, 5)`.
  public var text: String
  /// PyTorch's name of its class: `Conv2d`.
  public var typeName: String
  /// What PyTorch's `print` says of it: `Conv2d(3, 32, kernel_size=(5, 5), stride=(1, 1))`. Made where
  /// the arguments are bound, since PyTorch prints some as they were written (`3` and `(3, 3)` apart).
  /// Unused for a `Sequential`, whose text is made of its layers'.
  public var description: String
  public var configuration: LayerConfiguration
  public var input: FlowShape
  public var output: FlowShape
  /// The call in the file.
  public var span: Span
}

/// The size of one dimension of a value that flows through a model.
public enum FlowDimension: Hashable, Sendable {
  case fixed(Int)
  /// A multiple of the batch size: 1 is the batch dimension itself, 192 what `Flatten(0)` makes of
  /// a batch of 3×8×8.
  case batch(Int)
}

/// The shape of a value that flows through a model, the batch size left open unless the input has
/// values of its own.
public struct FlowShape: Hashable, Sendable {
  public var dimensions: [FlowDimension]

  public init(_ dimensions: [FlowDimension]) { self.dimensions = dimensions }

  /// A batch of samples of this shape.
  public init(batchOf sample: Shape) {
    dimensions = [.batch(1)] + sample.dimensions.map { .fixed($0) }
  }

  /// A value whose sizes are all known.
  public init(_ shape: Shape) { dimensions = shape.dimensions.map { .fixed($0) } }
}

/// What a layer is, every argument resolved and every default filled in.
///
/// Exhaustive: the trainer's builder switches over it, and ``rules`` below.
public indirect enum LayerConfiguration: Sendable {
  case conv2d(Conv2dConfiguration)
  case maxPool2d(MaxPool2dConfiguration)
  case avgPool2d(AvgPool2dConfiguration)
  case flatten(startDim: Int, endDim: Int)
  case linear(LinearConfiguration)
  case relu
  case sigmoid
  case tanh
  case softmax(dim: Int)
  case logSoftmax(dim: Int)
  case dropout(p: Double)
  case identity
  case formula(FormulaConfiguration)
  case sequential([LayerPlan])

  /// Shapes, weights and cost of the layer.
  public var rules: any LayerRules {
    switch self {
    case .conv2d(let configuration): configuration
    case .maxPool2d(let configuration): configuration
    case .avgPool2d(let configuration): configuration
    case .flatten(let startDim, let endDim): FlattenRules(startDim: startDim, endDim: endDim)
    case .linear(let configuration): configuration
    case .relu, .sigmoid, .tanh, .dropout, .identity, .formula: ElementwiseRules()
    case .softmax(let dim), .logSoftmax(let dim): SoftmaxRules(dim: dim)
    case .sequential(let layers): SequentialRules(layers: layers)
    }
  }
}

/// `Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0, dilation=1, groups=1, bias=True)`.
public struct Conv2dConfiguration: Hashable, Sendable {
  public enum Padding: Hashable, Sendable {
    case size(Size2d)
    /// The output is as large as the input; the odd element goes right and below.
    case same
    /// None.
    case valid
  }

  public var inChannels: Int
  public var outChannels: Int
  public var kernelSize: Size2d
  public var stride: Size2d
  public var padding: Padding
  public var dilation: Size2d
  public var groups: Int
  public var bias: Bool
}

/// `MaxPool2d(kernel_size, stride=None, padding=0, dilation=1, return_indices=False, ceil_mode=False)`.
public struct MaxPool2dConfiguration: Hashable, Sendable {
  public var kernelSize: Size2d
  public var stride: Size2d
  public var padding: Size2d
  public var dilation: Size2d
  public var returnIndices: Bool
  public var ceilMode: Bool
}

/// `AvgPool2d(kernel_size, stride=None, padding=0, ceil_mode=False, count_include_pad=True, divisor_override=None)`.
public struct AvgPool2dConfiguration: Hashable, Sendable {
  public var kernelSize: Size2d
  public var stride: Size2d
  public var padding: Size2d
  public var ceilMode: Bool
  public var countIncludePad: Bool
  public var divisorOverride: Int?
}

/// `Linear(in_features, out_features, bias=True)`.
public struct LinearConfiguration: Hashable, Sendable {
  public var inFeatures: Int
  public var outFeatures: Int
  public var bias: Bool
}
