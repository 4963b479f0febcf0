import NNDiagnostics
import NNModel

extension Command {
  /// `nnrun check FILE…`: a verdict a file on standard output, all findings on standard error; with
  /// `--json`, the findings as an array on standard output instead.
  func check(_ operands: [ModelFileOperand]) throws -> ExitStatus {
    var all: [Diagnostic] = []
    var isBad = false
    for operand in operands {
      do {
        let (file, _, plan, diagnostics) = try examine(operand)
        isBad = isBad || diagnostics.hasErrors
        all += diagnostics
        if !invocation.has(.json) {
          show(diagnostics)
          try streams.output(verdict(file, plan, diagnostics) + "\n")
        }
      } catch let error as FileReadingError {
        // The other files are checked all the same.
        streams.error("error: \(printable(error.description))\n")
        isBad = true
      }
    }
    if invocation.has(.json) {
      let limit = TextRenderer().limit
      try streams.output(renderJSON(Array(all.prefix(limit))))
      if all.count > limit { streams.error("… and \(all.count - limit) more\n") }
    }
    return isBad ? .failure : .success
  }

  /// `models/tudui.nn: ok, Tudui: 9 layers, 145,578 parameters, 1 warning`
  private func verdict(_ file: ModelFile, _ plan: ExperimentPlan?, _ diagnostics: [Diagnostic]) -> String {
    let counts = TextRenderer.counts(of: diagnostics)
    var parts = ["\(printable(file.name)): \(diagnostics.hasErrors ? counts : "ok")"]
    if let plan, !diagnostics.hasErrors {
      parts.append(plan.models.count == 1 ? size(of: plan.models[0]) : "\(plan.models.count) models")
      if !counts.isEmpty { parts.append(counts) }
    }
    return parts.joined(separator: ", ")
  }

  private func size(of model: ModelPlan) -> String {
    let summary = ModelSummary(model)
    return "\(printable(model.name)) with \(counted(summary.rows.count, "layer")) and "
      + counted(summary.parameters, "parameter")
  }
}
