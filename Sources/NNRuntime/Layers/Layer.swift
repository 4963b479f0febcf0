import NNShapes

/// A part of a model, in the spirit of PyTorch's `nn.Module`: what it computes, and the tensors that
/// belong to it. Training and evaluation mode are the tape's.
public protocol Layer: AnyObject {
  /// The layer's output for `input`, recorded on `tape`. Traps on shapes that the layer does not take;
  /// the shape rules say which.
  func forward(_ input: Variable, _ tape: Tape) -> Variable

  /// Its own parameters in PyTorch's order, `weight` before `bias`.
  var ownParameters: [NamedParameter] { get }
  /// Its own tensors that are saved but not trained, such as running statistics.
  var ownBuffers: [NamedBuffer] { get }
  /// The layers inside it, with their keys.
  var children: [(key: String, layer: any Layer)] { get }
}

extension Layer {
  public var ownParameters: [NamedParameter] { [] }
  public var ownBuffers: [NamedBuffer] { [] }
  public var children: [(key: String, layer: any Layer)] { [] }

  /// All parameters in `state_dict` order, under their full keys: `0.weight`, `3.0.bias`.
  public var parameters: [NamedParameter] {
    ownParameters
      + children.flatMap { key, layer in
        layer.parameters.map { NamedParameter(name: "\(key).\($0.name)", $0.parameter) }
      }
  }

  /// All buffers under their full keys.
  public var buffers: [NamedBuffer] {
    ownBuffers
      + children.flatMap { key, layer in
        layer.buffers.map { NamedBuffer(name: "\(key).\($0.name)", $0.tensor) }
      }
  }

  /// Forgets the gradients of all parameters.
  public func zeroGrad() { for entry in parameters { entry.parameter.zeroGrad() } }
}

/// A parameter and its `state_dict` key.
public struct NamedParameter {
  public let name: String
  public let parameter: Parameter

  public init(name: String, _ parameter: Parameter) {
    self.name = name
    self.parameter = parameter
  }
}

/// A buffer and its `state_dict` key.
public struct NamedBuffer {
  public let name: String
  public let tensor: StateTensor

  public init(name: String, _ tensor: StateTensor) {
    self.name = name
    self.tensor = tensor
  }
}
