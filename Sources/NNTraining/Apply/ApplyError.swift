import NNDiagnostics
import NNShapes

/// What `apply` was asked for and cannot be done.
public enum ApplyError: RunFailure, Equatable {
  /// A file has elements of the wrong type: its path, the type, what is taken.
  case type(String, String, String)
  /// `--target` of a file without a loss.
  case noLoss
  /// The target does not suit the loss: its path, and why.
  case target(String, String)
  /// The output, or an argument of the loss, does not suit the loss: why.
  case loss(String)
  case gradOutputShape(String, found: Shape, expected: Shape)
  case gradOutputWithoutGrads
  case gradsWithoutGradOutput
  /// `--indices` of a model whose last layer gives none.
  case noIndices
  /// The file's `input` is a shape without values.
  case noValues
  /// An input of an `Embedding` that is no row: its place, the value, the number of rows.
  case noRow(index: Int, value: Float, count: Int)
  /// An input that a layer has no statistics of, and why.
  case untrainable(String)

  public var description: String {
    switch self {
    case .type(let path, let found, let expected): "\(path) holds \(found); expected \(expected)"
    case .noLoss: "the file has no `loss` to compare the output with the target"
    case .target(let path, let reason): "\(path): \(reason)"
    case .loss(let reason): reason
    case .gradOutputShape(let path, let found, let expected):
      "\(path) has shape \(found), and the output has \(expected): the gradient of the output has its shape"
    case .gradOutputWithoutGrads: "--grad-output is for --grads, which is not there"
    case .gradsWithoutGradOutput: "--grads needs the gradient of the output to begin with"
    case .noIndices: "the last layer gives no indices"
    case .noValues: "the file's `input` has no values"
    case .noRow(let index, let value, let count):
      "input \(index) is \(value), and Embedding takes whole numbers from 0 to \(count - 1)"
    case .untrainable(let problem): problem
    }
  }

  public var help: String? {
    switch self {
    case .type, .target, .loss, .gradOutputShape, .noRow: nil
    case .untrainable: "give a larger batch; in evaluation running statistics do without"
    case .noLoss: "write loss = CrossEntropyLoss()"
    case .gradOutputWithoutGrads: "add --grads G.safetensors, or leave out --grad-output"
    case .gradsWithoutGradOutput: "add --grad-output DY.npy, or --target T.npy for the gradient of the loss"
    case .noIndices: "give it return_indices=True"
    case .noValues: "write input = tensor([[1, 2], [3, 4]]) or input = randn(1, 3, 32, 32)"
    }
  }
}

/// An input that the model does not take, in the checker's words.
public struct InputMisfit: RunFailure {
  /// The finding that the command renders first, and the others.
  public var diagnostics: [Diagnostic]

  init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  public var description: String { diagnostics.map(\.message).joined(separator: "\n") }
  public var help: String? { diagnostics.first?.help }
  public var span: Span? { diagnostics.first?.span }
}
