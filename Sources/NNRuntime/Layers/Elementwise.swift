import NNKernels

/// A function of one number on each element: LeakyReLU, ELU, GELU and their like; see
/// ``ElementwiseFunction`` for the formulas and ``Tape/elementwise(_:_:)``.
public final class Elementwise: Layer {
  public let function: ElementwiseFunction
  public init(_ function: ElementwiseFunction) { self.function = function }
  public func forward(_ input: Variable, _ tape: Tape) -> Variable { tape.elementwise(function, input) }
}
