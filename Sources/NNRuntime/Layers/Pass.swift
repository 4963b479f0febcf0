import NNKernels
import NNShapes

/// What a ``Sequential`` runs at a time: one layer, or a row of layers that one pass computes.
///
/// The rows are Conv2d ReLU, Conv2d MaxPool2d, Conv2d ReLU MaxPool2d, Conv2d MaxPool2d ReLU with
/// 2×2 windows side by side and no indices asked for, Linear ReLU, and BatchNorm ReLU. Values and gradients
/// are those of the layers one by one.
public struct Pass {
  /// The layers, the first of which has the parameters.
  public let layers: [any Layer]
  private let kind: Kind

  private enum Kind {
    case layer(any Layer)
    case convolution(Conv2d, ConvolutionEpilogue, roundsUp: Bool)
    case linear(Linear)
    case batchNorm(BatchNorm)
  }

  /// The passes of layers that follow each other.
  static func list(of layers: [any Layer]) -> [Pass] {
    var passes: [Pass] = []
    var rest = layers[...]
    while let first = rest.first {
      let pass = Pass(first, followedBy: rest.dropFirst())
      passes.append(pass)
      rest = rest.dropFirst(pass.layers.count)
    }
    return passes
  }

  /// `first` with as many of the `next` layers as go into one pass with it.
  private init(_ first: any Layer, followedBy next: ArraySlice<any Layer>) {
    var count = 0
    switch first {
    case let convolution as Conv2d:
      var epilogue = ConvolutionEpilogue.none
      var roundsUp = false
      for layer in next {
        if layer is ReLU, !epilogue.relu {
          epilogue.relu = true
        } else if let pooling = layer as? MaxPool2d, pooling.halves, !epilogue.pooling {
          epilogue.pooling = true
          roundsUp = pooling.vertical.ceilMode || pooling.horizontal.ceilMode
        } else {
          break
        }
        count += 1
      }
      kind = .convolution(convolution, epilogue, roundsUp: roundsUp)
    case let linear as Linear:
      count = next.first is ReLU ? 1 : 0
      kind = count == 0 ? .layer(first) : .linear(linear)
    case let norm as BatchNorm:
      count = next.first is ReLU ? 1 : 0
      kind = count == 0 ? .layer(first) : .batchNorm(norm)
    default: kind = .layer(first)
    }
    layers = [first] + next.prefix(count)
  }

  /// The output of the last layer.
  public func forward(_ input: Variable, _ tape: Tape) -> Variable {
    switch kind {
    case .layer(let layer): return layer.forward(input, tape)
    case .linear(let linear): return linear.forward(input, tape, relu: true)
    case .batchNorm(let norm): return norm.forward(input, tape, relu: true)
    case .convolution(let convolution, let epilogue, let roundsUp):
      if roundsUp, !convolution.geometry(for: tape.shape(input)).hasEvenOutput { break }
      return convolution.forward(input, tape, epilogue: epilogue)
    }
    // A window at the edge that rounding up adds.
    var value = input
    for index in layers.indices { value = layers[index].forward(value, tape) }
    return value
  }

  /// The convolution of an input of this shape and what follows it in the same pass; nil for others.
  public func convolution(
    of input: Shape
  ) -> (geometry: Conv2dGeometry, epilogue: ConvolutionEpilogue)? {
    guard case .convolution(let layer, let epilogue, let roundsUp) = kind else { return nil }
    let geometry = layer.geometry(for: input)
    return (geometry, roundsUp && !geometry.hasEvenOutput ? .none : epilogue)
  }
}

extension Conv2dGeometry {
  fileprivate var hasEvenOutput: Bool { outputHeight % 2 == 0 && outputWidth % 2 == 0 }
}

extension MaxPool2d {
  /// Whether it halves height and width and gives values only.
  fileprivate var halves: Bool { !returnIndices && vertical.halves && horizontal.halves }
}

extension WindowGeometry {
  fileprivate var halves: Bool {
    kernel == 2 && stride == 2 && paddingBefore == 0 && paddingAfter == 0 && dilation == 1
  }
}
