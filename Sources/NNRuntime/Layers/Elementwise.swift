/// A formula of the model file's on each element; see ``Tape/elementwise(_:_:)``.
public final class Elementwise: Layer {
  public let program: ElementwiseProgram

  public init(_ program: ElementwiseProgram) { self.program = program }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable { tape.elementwise(input, program) }
}
