import NNDiagnostics
import NNShapes
import NNSyntax

/// Reads `input = …`: the shape of one sample, or values with the batch included.
struct InputChecker {
  let evaluator: Evaluator
  let report: Reporter

  /// Nil, reported, where it is neither.
  func check(_ expression: Expression) -> InputPlan? {
    switch expression.kind {
    case .call(let call): return check(call)
    default: break
    }
    let located = evaluator.evaluate(expression)
    switch located.value {
    case .invalid: return nil
    case .call(let call): return check(call)
    case .list(let elements):
      if elements.contains(where: { if case .list = $0.value { true } else { false } }) {
        return values(located)
      }
      return shape(elements, at: located.span, batched: false).map { .shape($0) }
    default:
      if located.value.asInteger != nil {
        return shape([located], at: located.span, batched: false).map { .shape($0) }
      }
      refuse(located)
      return nil
    }
  }

  private func refuse(_ located: LocatedValue) {
    if case .word(let word) = located.value {
      return evaluator.reportUnknownName(word, at: located.span)
    }
    report.error(
      "wrong-type", "`input` is the shape of one sample or values, not \(located.value.phrase)",
      at: located.span, help: "write input = (3, 32, 32), or input = tensor([[1, 2], [3, 4]])")
  }

  private func check(_ call: Call) -> InputPlan? {
    let positional = call.arguments.filter { $0.name == nil }.map { evaluator.evaluate($0.value) }
    if let named = call.arguments.first(where: { $0.name != nil }), let name = named.name {
      report.error(
        "unknown-argument", "\(call.name.text) has no argument `\(shortened(name.text))`", at: name.span)
      return nil
    }
    switch call.name.text {
    case "tensor":
      guard positional.count == 1, let value = positional.first else {
        report.error(
          "wrong-type", "tensor takes one nested list of numbers", at: call.span,
          help: "write input = tensor([[1, 2], [3, 4]])")
        return nil
      }
      return values(value)
    case "randn":
      var sizes = positional
      if positional.count == 1, case .list(let elements)? = positional.first?.value { sizes = elements }
      guard let shape = shape(sizes, at: call.span, batched: true) else { return nil }
      return .randn(shape)
    default:
      report.error(
        "unknown-input", "`input` is a shape, tensor(…) or randn(…), not \(shortened(call.name.text))(…)",
        at: call.name.span,
        help: didYouMean(call.name.text, from: ["tensor", "randn"]) ?? "write input = (3, 32, 32)")
      return nil
    }
  }

  // MARK: Shapes

  private func shape(_ elements: [LocatedValue], at span: Span, batched: Bool) -> Shape? {
    let limit = batched ? Shape.maximumRank : Shape.maximumRank - 1
    guard elements.count <= limit else {
      report.error(
        "too-many-dimensions", "a shape has at most \(limit) dimensions here, not \(elements.count)", at: span
      )
      return nil
    }
    var sizes: [Int] = []
    for element in elements {
      guard let size = element.value.asInteger else {
        if !element.value.isInvalid {
          if case .word(let word) = element.value {
            evaluator.reportUnknownName(word, at: element.span)
          } else {
            report.error(
              "wrong-type", "a dimension is a whole number, not \(element.value.phrase)", at: element.span)
          }
        }
        return nil
      }
      guard size >= 0 && size <= maximumDimension else {
        report.error(
          "out-of-range", "a dimension is at least 1 and at most \(maximumDimension), not \(size)",
          at: element.span)
        return nil
      }
      if size == 0 {
        report.warning("empty-input", "with a dimension of 0 the input has no elements", at: element.span)
      }
      sizes.append(size)
    }
    let shape = Shape(sizes)
    guard shape.elementCountIfRepresentable != nil else {
      report.error("too-large", "\(shape.crossed) is more than 2^63 elements", at: span)
      return nil
    }
    return shape
  }

  // MARK: Values

  private func values(_ located: LocatedValue) -> InputPlan? {
    guard case .list = located.value else {
      if let number = located.value.asNumber { return .values([], [Float(number)]) }
      refuse(located)
      return nil
    }
    return NestedNumbers(evaluator: evaluator, report: report).read(located).map {
      .values($0.shape, $0.values.map { Float($0) })
    }
  }
}
