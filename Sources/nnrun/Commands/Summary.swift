import NNDiagnostics
import NNModel
import NNTraining

extension Command {
  /// `nnrun summary FILE`: the table, JSON, or one layer as PyTorch prints it.
  func summary(_ operand: ModelFileOperand) throws -> ExitStatus {
    let checked = try checkedFile(operand)
    if let path = invocation.text(.print) {
      guard let layer = checked.model.layer(at: path) else {
        throw UnknownLayer(path: path, model: checked.model)
      }
      try streams.output(layer.printed + "\n")
      return .success
    }
    let summary = ModelSummary(checked.model)
    try streams.output(invocation.has(.json) ? summary.json.text + "\n" : summary.table)
    return .success
  }
}

/// `--print` names no layer.
struct UnknownLayer: RunFailure {
  var path: String
  var model: ModelPlan

  var description: String { "the model \(model.name) has no layer `\(path)`" }

  var help: String? {
    let paths = model.layerPaths
    let some = paths.prefix(12).joined(separator: ", ") + (paths.count > 12 ? ", …" : "")
    return didYouMean(path, from: paths) ?? (paths.isEmpty ? nil : "its layers are \(some)")
  }
}
