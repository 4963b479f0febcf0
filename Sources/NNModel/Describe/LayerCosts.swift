import NNShapes

// What a layer holds and what it computes, for the summary and for memory estimates. Each layer's own
// part is in its rules; sums saturate instead of overflowing.

extension LayerConfiguration {
  /// The learnt tensors in `state_dict` order, with PyTorch's shapes and, for a `Sequential`, with the
  /// paths of its layers.
  public var parameterShapes: [(name: String, dimensions: [Int])] {
    rules.weights.map { ($0.name, $0.shape.dimensions) }
  }

  /// The number of learnt values, those of a `Sequential`'s layers included.
  public var parameterCount: Int {
    rules.weights.reduce(0) { saturatingSum($0, $1.shape.elementCountIfRepresentable ?? .max) }
  }
}

extension LayerPlan {
  /// Multiply-adds of one sample's forward pass: those of the matrix products, biases and
  /// activations not counted.
  public var multiplyAdds: Int {
    if case .sequential(let layers) = configuration {
      return layers.reduce(0) { saturatingSum($0, $1.multiplyAdds) }
    }
    guard let input = input.shape(inBatchOf: 1), let output = output.shape(inBatchOf: 1) else { return .max }
    return configuration.rules.multiplyAdds(input: input, output: output) ?? .max
  }
}

extension FlowShape {
  /// The elements of one sample: the product of all dimensions with a batch of 1; for an input with
  /// values of its own, whose batch is known, those of the whole batch.
  public var sampleElementCount: Int { shape(inBatchOf: 1)?.elementCount ?? .max }
}

func saturatingSum(_ a: Int, _ b: Int) -> Int {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? .max : sum
}

/// For factors of at least 0.
func saturatingProduct(_ a: Int, _ b: Int) -> Int {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  return overflow ? .max : product
}
