import NNDiagnostics

extension ModelSummary {
  /// `{"model", "input", "layers": [{"name", "layer", "text", "output", "parameters",
  /// "multiply_adds"}], "parameters", "multiply_adds"}`: shapes as lists, an open batch size as
  /// `null`, multiply-adds of one sample.
  public var json: JSONValue {
    .object([
      ("model", .string(model)),
      ("input", input.json),
      (
        "layers",
        .array(
          rows.map { row in
            .object([
              ("name", .string(row.name)),
              ("layer", .string(row.layer)),
              ("text", .string(row.text)),
              ("output", row.outputShape.json),
              ("parameters", .integer(row.parameters)),
              ("multiply_adds", .integer(row.multiplyAdds)),
            ])
          })
      ),
      ("parameters", .integer(parameters)),
      ("multiply_adds", .integer(multiplyAdds)),
    ])
  }
}

extension FlowShape {
  /// A list of sizes; `null` for the batch size or a multiple of it.
  fileprivate var json: JSONValue {
    .array(
      dimensions.map {
        switch $0 {
        case .fixed(let size): .integer(size)
        case .batch: .null
        }
      })
  }
}
