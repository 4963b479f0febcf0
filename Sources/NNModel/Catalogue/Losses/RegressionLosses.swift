// Losses of the difference e = x - y of the output and a target of its shape.
// Source: torch/nn/modules/loss.py.

extension LossEntry {
  /// e²
  static let mse = LossEntry(
    schema: CallSchema(
      .loss, "MSELoss",
      [Parameter.deprecatedReductions.sizeAverage, Parameter.deprecatedReductions.reduce, .reduction],
      "the squared difference from target values",
      .values("l = (x - t)²", "MSELoss()")),
    targets: .values, scores: .any, configure: { _ in .mse })

  /// |e|
  static let l1 = LossEntry(
    schema: CallSchema(
      .loss, "L1Loss",
      [Parameter.deprecatedReductions.sizeAverage, Parameter.deprecatedReductions.reduce, .reduction],
      "the absolute difference from target values",
      .values("l = |x - t|", "L1Loss()")),
    targets: .values, scores: .any, configure: { _ in .l1 })

  /// e² / 2β for |e| < β, else |e| - β/2; with β = 0 the same as L1Loss.
  static let smoothL1 = LossEntry(
    schema: CallSchema(
      .loss, "SmoothL1Loss",
      [
        Parameter.deprecatedReductions.sizeAverage, Parameter.deprecatedReductions.reduce, .reduction,
        Parameter(
          "beta", .number(.atLeastZero), default: .number(1), "the difference from which it is absolute"),
      ], "the squared difference where it is small, the absolute one where not",
      .values("l = (x - t)² / (2 · beta) where |x - t| < beta, else |x - t| - beta / 2", "SmoothL1Loss()")),
    targets: .values, scores: .any,
    configure: { bound in bound.number("beta").map { .smoothL1(beta: $0) } })

  /// e² / 2 for |e| ≤ δ, else δ · (|e| - δ/2)
  static let huber = LossEntry(
    schema: CallSchema(
      .loss, "HuberLoss",
      [
        .reduction,
        Parameter(
          "delta", .number(.positive), default: .number(1), "the difference from which it is absolute"),
      ], "the squared difference where it is small, delta times the absolute one where not",
      .values("l = (x - t)² / 2 where |x - t| ≤ delta, else delta · (|x - t| - delta / 2)", "HuberLoss()")),
    targets: .values, scores: .any,
    configure: { bound in bound.number("delta").map { .huber(delta: $0) } })
}
