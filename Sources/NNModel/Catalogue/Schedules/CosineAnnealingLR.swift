// eta_min + (lr - eta_min)·(1 + cos(π·t/T))/2, which CosineAnnealingLR follows up again past T_max and
// CosineAnnealingWarmRestarts begins anew. Source: torch/optim/lr_scheduler.py.

extension ScheduleEntry {
  static let cosineAnnealing = ScheduleEntry(
    schema: CallSchema(
      .schedule, "CosineAnnealingLR",
      [
        Parameter("T_max", .integer(sizes), example: "100", "epochs from the highest rate to the lowest"),
        .lowestRate, .lastEpoch,
      ],
      "down to eta_min along a cosine",
      .schedule(
        "lr = eta_min + (lr₀ - eta_min) · (1 + cos(π · e / T_max)) / 2 in epoch e; it rises again past T_max",
        "CosineAnnealingLR(30)")),
    configure: { bound, _, _ in
      guard let length = bound.integer("T_max"), let lowest = bound.number("eta_min") else { return nil }
      return .cosineAnnealing(tMax: length, etaMin: lowest)
    })

  static let cosineAnnealingWarmRestarts = ScheduleEntry(
    schema: CallSchema(
      .schedule, "CosineAnnealingWarmRestarts",
      [
        Parameter("T_0", .integer(sizes), example: "10", "epochs of the first round"),
        Parameter("T_mult", .integer(sizes), default: .integer(1), "how many times longer the next round is"),
        .lowestRate, .lastEpoch,
      ],
      "down to eta_min along a cosine, again and again",
      .schedule(
        "lr = eta_min + (lr₀ - eta_min) · (1 + cos(π · e / T)) / 2, e anew from 0 after T epochs, T = T_0, T_0 · T_mult, …",
        "CosineAnnealingWarmRestarts(10)")),
    configure: { bound, _, _ in
      guard let first = bound.integer("T_0"), let factor = bound.integer("T_mult"),
        let lowest = bound.number("eta_min")
      else { return nil }
      return .cosineAnnealingWarmRestarts(t0: first, tMult: factor, etaMin: lowest)
    })
}
