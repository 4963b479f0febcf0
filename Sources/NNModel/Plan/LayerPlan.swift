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
  /// The call with every argument, defaults included: what a resumed run has to agree in.
  public var settings: String
  public var configuration: LayerConfiguration
  public var input: FlowShape
  public var output: FlowShape
  /// The call in the file.
  public var span: Span
  /// `init=`: how the weight is drawn in place of PyTorch's default for the layer.
  public var initialization: WeightInitialization?
  /// `requires_grad=False`: training leaves its weights as they are.
  public var isFrozen = false
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
