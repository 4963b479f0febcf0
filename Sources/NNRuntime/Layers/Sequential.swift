/// Layers one after the other, each with its key: `0`, `conv1`.
///
/// A convolution with the ReLU and the 2×2 max pooling behind it, and a linear layer with its ReLU, run
/// as one; see ``Pass``. Keys and parameters stay those of the layers.
public final class Sequential: Layer {
  public let children: [(key: String, layer: any Layer)]
  /// What ``forward(_:_:)`` runs, those of containers inside it included.
  public let passes: [Pass]

  public init(_ children: [(key: String, layer: any Layer)]) {
    self.children = children
    passes = Pass.list(of: Sequential.leaves(children))
  }

  /// Layers with the keys `0`, `1`, ….
  public convenience init(_ layers: any Layer...) {
    self.init(layers.enumerated().map { (String($0.offset), $0.element) })
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    var value = input
    for index in passes.indices { value = passes[index].forward(value, tape) }
    return value
  }

  private static func leaves(_ children: [(key: String, layer: any Layer)]) -> [any Layer] {
    children.flatMap { child in
      (child.layer as? Sequential).map { leaves($0.children) } ?? [child.layer]
    }
  }
}
