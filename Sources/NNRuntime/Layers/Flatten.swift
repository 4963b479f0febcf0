/// Dimensions `startDim` through `endDim` become one; see ``Tape/flatten(_:startDim:endDim:)``.
public final class Flatten: Layer {
  public let startDim: Int
  public let endDim: Int

  public init(startDim: Int, endDim: Int) {
    self.startDim = startDim
    self.endDim = endDim
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.flatten(input, startDim: startDim, endDim: endDim)
  }
}
