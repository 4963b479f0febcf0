import NNDiagnostics
import NNSyntax

// SequentialLR: several schedules, one after the other. Source: torch/optim/lr_scheduler.py.

extension ScheduleEntry {
  /// The checker makes its kind, of those of its schedules.
  static let sequential = ScheduleEntry(
    schema: CallSchema(
      .schedule, "SequentialLR",
      [
        Parameter("schedulers", .schedules, example: "[…]", "the schedules"),
        Parameter("milestones", .milestones, example: "[10]", "when each but the first begins"),
        .lastEpoch,
      ],
      "several schedules, one after the other",
      .schedule(
        "schedulers[k] from milestones[k - 1] on, each counting from 0",
        "SequentialLR([LinearLR(total_iters=5), ExponentialLR(0.9)], milestones=[5])")),
    configure: { _, _, _ in nil })
}
