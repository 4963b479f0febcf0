// What `print(model)` and `print(model[0])` say in PyTorch.

extension LayerPlan {
  /// PyTorch's `print(layer)`: one line, or for a `Sequential` one line a layer, nested ones indented
  /// by two more.
  public var printed: String {
    if case .sequential(let layers) = configuration {
      return printedContainer("Sequential", layers)
    }
    return description
  }
}

extension ModelPlan {
  /// PyTorch's `print(model)` of an `nn.Sequential`.
  public var printed: String { printedContainer("Sequential", layers) }

  /// The layer at `3.0`, `conv1`, `[-1]`, `[3][0]`: keys and indices, counted from the end when
  /// negative, joined by dots or in brackets. Nil where there is none.
  public func layer(at path: String) -> LayerPlan? {
    let steps = path.split { $0 == "." || $0 == "[" || $0 == "]" }
    guard !steps.isEmpty else { return nil }
    var level = layers
    var found: LayerPlan?
    for step in steps {
      guard let index = indexOfLayer(String(step), in: level) else { return nil }
      let layer = level[index]
      found = layer
      if case .sequential(let inner) = layer.configuration { level = inner } else { level = [] }
    }
    return found
  }

  /// Every path that ``layer(at:)`` takes, in order, for did-you-mean and error texts.
  public var layerPaths: [String] {
    var paths: [String] = []
    var pending = Array(layers.reversed())
    while let layer = pending.popLast() {
      paths.append(layer.path)
      if case .sequential(let inner) = layer.configuration { pending += inner.reversed() }
    }
    return paths
  }
}

/// The index that a key or a number, counted from the end when negative, means among `layers`.
private func indexOfLayer(_ step: String, in layers: [LayerPlan]) -> Int? {
  if let index = layers.firstIndex(where: { $0.key == step }) { return index }
  guard let number = Int(step) else { return nil }
  let index = number < 0 ? layers.count + number : number
  return layers.indices.contains(index) ? index : nil
}

private func printedContainer(_ name: String, _ layers: [LayerPlan]) -> String {
  if layers.isEmpty { return "\(name)()" }
  let lines = layers.map { "  (\($0.key)): " + $0.printed.replacingLineBreaks(with: "\n  ") }
  return "\(name)(\n" + lines.joined(separator: "\n") + "\n)"
}

extension String {
  fileprivate func replacingLineBreaks(with text: String) -> String {
    split(separator: "\n", omittingEmptySubsequences: false).joined(separator: text)
  }
}
