import NNShapes

/// A model layer by layer: what `nnrun summary` prints.
public struct ModelSummary: Sendable {
  /// One row.
  public struct Row: Sendable {
    /// The `state_dict` prefix: `0`, `3.0`.
    public var name: String
    /// PyTorch's class name; ``text`` tells the arguments.
    public var layer: String
    /// As PyTorch prints the layer.
    public var text: String
    /// Of one sample, `N` in front where the batch is open: `(N, 32, 32, 32)`.
    public var outputShape: FlowShape
    public var parameters: Int
    /// Of one sample.
    public var multiplyAdds: Int
  }

  public var model: String
  public var input: FlowShape
  /// Every layer that is no container, in the order of the flow.
  public var rows: [Row]
  public var parameters: Int
  public var multiplyAdds: Int

  /// The summary of a checked model.
  public init(_ plan: ModelPlan) {
    var rows: [Row] = []
    var pending = Array(plan.layers.reversed())
    while let layer = pending.popLast() {
      if case .sequential(let inner) = layer.configuration {
        pending += inner.reversed()
        continue
      }
      rows.append(
        Row(
          name: layer.path, layer: layer.typeName, text: layer.printed, outputShape: layer.output,
          parameters: layer.configuration.parameterCount, multiplyAdds: layer.multiplyAdds))
    }
    let whole = LayerConfiguration.sequential(plan.layers)
    model = plan.name
    input = plan.input
    self.rows = rows
    parameters = whole.parameterCount
    multiplyAdds = plan.layers.reduce(0) { saturatingSum($0, $1.multiplyAdds) }
  }

  /// A table in plain text, a line a layer and a line of totals.
  public var table: String {
    let head = ["", "layer", "output", "parameters", "multiply-adds"]
    let body = rows.map {
      [$0.name, $0.text, $0.outputShape.description, grouped($0.parameters), grouped($0.multiplyAdds)]
    }
    let total = ["", "total", "", grouped(parameters), grouped(multiplyAdds)]
    let widths = head.indices.map { column in
      ([head, total] + body).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      var text = ""
      for (column, cell) in cells.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        text += column >= 3 ? padding + cell : cell + padding
        if column < cells.count - 1 { text += "  " }
      }
      while text.last == " " { text.removeLast() }
      return text
    }
    let title = "\(model), input \(input.description)"
    return ([title, line(head)] + body.map(line) + [line(total)]).joined(separator: "\n") + "\n"
  }
}

extension FlowShape: CustomStringConvertible {
  /// `(N, 32, 16, 16)`, and `(192·N,)` where `Flatten(0)` folded the batch in.
  public var description: String {
    let list = dimensions.map {
      switch $0 {
      case .fixed(let size): String(size)
      case .batch(1): "N"
      case .batch(let multiple): "\(multiple)·N"
      }
    }
    return list.count == 1 ? "(\(list[0]),)" : "(\(list.joined(separator: ", ")))"
  }
}

/// `1,024`
private func grouped(_ number: Int) -> String {
  var digits = String(number)
  var groups: [String] = []
  while digits.count > 3 {
    groups.insert(String(digits.suffix(3)), at: 0)
    digits.removeLast(3)
  }
  return ([digits] + groups).joined(separator: ",")
}
