import NNModel

extension ModelPlan {
  /// The rows of the `Embedding` that the input's values are looked up in, as they are; nil where there is
  /// none.
  var indexedRows: Int? { rows(of: layers).count }

  /// Whether a layer takes the indices of an earlier one.
  var hasUnpooling: Bool { hasUnpooling(layers) }

  private func hasUnpooling(_ layers: [LayerPlan]) -> Bool {
    layers.contains { layer in
      switch layer.configuration {
      case .maxUnpool2d: true
      case .sequential(let inner): hasUnpooling(inner)
      default: false
      }
    }
  }

  private func rows(of layers: [LayerPlan]) -> (count: Int?, isOver: Bool) {
    for layer in layers {
      switch layer.configuration {
      case .embedding(let embedding): return (embedding.count, true)
      case .sequential(let inner):
        let found = rows(of: inner)
        if found.isOver { return found }
      default: if !layer.configuration.rules.movesValuesOnly { return (nil, true) }
      }
    }
    return (nil, false)
  }
}
