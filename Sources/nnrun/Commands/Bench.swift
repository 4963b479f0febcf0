import NNTraining

extension Command {
  /// `nnrun bench FILE`: tables on standard output, or JSON.
  func bench(_ operand: ModelFileOperand) throws -> ExitStatus {
    let checked = try checkedFile(operand)
    var request = BenchmarkRequest(threads: invocation.integers(.threads) ?? [1])
    if let batches = invocation.integers(.batch) { request.batches = batches }
    request.convolution = convolutionMethod
    var progress = ProgressDisplay(streams: streams)
    let report = try checked.locatingFailures {
      defer { progress.clear() }
      return try Benchmark.run(checked.plan, request) { progress.show($0) }
    }
    try streams.output(invocation.has(.json) ? report.json.text + "\n" : report.table)
    return .success
  }
}
