import NNModel

/// Times a model: `nnrun bench`.
public enum Benchmark {
  /// Times training steps and forward passes of the main model with random input. `progress` is told
  /// what is being measured. Throws a ``RunFailure``.
  public static func run(
    _ plan: ExperimentPlan, _ request: BenchmarkRequest, progress: (String) -> Void
  ) throws -> BenchmarkReport {
    throw PendingError()
  }
}
