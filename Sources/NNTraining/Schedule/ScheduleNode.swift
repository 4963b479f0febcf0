import NNModel

/// One schedule at work, a part of `SequentialLR` or the whole. Its steps are those of PyTorch's classes, which
/// keep their rates in the optimizer's groups and make each from the one before.
final class ScheduleNode {
  let kind: SchedulePlan.Kind
  let parts: [ScheduleNode]
  /// The length of a `OneCycleLR`.
  let totalSteps: Int
  /// The groups' rates that it started from.
  var baseRates: [Double] = []
  /// Steps made, -1 before the first one.
  var epoch = -1
  /// The step that it is made with.
  var isInitial = false
  /// `CosineAnnealingWarmRestarts`: how far the round is, and its length.
  var round = (position: 0, length: 1)
  /// `ReduceLROnPlateau`: the best value, epochs without a better one, epochs of rest left.
  var plateau = (best: Double.infinity, bad: 0, rest: 0)

  init(_ kind: SchedulePlan.Kind, totalSteps: Int, _ groups: inout [ScheduledGroup]) {
    self.kind = kind
    if case .oneCycle(let cycle) = kind {
      self.totalSteps = cycle.totalSteps ?? totalSteps
    } else {
      self.totalSteps = totalSteps
    }
    guard case .sequential(let kinds, _) = kind else {
      parts = []
      begin(&groups)
      return
    }
    var parts: [ScheduleNode] = []
    for part in kinds { parts.append(ScheduleNode(part, totalSteps: totalSteps, &groups)) }
    self.parts = parts
    // What making the others did to the rates is undone; the first one begins.
    for index in groups.indices { groups[index].rate = groups[index].initialRate ?? groups[index].rate }
    for part in parts { part.epoch -= 1 }
    epoch = 0
    parts.first?.makeInitialStep(&groups)
  }

  /// Sets up what the groups need and makes the initial step.
  private func begin(_ groups: inout [ScheduledGroup]) {
    switch kind {
    case .reduceOnPlateau(let plateau):
      self.plateau.best = plateau.isMaximum ? -.infinity : .infinity
      return
    case .oneCycle(let cycle):
      for index in groups.indices {
        let first = cycle.maxRates[index] / cycle.divFactor
        groups[index].initialRate = first
        groups[index].maxRate = cycle.maxRates[index]
        groups[index].minRate = first / cycle.finalDivFactor
      }
      set(cycle.momentum, &groups)
    case .cyclic(let cycle):
      for index in groups.indices { groups[index].rate = cycle.baseRates[index] }
      set(cycle.momentum, &groups)
    case .cosineAnnealingWarmRestarts(let first, _, _): round = (0, first)
    default: break
    }
    for index in groups.indices where groups[index].initialRate == nil {
      groups[index].initialRate = groups[index].rate
    }
    baseRates = groups.map { $0.initialRate ?? $0.rate }
    makeInitialStep(&groups)
    if case .cyclic(let cycle) = kind { baseRates = cycle.baseRates }
  }

  private func set(_ momentum: SchedulePlan.CycledMomentum?, _ groups: inout [ScheduledGroup]) {
    guard let momentum else { return }
    for index in groups.indices {
      groups[index].momentum = momentum.max[index]
      groups[index].maxMomentum = momentum.max[index]
      groups[index].baseMomentum = momentum.base[index]
    }
  }

  private func makeInitialStep(_ groups: inout [ScheduledGroup]) {
    isInitial = true
    step(&groups, loss: 0)
    isInitial = false
  }

  // MARK: Steps

  func step(_ groups: inout [ScheduledGroup], loss: Double) {
    epoch += 1
    switch kind {
    case .sequential(_, let milestones):
      let index = milestones.prefix { $0 <= epoch }.count
      if index > 0, milestones[index - 1] == epoch {
        parts[index].restart(&groups)
      } else {
        parts[index].step(&groups, loss: loss)
      }
    case .reduceOnPlateau(let plateau): look(at: loss, plateau, &groups)
    case .cosineAnnealingWarmRestarts(let first, let factor, _):
      if epoch == 0 { round = (0, first) } else { advanceRound(factor) }
      move(&groups)
    default: move(&groups)
    }
  }

  /// Begins within a `SequentialLR`, from the base rates.
  private func restart(_ groups: inout [ScheduledGroup]) {
    epoch = 0
    for index in groups.indices {
      guard let rate = firstRate(baseRates[index]) else { return move(&groups) }
      groups[index].rate = rate
    }
  }

  private func advanceRound(_ factor: Int) {
    round.position += 1
    guard round.position >= round.length else { return }
    round.position %= round.length
    // Only a damaged checkpoint has a round so long.
    let (length, isTooLong) = round.length.multipliedReportingOverflow(by: factor)
    round.length = isTooLong ? .max : length
  }

  private func move(_ groups: inout [ScheduledGroup]) {
    for index in groups.indices { groups[index].rate = nextRate(&groups[index], at: index) }
  }

  private func look(
    at loss: Double, _ settings: SchedulePlan.ReduceOnPlateau, _ groups: inout [ScheduledGroup]
  ) {
    if isBetter(loss, than: plateau.best, settings) {
      plateau.best = loss
      plateau.bad = 0
    } else {
      plateau.bad += 1
    }
    if plateau.rest > 0 {
      plateau.rest -= 1
      plateau.bad = 0
    }
    guard plateau.bad > settings.patience else { return }
    for index in groups.indices {
      let lower = max(groups[index].rate * settings.factor, settings.minRates[index])
      if groups[index].rate - lower > settings.eps { groups[index].rate = lower }
    }
    plateau.rest = settings.cooldown
    plateau.bad = 0
  }

  private func isBetter(_ value: Double, than best: Double, _ settings: SchedulePlan.ReduceOnPlateau) -> Bool
  {
    switch (settings.isMaximum, settings.isRelative) {
    case (false, true): value < best * (1 - settings.threshold)
    case (false, false): value < best - settings.threshold
    case (true, true): value > best * (settings.threshold + 1)
    case (true, false): value > best + settings.threshold
    }
  }

  // MARK: State

  func save(to numbers: inout [Double]) {
    numbers += [Double(epoch), Double(round.position), Double(round.length)]
    numbers += [plateau.best, Double(plateau.bad), Double(plateau.rest)]
    for part in parts { part.save(to: &numbers) }
  }

  /// False where the numbers are not such as ``save(to:)`` writes; parts of the schedule may be changed then.
  func restore(_ numbers: inout ArraySlice<Double>) -> Bool {
    guard numbers.count >= 6 else { return false }
    let own = Array(numbers.prefix(6))
    numbers = numbers.dropFirst(6)
    let counts = [own[0], own[1], own[2], own[4], own[5]].compactMap { Int(exactly: $0) }
    guard counts.count == 5, counts[0] >= -2, counts.dropFirst().allSatisfy({ $0 >= 0 }),
      counts.allSatisfy({ $0 < 1 << 62 }), counts[1] < max(counts[2], 1)
    else { return false }
    epoch = counts[0]
    round = (counts[1], max(counts[2], 1))
    plateau = (own[3], counts[3], counts[4])
    return parts.allSatisfy { $0.restore(&numbers) }
  }
}
