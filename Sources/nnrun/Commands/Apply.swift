import NNTraining

extension Command {
  /// `nnrun apply FILE --input X.npy`: one pass; without a file to write, the output is printed.
  func apply(_ operand: ModelFileOperand) throws -> ExitStatus {
    let checked = try checkedFile(operand)
    let request = applyRequest()
    let writes = [request.output, request.grads, request.indices, request.stateAfter].contains { $0 != nil }
    if writes, invocation.has(.full) {
      throw UsageError("--full has nothing to act on: the output is written to files", verb: .apply)
    }
    let result = try checked.locatingFailures {
      try Inference.apply(checked.plan, request, document: checked.document)
    }
    show(result.messages)
    if !writes { try write(result) }
    return try status(after: result.messages)
  }

  private func applyRequest() -> ApplyRequest {
    var request = ApplyRequest(input: invocation.text(.input) ?? "")
    request.weights = invocation.text(.weights)
    request.partialWeights = invocation.has(.partial)
    request.target = invocation.text(.target)
    request.gradOutput = invocation.text(.gradOutput)
    if let mode = invocation.text(.mode).flatMap(ApplyRequest.Mode.init(rawValue:)) { request.mode = mode }
    request.threads = invocation.integer(.threads)
    request.convolution = convolutionMethod
    request.output = invocation.text(.output)
    request.grads = invocation.text(.grads)
    request.indices = invocation.text(.indices)
    request.stateAfter = invocation.text(.stateAfter)
    return request
  }
}
