import NNDiagnostics
import NNSyntax

// What a schedule does within the length of the run.
extension Checker {
  /// The length of the run and the schedule of the same file.
  func checkScheduleLength(_ schedule: CheckedSchedule?, _ plan: ExperimentPlan) {
    guard let schedule, let train = plan.train,
      let data = plan.data.first(where: { $0.name == "train" }) ?? plan.data.first,
      let source = data.sources.first
    else { return }
    let samples = data.splitCounts(of: source.sampleCount).train
    let batches = DataPlan.batchCount(of: samples, batchSize: data.batchSize, dropLast: data.dropLast)
    let steps = train.stepsPerEpoch(batches: batches)
    var arithmetic =
      "\(train.epochs) × \(counted(steps, "step")) (\(samples) samples in batches of \(data.batchSize)"
    if train.accumulate > 1 { arithmetic += ", accumulate=\(train.accumulate)" }
    let length = RunLength(
      epochs: train.epochs, steps: saturatingProduct(train.epochs, steps), arithmetic: arithmetic + ")")
    judge(schedule, of: length.count(schedule.kind?.pace), within: length, isPart: false)
    for index in schedule.parts.indices {
      guard let milestones = schedule.bound.integers("milestones") else { continue }
      let begin = index == 0 ? 0 : milestones[index - 1]
      let end = min(index < milestones.count ? milestones[index] : .max, length.count(schedule.kind?.pace))
      if begin < end { judge(schedule.parts[index], of: end - begin, within: length, isPart: true) }
    }
  }

  private struct RunLength {
    let epochs: Int
    let steps: Int
    /// How the steps come about.
    let arithmetic: String

    func count(_ pace: SchedulePlan.Pace?) -> Int { pace == .steps ? steps : epochs }
  }

  /// Looks at a schedule that `count` epochs or steps of the run are for.
  private func judge(
    _ schedule: CheckedSchedule, of count: Int, within length: RunLength, isPart: Bool
  ) {
    let bound = schedule.bound
    switch schedule.kind {
    case .step(let size, _)? where size >= count: warnIdle(schedule, "step_size", size, count)
    case .multiStep(let milestones, _)?:
      if let first = milestones.min(), first >= count { warnIdle(schedule, "milestones", first, count) }
    case .constant(_, let total)? where total >= count && !isPart:
      warnIdle(schedule, "total_iters", total, count)
    case .polynomial(let total, let power)? where total < count && power > 0:
      report.warning(
        "rate-zero", "from epoch \(total) on the rate is 0, and \(counted(count, "epoch")) are trained",
        at: bound.span("total_iters"), help: "write total_iters=\(count)")
    case .cosineAnnealing(let half, _)? where half < count - 1:
      report.warning(
        "rate-rises-again",
        "CosineAnnealingLR reaches the lowest rate at epoch \(half) and rises again until the end, epoch \(count - 1)",
        at: bound.span("T_max"),
        help: "write T_max=\(count), or CosineAnnealingWarmRestarts(T_0=\(half)) to begin anew")
    case .reduceOnPlateau(let plateau)? where plateau.patience + 2 >= count:
      report.warning(
        "schedule-without-effect",
        "a rate lowered after \(counted(plateau.patience + 1, "bad epoch")) is never used within "
          + counted(count, "epoch"), at: bound.span("patience"))
    case .cyclic(let cycle)? where cycle.stepSizeUp >= count:
      report.warning(
        "schedule-without-effect",
        "the way up takes step_size_up=\(cycle.stepSizeUp) steps, and training makes \(length.steps): "
          + length.arithmetic, at: bound.span("step_size_up"))
    case .oneCycle(let cycle)?: judge(cycle, schedule, of: count, within: length, isPart: isPart)
    case .sequential(_, let milestones)?:
      if let index = milestones.firstIndex(where: { $0 >= count }) {
        report.warning(
          "schedule-without-effect",
          "\(schedule.parts[index + 1].call.name.text) begins at \(milestones[index]), and the run has "
            + counted(count, schedule.kind?.pace == .steps ? "step" : "epoch"), at: bound.span("milestones"))
      }
    default: break
    }
  }

  private func warnIdle(_ schedule: CheckedSchedule, _ argument: String, _ first: Int, _ count: Int) {
    report.warning(
      "schedule-without-effect",
      "\(schedule.call.name.text) changes the rate after \(counted(first, "epoch")), and it has \(count)",
      at: schedule.bound.span(argument))
  }

  private func judge(
    _ cycle: SchedulePlan.OneCycle, _ schedule: CheckedSchedule, of count: Int, within length: RunLength,
    isPart: Bool
  ) {
    let bound = schedule.bound
    let argument = bound.isWritten("total_steps") ? "total_steps" : "epochs"
    guard let total = cycle.totalSteps else {
      if isPart {
        report.error(
          "total-steps", "within SequentialLR, OneCycleLR needs total_steps", at: bound.nameSpan,
          help: "write total_steps=\(count)")
      }
      return
    }
    if total < count {
      report.error(
        "total-steps",
        "OneCycleLR is over after \(counted(total, "step")), and training makes \(count): \(length.arithmetic)",
        at: bound.span(argument), help: "write total_steps=\(count), or leave it out: it is worked out")
    } else if total > count {
      report.warning(
        "total-steps",
        "the run is over after \(counted(count, "step")) of OneCycleLR's \(total): \(length.arithmetic)",
        at: bound.span(argument), help: "write total_steps=\(count), or leave it out: it is worked out")
    }
  }
}
