import NNDiagnostics
import NNSyntax

/// What stands for `transform=`: one transform, a list of them, `Compose([…])`, or None.
struct TransformList {
  let report: Reporter
  let evaluator: Evaluator

  func convert(_ argument: LocatedValue, _ parameter: Parameter) -> ParameterValue? {
    if case .none = argument.value { return .transforms([]) }
    var transforms: [TransformPlan] = []
    var isWhole = true
    collect(argument, into: &transforms, isWhole: &isWhole, depth: 0)
    return isWhole ? .transforms(transforms) : nil
  }

  private func collect(
    _ argument: LocatedValue, into transforms: inout [TransformPlan], isWhole: inout Bool, depth: Int
  ) {
    guard depth < 8 else {
      report.error("too-deep", "transforms are nested too deeply", at: argument.span)
      isWhole = false
      return
    }
    switch argument.value {
    case .list(let elements):
      for element in elements { collect(element, into: &transforms, isWhole: &isWhole, depth: depth + 1) }
    case .call(let call) where call.name.text == "Compose":
      for part in call.arguments {
        collect(evaluator.evaluate(part.value), into: &transforms, isWhole: &isWhole, depth: depth + 1)
      }
    case .call(let call): add(call, to: &transforms, isWhole: &isWhole)
    case .word(let word):
      add(
        Call(name: Name(word, argument.span), arguments: [], span: argument.span), to: &transforms,
        isWhole: &isWhole)
    case .invalid: isWhole = false
    default:
      report.error(
        "wrong-type", "a transform is wanted here, not \(argument.value.phrase)", at: argument.span,
        help: "write transform=ToTensor()")
      isWhole = false
    }
  }

  private func add(_ call: Call, to transforms: inout [TransformPlan], isWhole: inout Bool) {
    guard let entry = entry(call.name) else {
      isWhole = false
      return
    }
    let bound = Binder(evaluator: evaluator, report: report).bind(call, to: entry.schema)
    guard let configuration = entry.configure(bound, report) else {
      isWhole = false
      return
    }
    transforms.append(TransformPlan(configuration: configuration, text: call.sourceText, span: call.span))
  }

  private func entry(_ name: Name) -> TransformEntry? {
    if let entry = Catalogue.transforms.first(where: { $0.schema.name == name.text }) { return entry }
    UnknownEntry(report: report).report(name, wanted: .transform)
    return nil
  }
}
