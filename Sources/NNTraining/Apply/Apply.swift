import NNModel

/// Passes through a model without training it.
public enum Inference {
  /// `nnrun apply`: one pass of the main model with the values of `request.input`; writes the files
  /// that the request names. Throws a ``RunFailure``.
  public static func apply(_ plan: ExperimentPlan, _ request: ApplyRequest) throws -> ApplyResult {
    throw PendingError()
  }

  /// The run of a file whose `input` has values (or `randn`): one pass in eval mode, with the weights
  /// drawn from the seed or read from `weights`. Throws a ``RunFailure``.
  public static func evaluateInput(
    _ plan: ExperimentPlan, weights: String? = nil, partialWeights: Bool = false, threads: Int? = nil
  ) throws -> ApplyResult {
    throw PendingError()
  }
}
