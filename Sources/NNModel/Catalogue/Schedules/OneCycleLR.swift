// OneCycleLR: up from max_lr/div_factor to max_lr, then down to that divided by final_div_factor, a step of the
// optimizer at a time. Source: torch/optim/lr_scheduler.py.

extension ScheduleEntry {
  private static let length = Parameter.Kind.integer(sizes)

  static let oneCycle = ScheduleEntry(
    schema: CallSchema(
      .schedule, "OneCycleLR",
      [
        Parameter("max_lr", .numberOrNumbers(.atLeastZero), example: "0.1", "the highest rate"),
        Parameter(
          "total_steps", length, default: ParameterValue.none, acceptsNone: true, "steps of the whole run"),
        Parameter("epochs", length, default: ParameterValue.none, acceptsNone: true, "epochs of the run"),
        Parameter(
          "steps_per_epoch", length, default: ParameterValue.none, acceptsNone: true, "steps of an epoch"),
        Parameter("pct_start", .number(.fraction), default: .number(0.3), "the share of the way up"),
        Parameter(
          "anneal_strategy", .choice(["cos", "linear"]), default: .text("cos"), "along a cosine or a line"),
        .cycleMomentum, .cycledMomentum("base_momentum", 0.85, "the momentum at the highest rate"),
        .cycledMomentum("max_momentum", 0.95, "the momentum at the lowest rate"),
        Parameter("div_factor", .number(.positive), default: .number(25), "the highest rate by the first"),
        Parameter(
          "final_div_factor", .number(.positive), default: .number(1e4), "the first rate by the last"),
        Parameter("three_phase", .boolean, default: .boolean(false), "down to the first rate in between"),
        .lastEpoch,
      ],
      "up to max_lr and down in one run",
      .schedule(
        "from max_lr / div_factor up to max_lr in pct_start of total_steps, then down to the first / final_div_factor",
        "OneCycleLR(max_lr=0.1)")),
    configure: { bound, groups, report in
      let rates = bound.perGroup("max_lr", groups, report)
      let momentum = bound.cycledMomentum(groups, report)
      let total = totalSteps(bound, report)
      guard let rates, let momentum, let total, let start = bound.number("pct_start"),
        let strategy = bound.text("anneal_strategy"), let divisor = bound.number("div_factor"),
        let finalDivisor = bound.number("final_div_factor"), let threePhase = bound.boolean("three_phase")
      else { return nil }
      return .oneCycle(
        SchedulePlan.OneCycle(
          maxRates: rates, totalSteps: total, pctStart: start, isCosine: strategy == "cos",
          momentum: momentum,
          divFactor: divisor, finalDivFactor: finalDivisor, threePhase: threePhase))
    })

  /// The length as given, nil within where it is the run's; nil where it is given by halves or twice.
  private static func totalSteps(_ bound: BoundCall, _ report: Reporter) -> Int?? {
    let (total, epochs, steps) = (
      bound.integer("total_steps"), bound.integer("epochs"), bound.integer("steps_per_epoch")
    )
    let given = ["epochs", "steps_per_epoch"].filter { bound.isWritten($0) && !bound.isNone($0) }
    if let name = given.first, bound.isWritten("total_steps"), !bound.isNone("total_steps") {
      report.error(
        "total-steps", "`total_steps` is what `epochs` times `steps_per_epoch` is; both are given",
        at: bound.span(name), help: "leave all of them out: the length is worked out")
      return nil
    }
    if let name = given.first, given.count == 1 {
      report.error(
        "total-steps", "`epochs` and `steps_per_epoch` are given together, and only `\(name)` is",
        at: bound.span(name), help: "leave it out: the length is worked out")
      return nil
    }
    guard let epochs, let steps else { return given.isEmpty ? .some(total) : nil }
    return .some(epochs * steps)  // each is below 2^31
  }
}
