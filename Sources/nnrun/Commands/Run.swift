import NNDiagnostics
import NNModel
import NNTraining

extension Command {
  /// `nnrun FILE`: trains, or applies the model to the file's own input, or prints the summary, by what
  /// the file says.
  func run(_ operand: ModelFileOperand) throws -> ExitStatus {
    let checked = try checkedFile(operand)
    if checked.plan.train != nil {
      try refuse([.full], because: "the file trains")
      return try train(checked)
    }
    switch checked.plan.input {
    case .values, .randn:
      // Weights matter to an output as they do to training.
      try refuse(
        Verb.trainingOptions.filter { $0 != .weights && $0 != .partial }, because: "the file has no train(…)")
      return try evaluate(checked)
    case .shape, nil:
      try refuse(
        Verb.trainingOptions + [.full, .threads, .convolution],
        because: "the file has no train(…), and its input no values"
      )
      // The checker has warned where a loss or an optimizer makes it look like a training program.
      try streams.output(ModelSummary(checked.model).table)
      return .success
    }
  }

  /// `nnrun train FILE`
  func train(_ operand: ModelFileOperand) throws -> ExitStatus { try train(checkedFile(operand)) }

  /// Prints the output for the file's own input, and the indices of `return_indices` after it.
  private func evaluate(_ checked: CheckedFile) throws -> ExitStatus {
    let result = try checked.locatingFailures {
      try Inference.evaluateInput(
        checked.plan, weights: invocation.text(.weights), partialWeights: invocation.has(.partial),
        threads: invocation.integer(.threads), convolution: convolutionMethod)
    }
    show(result.messages)
    try write(result)
    return try status(after: result.messages)
  }

  /// The values of a pass on standard output.
  func write(_ result: ApplyResult) throws {
    let isFull = invocation.has(.full)
    try streams.output(result.output.text(full: isFull) + "\n")
    if let indices = result.indices { try streams.output(indices.text(full: isFull) + "\n") }
  }

  /// Failure where there was a warning and `--strict` makes it an error.
  func status(after messages: [RunMessage]) throws -> ExitStatus {
    invocation.has(.strict) && messages.contains { $0.level == .warning } ? .failure : .success
  }

  /// An option that cannot act is a usage error.
  private func refuse(_ options: [Option], because reason: String) throws(UsageError) {
    if let option = options.first(where: { invocation.has($0) }) {
      throw UsageError("\(option.flag) has nothing to act on: \(reason)", verb: invocation.verb)
    }
  }
}
