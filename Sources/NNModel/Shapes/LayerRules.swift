import NNDiagnostics
import NNShapes
import NNSyntax

/// A tensor that a layer owns, under its own name: `weight`, (32, 3, 5, 5).
public struct WeightPlan: Hashable, Sendable {
  public var name: String
  public var shape: Shape

  public init(_ name: String, _ shape: Shape) {
    self.name = name
    self.shape = shape
  }
}

/// What the checker knows about a configured layer. Each layer's file in Catalogue/Layers says it.
public protocol LayerRules: Sendable {
  /// The learned tensors in PyTorch's order: the order they are drawn in.
  var weights: [WeightPlan] { get }
  /// The sliding windows of a convolution or pooling layer.
  var windows: WindowPair? { get }
  /// How many values it gives: 2 with `return_indices`.
  var outputCount: Int { get }
  /// The tensors that are saved and not learned, in PyTorch's order: running statistics.
  var buffers: [WeightPlan] { get }
  /// The output holds values of the input as they were.
  var movesValuesOnly: Bool { get }
  /// Why a pass cannot take an input of this shape, which the layer takes otherwise: "… needs more than one
  /// value per channel"; nil where it can.
  func batchProblem(input: Shape, isTraining: Bool) -> String?
  /// Multiply-adds that make an output of this shape of this input; nil on overflow.
  func multiplyAdds(input: Shape, output: Shape) -> Int?
  /// The output's shape. What does not fit is reported at `site`, and the shape that the rest of the
  /// stack was written for is returned; nil where that cannot be known.
  func output(of input: FlowShape, at site: LayerSite) -> FlowShape?
}

extension LayerRules {
  public var weights: [WeightPlan] { [] }
  public var windows: WindowPair? { nil }
  public var outputCount: Int { 1 }
  public var buffers: [WeightPlan] { [] }
  public var movesValuesOnly: Bool { false }
  public func batchProblem(input: Shape, isTraining: Bool) -> String? { nil }
  public func multiplyAdds(input: Shape, output: Shape) -> Int? { 0 }
}

/// The sliding windows along height and width.
public struct WindowPair: Hashable, Sendable {
  public var vertical: WindowGeometry
  public var horizontal: WindowGeometry
}

/// Layers that leave the shape as it is and own nothing.
struct ElementwiseRules: LayerRules {
  var movesValuesOnly = false

  func output(of input: FlowShape, at site: LayerSite) -> FlowShape? { input }
}

/// One use of a layer while shapes are worked out: where findings about it go.
public struct LayerSite {
  let report: Reporter
  /// `Linear(1024, 64)`
  let text: String
  let span: Span
  /// The call and its arguments; nil where shapes are worked out again from a plan.
  let call: Call?
  let bound: BoundCall?
  let history: FlowHistory
  /// The file trains: the batch dimension is not to be touched.
  let isTraining: Bool

  func span(of parameter: String?) -> Span {
    guard let parameter, let bound, let written = bound[parameter].span else { return span }
    return written
  }

  func error(
    _ code: String, _ message: String, at parameter: String? = nil, notes: [Diagnostic.Note] = [],
    help: String? = nil
  ) {
    report.error(code, message, at: span(of: parameter), notes: notes, help: help)
  }

  func warning(
    _ code: String, _ message: String, at parameter: String? = nil, notes: [Diagnostic.Note] = [],
    help: String? = nil
  ) {
    report.warning(code, message, at: span(of: parameter), notes: notes, help: help)
  }

  /// The call with another value for one parameter: `Linear(1176, 64)`.
  func rewritten(_ parameter: String, to value: String) -> String? {
    guard let call, let bound, let index = bound.schema.index(of: parameter),
      let position = bound.positions[index]
    else { return nil }
    return call.sourceText(replacing: position, with: value)
  }

  /// `write Linear(1176, 64)`
  func helpRewriting(_ parameter: String, to value: String) -> String? {
    rewritten(parameter, to: value).map { "write \($0)" }
  }

  /// `Flatten() on line 7`
  func named(_ step: FlowHistory.Step) -> String { "\(step.text) on \(report.place(of: step.span))" }

  /// "Flatten() gives 1176 features" at the layer that made the value, or "the input is 1×4×4" where
  /// the value comes from.
  func note(of step: FlowHistory.Step?, gives what: String) -> [Diagnostic.Note] {
    if let step { return [report.note(at: step.span, "\(step.text) gives \(what)")] }
    guard let span = history.origin.span else { return [] }
    return [report.note(at: span, "\(history.origin.being) \(what)")]
  }
}
