/// Layers one after the other, each with its key: `0`, `conv1`.
public final class Sequential: Layer {
  public let children: [(key: String, layer: any Layer)]

  public init(_ children: [(key: String, layer: any Layer)]) { self.children = children }

  /// Layers with the keys `0`, `1`, ….
  public convenience init(_ layers: any Layer...) {
    self.init(layers.enumerated().map { (String($0.offset), $0.element) })
  }

  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    var value = input
    for index in children.indices { value = children[index].layer.forward(value, tape) }
    return value
  }
}
