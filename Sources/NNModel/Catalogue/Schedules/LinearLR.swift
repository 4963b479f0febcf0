// ConstantLR, LinearLR, PolynomialLR: the first total_iters epochs are different.
// Source: torch/optim/lr_scheduler.py.

extension ScheduleEntry {
  /// 0 < x ≤ 1. PyTorch takes a constant factor of 0, and divides by it at the end.
  private static let factors = NumberRange(lower: 0, upper: 1, includesLower: false)

  static let constant = ScheduleEntry(
    schema: CallSchema(
      .schedule, "ConstantLR",
      [
        Parameter("factor", .number(factors), default: .number(1.0 / 3), "the share of the rate at first"),
        .totalIters("epochs until the whole rate"), .lastEpoch,
      ],
      "a share of the rate for total_iters epochs",
      .schedule(
        "lr = lr₀ · factor in the first total_iters epochs, then lr₀",
        "ConstantLR()")),
    configure: { bound, _, _ in
      guard let factor = bound.number("factor"), let total = bound.integer("total_iters") else { return nil }
      return .constant(factor: factor, totalIters: total)
    })

  static let linear = ScheduleEntry(
    schema: CallSchema(
      .schedule, "LinearLR",
      [
        Parameter(
          "start_factor", .number(factors), default: .number(1.0 / 3), "the share of the rate at first"),
        Parameter("end_factor", .number(.fraction), default: .number(1), "the share of the rate at last"),
        .totalIters("epochs from the one to the other"), .lastEpoch,
      ],
      "from one share of the rate to another along a line",
      .schedule(
        "lr = lr₀ · (start_factor + (end_factor - start_factor) · min(e, total_iters) / total_iters) in epoch e",
        "LinearLR(total_iters=10)")),
    configure: { bound, _, _ in
      guard let start = bound.number("start_factor"), let end = bound.number("end_factor"),
        let total = bound.integer("total_iters")
      else { return nil }
      return .linear(startFactor: start, endFactor: end, totalIters: total)
    })

  static let polynomial = ScheduleEntry(
    schema: CallSchema(
      .schedule, "PolynomialLR",
      [
        .totalIters("epochs until the rate is 0"),
        Parameter("power", .number(.atLeastZero), default: .number(1), "the exponent"), .lastEpoch,
      ],
      "the rate times (1 - epoch/total_iters)^power",
      .schedule(
        "lr = lr₀ · (1 - min(e, total_iters) / total_iters)^power in epoch e",
        "PolynomialLR(30)")),
    configure: { bound, _, _ in
      guard let total = bound.integer("total_iters"), let power = bound.number("power") else { return nil }
      return .polynomial(totalIters: total, power: power)
    })
}
