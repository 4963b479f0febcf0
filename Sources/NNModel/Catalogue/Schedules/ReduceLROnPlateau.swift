// ReduceLROnPlateau: the rate times factor when the loss has not got better for more than patience epochs.
// Source: torch/optim/lr_scheduler.py.

extension ScheduleEntry {
  static let reduceOnPlateau = ScheduleEntry(
    schema: CallSchema(
      .schedule, "ReduceLROnPlateau",
      [
        Parameter("mode", .choice(["min", "max"]), default: .text("min"), "lower or higher is better"),
        Parameter("factor", .number(.belowOne), default: .number(0.1), "what the rate is multiplied by"),
        Parameter(
          "patience", .integer(0...maximumDimension), default: .integer(10), "bad epochs that are let pass"),
        Parameter(
          "threshold", .number(.atLeastZero), default: .number(1e-4), "the least that counts as better"),
        Parameter(
          "threshold_mode", .choice(["rel", "abs"]), default: .text("rel"),
          "the threshold is a share of the best, or a difference"),
        Parameter(
          "cooldown", .integer(0...maximumDimension), default: .integer(0), "epochs of rest after a change"),
        Parameter("min_lr", .numberOrNumbers(.atLeastZero), default: .number(0), "the lowest rate"),
        Parameter("eps", .number(.atLeastZero), default: .number(1e-8), "the least change that is made"),
      ],
      "lower the rate when the loss stays where it is",
      .schedule(
        "lr = max(lr · factor, min_lr) after more than patience epochs without a loss below best · (1 - threshold)",
        "ReduceLROnPlateau(patience=3)")),
    configure: { bound, groups, report in
      let lowest = bound.perGroup("min_lr", groups, report)
      guard let lowest, let mode = bound.text("mode"), let factor = bound.number("factor"),
        let patience = bound.integer("patience"), let threshold = bound.number("threshold"),
        let thresholdMode = bound.text("threshold_mode"), let cooldown = bound.integer("cooldown"),
        let eps = bound.number("eps")
      else { return nil }
      if mode == "max" {
        report.warning(
          "plateau-of-loss", "with mode='max' the rate goes down while the loss does: a loss is better lower",
          at: bound.span("mode"), help: "write mode='min'")
      }
      return .reduceOnPlateau(
        SchedulePlan.ReduceOnPlateau(
          isMaximum: mode == "max", factor: factor, patience: patience, threshold: threshold,
          isRelative: thresholdMode == "rel", cooldown: cooldown, minRates: lowest, eps: eps))
    })
}
