import NNDiagnostics
import NNSyntax

/// One learning-rate schedule of the catalogue.
struct ScheduleEntry: Sendable {
  /// Without PyTorch's first argument, the optimizer, which is taken off.
  let schema: CallSchema
  /// Nil where arguments are wrong or do not go together, which it reports. `groups` is the number of groups
  /// that the optimizer has, nil where it is not known.
  let configure: @Sendable (BoundCall, _ groups: Int?, Reporter) -> SchedulePlan.Kind?
}

extension Parameter {
  static func gamma(_ usual: Double?) -> Parameter {
    Parameter(
      "gamma", .number(.atLeastZero), default: usual.map { .number($0) }, example: "0.9",
      "what the rate is multiplied by")
  }

  static let lowestRate = Parameter(
    "eta_min", .number(.atLeastZero), default: .number(0), "the lowest rate")

  static func totalIters(_ summary: String) -> Parameter {
    Parameter("total_iters", .integer(sizes), default: .integer(5), summary)
  }

  static let milestones = Parameter("milestones", .milestones, example: "[30, 80]", "when it changes")

  /// `last_epoch=-1`: a resumed run goes on by itself.
  static let lastEpoch = Parameter.only(
    "last_epoch", .integer(-1), because: "a resumed run goes on where it was")

  static let cycleMomentum = Parameter(
    "cycle_momentum", .boolean, default: .boolean(true), "the momentum goes down as the rate goes up")

  static func cycledMomentum(_ name: String, _ usual: Double, _ summary: String) -> Parameter {
    Parameter(name, .numberOrNumbers(.atLeastZero), default: .number(usual), summary)
  }
}

extension BoundCall {
  /// A number for each group of parameters; nil, reported, where a list has another length.
  func perGroup(_ name: String, _ groups: Int?, _ report: Reporter) -> [Double]? {
    switch self[name].value {
    case .number(let number, _)?: return Array(repeating: number, count: groups ?? 1)
    case .numbers(let numbers)?:
      guard let groups, numbers.count != groups else { return numbers }
      let own = groups == 1 ? "" : ", its own and \(groups - 1) in braces"
      report.error(
        "numbers-per-group",
        "`\(name)` has \(counted(numbers.count, "number")), and the optimizer has "
          + "\(counted(groups, "group")) of parameters\(own)", at: span(name),
        help: "write one number for all, or one a group")
      return nil
    default: return nil
    }
  }

  /// `cycle_momentum`, `base_momentum` and `max_momentum`: nil where they are wrong, nil within where nothing
  /// is cycled.
  func cycledMomentum(_ groups: Int?, _ report: Reporter) -> SchedulePlan.CycledMomentum?? {
    guard let isCycled = boolean("cycle_momentum"),
      let base = perGroup("base_momentum", groups, report), let top = perGroup("max_momentum", groups, report)
    else { return nil }
    return .some(isCycled ? SchedulePlan.CycledMomentum(base: base, max: top) : nil)
  }
}
