/// A formula of the model file's on each element; see ``Tape/formula(_:_:)``.
public final class FormulaLayer: Layer {
  public let program: ElementwiseProgram

  public init(_ program: ElementwiseProgram) { self.program = program }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable { tape.formula(input, program) }
}
