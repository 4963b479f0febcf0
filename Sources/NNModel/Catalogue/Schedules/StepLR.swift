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
      "the rate times gamma every step_size epochs",
      .schedule(
        "lr = lr₀ · gamma^floor(e / step_size) in epoch e",
        "StepLR(10)")),
    configure: { bound, _, _ in
      guard let size = bound.integer("step_size"), let gamma = bound.number("gamma") else { return nil }
      return .step(stepSize: size, gamma: gamma)
    })

  static let multiStep = ScheduleEntry(
    schema: CallSchema(
      .schedule, "MultiStepLR", [.milestones, .gamma(0.1), .lastEpoch],
      "the rate times gamma at each milestone",
      .schedule(
        "lr = lr₀ · gamma^(milestones up to e) in epoch e",
        "MultiStepLR([10, 20])")),
    configure: { bound, _, _ in
      guard let milestones = bound.integers("milestones"), let gamma = bound.number("gamma") else {
        return nil
      }
      return .multiStep(milestones: milestones, gamma: gamma)
    })

  static let exponential = ScheduleEntry(
    schema: CallSchema(
      .schedule, "ExponentialLR", [.gamma(nil), .lastEpoch], "the rate times gamma every epoch",
      .schedule("lr = lr₀ · gammaᵉ in epoch e", "ExponentialLR(0.9)")),
    configure: { bound, _, _ in bound.number("gamma").map { .exponential(gamma: $0) } })
}
