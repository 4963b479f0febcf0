import NNDiagnostics

// The statement `layer`: a layer of the file's own.

extension Parser {
  /// `NAME(INPUT, PARAMETER=DEFAULT) = BODY`
  mutating func parseLayerDefinition() -> Statement.Kind? {
    guard at(.name), !atNewLine else {
      report(.expectedName("the name of the layer", found: found), at: missingSpan)
      return nil
    }
    let name = parseNewName()
    guard at(.leftParenthesis), !atNewLine else {
      report(.expectedLayerParameters(name.text, found: found), at: missingSpan)
      return nil
    }
    let head = LayerDefinition.parameters(of: parseArguments().arguments)
    for argument in head.wrong {
      reportAlways(.layerParameter(file.text(in: argument.span)), at: argument.span)
    }
    guard expectEquals(after: "layer \(name.text)(…)"), let body = parseExpression(), head.wrong.isEmpty
    else {
      return nil
    }
    return .layer(LayerDefinition(name: name, parameters: head.parameters, body: body))
  }
}
