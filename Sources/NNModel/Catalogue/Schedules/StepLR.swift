// StepLR, MultiStepLR, ExponentialLR: the rate times gamma every step_size epochs, at milestones, every epoch.
// Source: torch/optim/lr_scheduler.py.

extension ScheduleEntry {
  static let step = ScheduleEntry(
    schema: CallSchema(
      .schedule, "StepLR",
      [
        Parameter("step_size", .integer(sizes), example: "30", "epochs between two changes"),
        .gamma(0.1), .lastEpoch,
      ],
      "the rate times gamma every step_size epochs"),
    configure: { bound, _, _ in
      guard let size = bound.integer("step_size"), let gamma = bound.number("gamma") else { return nil }
      return .step(stepSize: size, gamma: gamma)
    })

  static let multiStep = ScheduleEntry(
    schema: CallSchema(
      .schedule, "MultiStepLR", [.milestones, .gamma(0.1), .lastEpoch],
      "the rate times gamma at each milestone"),
    configure: { bound, _, _ in
      guard let milestones = bound.integers("milestones"), let gamma = bound.number("gamma") else {
        return nil
      }
      return .multiStep(milestones: milestones, gamma: gamma)
    })

  static let exponential = ScheduleEntry(
    schema: CallSchema(
      .schedule, "ExponentialLR", [.gamma(nil), .lastEpoch], "the rate times gamma every epoch"),
    configure: { bound, _, _ in bound.number("gamma").map { .exponential(gamma: $0) } })
}
