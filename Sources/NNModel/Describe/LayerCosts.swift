import NNShapes

// What a layer holds and what it computes, for the summary and for memory estimates.
extension LayerConfiguration {
  /// The learnt tensors in `state_dict` order, with PyTorch's shapes; none for a `Sequential`, whose
  /// layers hold their own.
  public var parameterShapes: [(name: String, dimensions: [Int])] {
    switch self {
    case .conv2d(let conv):
      let weight = [
        conv.outChannels, conv.inChannels / max(conv.groups, 1), conv.kernelSize.height,
        conv.kernelSize.width,
      ]
      return [("weight", weight)] + (conv.bias ? [("bias", [conv.outChannels])] : [])
    case .linear(let linear):
      let weight = [linear.outFeatures, linear.inFeatures]
      return [("weight", weight)] + (linear.bias ? [("bias", [linear.outFeatures])] : [])
    case .maxPool2d, .avgPool2d, .flatten, .relu, .sigmoid, .tanh, .softmax, .logSoftmax, .dropout, .identity,
      .sequential:
      return []
    }
  }

  /// The number of learnt values, those of a `Sequential`'s layers included. Saturates instead of
  /// overflowing.
  public var parameterCount: Int {
    if case .sequential(let layers) = self {
      return layers.reduce(0) { saturatingSum($0, $1.configuration.parameterCount) }
    }
    return parameterShapes.reduce(0) { saturatingSum($0, saturatingProduct($1.dimensions)) }
  }
}

extension LayerPlan {
  /// Multiply-adds of one sample's forward pass: those of the matrix products, biases and
  /// activations not counted. Saturates.
  public var multiplyAdds: Int {
    switch configuration {
    case .conv2d(let conv):
      let each = saturatingProduct([
        conv.kernelSize.height, conv.kernelSize.width, conv.inChannels / max(conv.groups, 1),
      ])
      return saturatingProduct([output.sampleElementCount, each])
    case .linear(let linear):
      return saturatingProduct([output.sampleElementCount, linear.inFeatures])
    case .sequential(let layers):
      return layers.reduce(0) { saturatingSum($0, $1.multiplyAdds) }
    case .maxPool2d, .avgPool2d, .flatten, .relu, .sigmoid, .tanh, .softmax, .logSoftmax, .dropout, .identity:
      return 0
    }
  }
}

extension FlowShape {
  /// The elements of one sample: the product of all dimensions with a batch of 1. Saturates; for an
  /// input with values of its own, whose batch is known, it is the whole batch's.
  public var sampleElementCount: Int {
    saturatingProduct(
      dimensions.map {
        switch $0 {
        case .fixed(let size): size
        case .batch(let multiple): multiple
        }
      })
  }
}

private func saturatingSum(_ a: Int, _ b: Int) -> Int {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? .max : sum
}

private func saturatingProduct(_ factors: [Int]) -> Int {
  if factors.contains(0) { return 0 }
  return factors.reduce(1) { product, factor in
    let (next, overflow) = product.multipliedReportingOverflow(by: factor)
    return overflow ? .max : next
  }
}
