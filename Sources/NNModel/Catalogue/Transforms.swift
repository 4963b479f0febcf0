import NNDiagnostics
import NNSyntax

/// What stands for `transform=`: `ToTensor()`, a list of transforms, `Compose([…])`, or None.
struct Transforms {
  let report: Reporter
  let evaluator: Evaluator

  /// Pixels to 0…1, channels first. Every data set of the catalogue gives them so already.
  static let toTensor = CallSchema(
    .transform, "ToTensor", [], "bytes 0…255 to floats 0…1, channels first")

  static let schemas = [toTensor]

  func convert(_ argument: LocatedValue, _ parameter: Parameter) -> ParameterValue? {
    if case .none = argument.value { return .transforms([]) }
    var names: [String] = []
    var isWhole = true
    collect(argument, into: &names, isWhole: &isWhole, depth: 0)
    return isWhole ? .transforms(names) : nil
  }

  private func collect(
    _ argument: LocatedValue, into names: inout [String], isWhole: inout Bool, depth: Int
  ) {
    guard depth < 8 else {
      report.error("too-deep", "transforms are nested too deeply", at: argument.span)
      isWhole = false
      return
    }
    switch argument.value {
    case .list(let elements):
      for element in elements { collect(element, into: &names, isWhole: &isWhole, depth: depth + 1) }
    case .call(let call) where call.name.text == "Compose":
      for part in call.arguments {
        collect(evaluator.evaluate(part.value), into: &names, isWhole: &isWhole, depth: depth + 1)
      }
    case .call(let call):
      guard let schema = schema(call.name) else {
        isWhole = false
        return
      }
      _ = Binder(evaluator: evaluator, report: report).bind(call, to: schema)
      names.append(schema.name)
    case .word(let word):
      guard let schema = schema(Name(word, argument.span)) else {
        isWhole = false
        return
      }
      names.append(schema.name)
    case .invalid: isWhole = false
    default:
      report.error(
        "wrong-type", "a transform is wanted here, not \(argument.value.phrase)", at: argument.span,
        help: "write transform=ToTensor()")
      isWhole = false
    }
  }

  private func schema(_ name: Name) -> CallSchema? {
    if let schema = Self.schemas.first(where: { $0.name == name.text }) { return schema }
    UnknownEntry(report: report).report(name, wanted: .transform)
    return nil
  }
}
