// CyclicLR: up and down between base_lr and max_lr, a step of the optimizer at a time.
// Source: torch/optim/lr_scheduler.py.

extension ScheduleEntry {
  static let cyclic = ScheduleEntry(
    schema: CallSchema(
      .schedule, "CyclicLR",
      [
        Parameter("base_lr", .numberOrNumbers(.atLeastZero), example: "0.001", "the lowest rate"),
        Parameter("max_lr", .numberOrNumbers(.atLeastZero), example: "0.1", "the highest rate"),
        Parameter("step_size_up", .integer(sizes), default: .integer(2000), "steps of the way up"),
        Parameter(
          "step_size_down", .integer(sizes), default: ParameterValue.none, acceptsNone: true,
          "steps of the way down; as many as up"),
        Parameter(
          "mode", .choice(SchedulePlan.Cyclic.Mode.allCases.map(\.rawValue)), default: .text("triangular"),
          "how the cycles shrink"),
        Parameter("gamma", .number(.atLeastZero), default: .number(1), "how fast, with mode='exp_range'"),
        .only("scale_fn", .none, because: "a model file holds no functions"),
        .only("scale_mode", .text("cycle"), because: "it belongs to a scale_fn"),
        .cycleMomentum, .cycledMomentum("base_momentum", 0.8, "the momentum at the highest rate"),
        .cycledMomentum("max_momentum", 0.9, "the momentum at the lowest rate"), .lastEpoch,
      ],
      "up and down between two rates",
      .schedule(
        "lr = base_lr + (max_lr - base_lr) · the height of a triangle of step_size_up and step_size_down steps",
        "CyclicLR(base_lr=0.001, max_lr=0.1)")),
    configure: { bound, groups, report in
      let lowest = bound.perGroup("base_lr", groups, report)
      let highest = bound.perGroup("max_lr", groups, report)
      let momentum = bound.cycledMomentum(groups, report)
      guard let lowest, let highest, let momentum, let up = bound.integer("step_size_up"),
        let mode = bound.text("mode").flatMap(SchedulePlan.Cyclic.Mode.init),
        let gamma = bound.number("gamma")
      else { return nil }
      return .cyclic(
        SchedulePlan.Cyclic(
          baseRates: lowest, maxRates: highest, stepSizeUp: up,
          stepSizeDown: bound.integer("step_size_down") ?? up, mode: mode, gamma: gamma, momentum: momentum))
    })
}
