import NNModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// The rates, PyTorch's `get_lr`, operation for operation.

extension ScheduleNode {
  /// The rate of a group after the step to ``epoch``, made from the one before; sets its momentum where that is
  /// cycled.
  func nextRate(_ group: inout ScheduledGroup, at index: Int) -> Double {
    let base = baseRates[index]
    let rate = group.rate
    switch kind {
    case .step(let size, let gamma):
      return epoch == 0 || epoch % size != 0 ? rate : rate * gamma
    case .multiStep(let milestones, let gamma):
      let count = milestones.count { $0 == epoch }
      return count == 0 ? rate : rate * pow(gamma, Double(count))
    case .exponential(let gamma):
      return isInitial ? rate : rate * gamma
    case .constant(let factor, let total):
      if epoch == 0 { return rate * factor }
      return epoch == total ? rate * (1 / factor) : rate
    case .linear(let start, let end, let total):
      if epoch == 0 { return rate * start }
      if isInitial || epoch > total { return rate }
      return rate * (1 + (end - start) / (Double(total) * start + Double(epoch - 1) * (end - start)))
    case .polynomial(let total, let power):
      if isInitial || epoch > total { return rate }
      let (now, before) = (Double(epoch) / Double(total), Double(epoch - 1) / Double(total))
      return rate * pow((1 - now) / (1 - before), power)
    case .cosineAnnealing(let half, let lowest):
      if isInitial { return rate }
      let length = Double(half)
      if (epoch - 1 - half) % (2 * half) == 0 {
        return rate + (base - lowest) * (1 - cos(.pi / length)) / 2
      }
      return (1 + cos(.pi * Double(epoch) / length)) / (1 + cos(.pi * Double(epoch - 1) / length))
        * (rate - lowest) + lowest
    case .cosineAnnealingWarmRestarts(_, _, let lowest):
      let part = Double.pi * Double(round.position) / Double(round.length)
      return lowest + (base - lowest) * (1 + cos(part)) / 2
    case .oneCycle(let cycle): return nextRate(cycle, &group)
    case .cyclic(let cycle): return nextRate(cycle, &group, at: index)
    case .reduceOnPlateau, .sequential: return rate
    }
  }

  /// The rate of epoch 0 where a schedule begins later than the run; nil where ``nextRate(_:at:)`` gives it.
  func firstRate(_ base: Double) -> Double? {
    switch kind {
    case .step, .multiStep, .exponential, .polynomial: base
    case .constant(let factor, _): base * factor
    case .linear(let start, _, _): base * start
    case .cosineAnnealing(_, let lowest): lowest + (base - lowest) * (1 + cos(0.0)) / 2
    case .cosineAnnealingWarmRestarts, .oneCycle, .cyclic, .reduceOnPlateau, .sequential: nil
    }
  }

  // MARK: Cycles

  private func nextRate(_ cycle: SchedulePlan.OneCycle, _ group: inout ScheduledGroup) -> Double {
    let initial = group.initialRate ?? group.rate
    let total = Double(totalSteps)
    let up = Leg(
      end: cycle.pctStart * total - 1, rates: (initial, group.maxRate),
      momenta: (group.maxMomentum, group.baseMomentum))
    let down = Leg(
      end: cycle.threePhase ? 2 * cycle.pctStart * total - 2 : total - 1,
      rates: (group.maxRate, cycle.threePhase ? initial : group.minRate),
      momenta: (group.baseMomentum, group.maxMomentum))
    let rest = Leg(
      end: total - 1, rates: (initial, group.minRate), momenta: (group.maxMomentum, group.maxMomentum))
    let step = Double(epoch)
    var leg = up
    var start = 0.0
    if step > up.end {
      (leg, start) = (down, up.end)
      if cycle.threePhase && step > down.end { (leg, start) = (rest, down.end) }
    }
    // A way up of one step has no length; its end is where it leads.
    let part = leg.end == start ? 1 : (step - start) / (leg.end - start)
    if cycle.momentum != nil {
      group.momentum = anneal(leg.momenta.0, leg.momenta.1, part, isCosine: cycle.isCosine)
    }
    return anneal(leg.rates.0, leg.rates.1, part, isCosine: cycle.isCosine)
  }

  /// A phase of `OneCycleLR`.
  private struct Leg {
    var end: Double
    var rates: (Double, Double)
    var momenta: (Double, Double)
  }

  private func anneal(_ start: Double, _ end: Double, _ part: Double, isCosine: Bool) -> Double {
    isCosine ? end + (start - end) / 2 * (cos(.pi * part) + 1) : (end - start) * part + start
  }

  private func nextRate(_ cycle: SchedulePlan.Cyclic, _ group: inout ScheduledGroup, at index: Int) -> Double
  {
    let base = baseRates[index]
    let up = Double(cycle.stepSizeUp)
    let length = up + Double(cycle.stepSizeDown)
    let turn = up / length
    let number = (1 + Double(epoch) / length).rounded(.down)
    let x = 1 + Double(epoch) / length - number
    let height = x <= turn ? x / turn : (x - 1) / (turn - 1)
    let scale =
      switch cycle.mode {
      case .triangular: 1.0
      case .triangular2: 1 / pow(2, number - 1)
      case .expRange: pow(cycle.gamma, Double(epoch))
      }
    if let momentum = cycle.momentum {
      group.momentum = momentum.max[index] - (momentum.max[index] - momentum.base[index]) * height * scale
    }
    return base + (cycle.maxRates[index] - base) * height * scale
  }
}
