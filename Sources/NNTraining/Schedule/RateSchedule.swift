import NNModel
import NNRuntime

/// What a schedule sets for one group of an optimizer's parameters; PyTorch keeps it in `param_groups`.
struct ScheduledGroup {
  var rate: Double
  /// What the schedules start from; set by the first one that is made.
  var initialRate: Double?
  /// Nil where the optimizer has no momentum.
  var momentum: Double?
  // OneCycleLR's.
  var maxRate = 0.0
  var minRate = 0.0
  var baseMomentum = 0.0
  var maxMomentum = 0.0
}

/// The learning rates of an optimizer's groups, and the momenta where they are cycled, as a schedule moves them:
/// step by step as `torch/optim/lr_scheduler.py` does, each rate made from the one before, so that they round
/// alike.
package final class RateSchedule {
  package let pace: SchedulePlan.Pace
  package let cyclesMomentum: Bool
  private var groups: [ScheduledGroup]
  private let root: ScheduleNode
  /// The rate of the last step made, of the first group; not always the next one's.
  package var usedRate: Double

  /// `totalSteps`: of the whole run, for a schedule that is as long.
  package init(_ plan: SchedulePlan, _ optimizer: OptimizerPlan, totalSteps: Int) {
    groups = optimizer.groups.map { ScheduledGroup(rate: $0.lr, momentum: $0.kind.momentum) }
    pace = plan.kind.pace
    cyclesMomentum = plan.kind.cycledMomentum != nil
    root = ScheduleNode(plan.kind, totalSteps: totalSteps, &groups)
    usedRate = groups[0].rate
  }

  package func rate(ofGroup group: Int) -> Double { groups[group].rate }
  package func momentum(ofGroup group: Int) -> Double? { groups[group].momentum }

  /// Sets the rates, and the momenta where they are cycled, for the next step.
  package func apply(to optimizer: Optimizer) {
    for index in groups.indices {
      optimizer.setLearningRate(groups[index].rate, ofGroup: index)
      if cyclesMomentum, let momentum = groups[index].momentum {
        optimizer.setMomentum(momentum, ofGroup: index)
      }
    }
  }

  /// Moves on by one epoch or step. `loss` is what `ReduceLROnPlateau` looks at.
  package func step(loss: Double) { root.step(&groups, loss: loss) }

  // MARK: State

  /// All that the steps so far have changed.
  package var state: [Double] {
    var numbers = [usedRate]
    for group in groups { numbers += [group.rate, group.momentum ?? 0] }
    root.save(to: &numbers)
    return numbers
  }

  /// Goes on from a saved state; false where it is not one of this schedule, which is then of no more use.
  package func restore(_ state: [Double]) -> Bool {
    var numbers = state[...]
    guard state.count == self.state.count, let used = numbers.popFirst() else { return false }
    var restored = groups
    for index in restored.indices {
      guard let rate = numbers.popFirst(), let momentum = numbers.popFirst() else { return false }
      restored[index].rate = rate
      if restored[index].momentum != nil { restored[index].momentum = momentum }
    }
    guard root.restore(&numbers) else { return false }
    (groups, usedRate) = (restored, used)
    return true
  }
}
