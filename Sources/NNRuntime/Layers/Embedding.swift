import NNShapes

/// Rows of a table, PyTorch's `Embedding`; see ``Tape/embedding(_:weight:paddingIndex:)``.
///
/// Parameter: `weight` (count, dimension), N(0, 1), its row `paddingIndex` 0.
public final class Embedding: Layer {
  public let weight: Parameter
  public let paddingIndex: Int?

  /// Draws the weight. Traps where `paddingIndex` is no row.
  public init(count: Int, dimension: Int, paddingIndex: Int?, generator: Generator) {
    precondition(
      paddingIndex.map { (0..<count).contains($0) } ?? true, "Embedding: row \(paddingIndex ?? 0) of \(count)"
    )
    weight = Parameter(Shape(count, dimension))
    self.paddingIndex = paddingIndex
    weight.fillNormal(mean: 0, deviation: 1, generator)
    if let paddingIndex {
      (weight.value.pointer + paddingIndex * dimension).update(repeating: 0, count: dimension)
    }
  }

  /// Indices are whole numbers from 0 to count - 1, in `Float`. Traps on others.
  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    tape.embedding(input, weight: tape.variable(weight), paddingIndex: paddingIndex)
  }

  public var ownParameters: [NamedParameter] { [NamedParameter(name: "weight", weight)] }
}
