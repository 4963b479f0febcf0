import NNDiagnostics
import NNSyntax

// The schedule: its arguments, and those of the schedules in it.
extension Checker {
  /// A schedule whose arguments were read.
  struct CheckedSchedule {
    let call: Call
    let bound: BoundCall
    /// Nil where arguments are wrong.
    var kind: SchedulePlan.Kind?
    /// The call with all its arguments.
    var text: String
    /// Those of a `SequentialLR`.
    var parts: [CheckedSchedule] = []

    var plan: SchedulePlan? { kind.map { SchedulePlan(kind: $0, text: text, span: call.span) } }
  }

  func checkSchedule(_ optimizer: CheckedOptimizer?) -> CheckedSchedule? {
    guard let (call, statement) = statements.schedule else { return nil }
    if statements.train == nil && !options.isApplied && !report.hasSyntaxErrors {
      report.warning(
        "schedule-without-train", "the file has a schedule but no `train`: nothing is trained",
        at: statement.keyword, help: "add train(epochs=10)")
    }
    return check(call, optimizer, isPart: false)
  }

  private func check(_ call: Call, _ optimizer: CheckedOptimizer?, isPart: Bool) -> CheckedSchedule? {
    var entry = Catalogue.schedules.first { $0.schema.name == call.name.text }
    if entry == nil {
      let near = UnknownEntry(report: report).report(call.name, wanted: .schedule)
      entry = Catalogue.schedules.first { $0.schema.name == near }
    }
    guard let entry else {
      for argument in withoutOptimizer(call) { _ = evaluator.evaluate(argument.value) }
      return nil
    }
    let arguments = withoutOptimizer(call)
    let bound = binder.bind(
      arguments, to: entry.schema, name: call.name, isDamaged: report.isDamaged(call.span))
    var schedule = CheckedSchedule(call: call, bound: bound, kind: nil, text: bound.canonicalText)
    if entry.schema.name == "SequentialLR" {
      if isPart {
        report.error(
          "schedule-in-schedule", "a SequentialLR has no SequentialLR in it", at: call.name.span,
          help: "write one list of schedules")
      } else {
        readParts(of: &schedule, arguments, optimizer)
      }
      return schedule
    }
    if isPart && entry.schema.name == "ReduceLROnPlateau" {
      report.error(
        "schedule-in-schedule", "ReduceLROnPlateau looks at the loss and cannot be a part of SequentialLR",
        at: call.name.span)
      return schedule
    }
    let kind = entry.configure(bound, optimizer?.plan?.groups.count, report)
    guard bound.isComplete, let kind else { return schedule }
    if kind.cycledMomentum != nil, let optimizer = optimizer?.plan {
      guard judgeMomentum(bound, kind, optimizer) else { return schedule }
    }
    schedule.kind = kind
    return schedule
  }

  /// The arguments after PyTorch's first one, the optimizer.
  private func withoutOptimizer(_ call: Call) -> [Argument] {
    guard let first = call.arguments.first, first.name == nil || first.name?.text == "optimizer" else {
      return call.arguments
    }
    switch first.value.kind {
    case .word(let word) where evaluator.place(of: word) == nil:
      let own = statements.optimizer?.name?.text
      let names = [own, "optimizer", "optim", "opt"].compactMap { $0 }
      if !names.contains(word) {
        report.error(
          "unknown-optimizer", "there is no optimizer `\(shortened(word))`", at: first.value.span,
          help: "leave it out: a schedule is of the file's optimizer")
      }
    case .call(let inner) where first.name != nil || Catalogue.schema(inner.name.text)?.kind == .optimizer:
      report.error(
        "optimizer-in-schedule", "the optimizer is a statement of its own", at: first.value.span,
        help: "write optimizer = \(inner.sourceText), and leave it out here")
    default: return call.arguments
    }
    return Array(call.arguments.dropFirst())
  }

  // MARK: SequentialLR

  private func readParts(
    of schedule: inout CheckedSchedule, _ arguments: [Argument], _ optimizer: CheckedOptimizer?
  ) {
    let bound = schedule.bound
    guard let index = bound.schema.index(of: "schedulers"),
      let position = bound.positions[index],
      case .list(let elements) = evaluator.evaluate(arguments[position].value).value
    else { return }
    let parts = elements.map { element -> CheckedSchedule? in
      switch element.value {
      case .call(let call): check(call, optimizer, isPart: true)
      case .word(let word):
        check(
          Call(name: Name(word, element.span), arguments: [], span: element.span), optimizer, isPart: true)
      default: nil
      }
    }
    let texts = parts.map { $0?.text ?? "?" }.joined(separator: ", ")
    guard let milestones = bound.integers("milestones"), isInOrder(milestones, parts.count, bound) else {
      return
    }
    let kinds = parts.compactMap { $0?.kind }
    guard kinds.count == parts.count, haveOnePace(parts.compactMap { $0 }) else { return }
    schedule.parts = parts.compactMap { $0 }
    schedule.text = "SequentialLR(schedulers=[\(texts)], \(bound.printed("milestones")))"
    schedule.kind = .sequential(kinds, milestones: milestones)
  }

  private func isInOrder(_ milestones: [Int], _ parts: Int, _ bound: BoundCall) -> Bool {
    if milestones.count != parts - 1 {
      report.error(
        "milestones",
        "\(counted(parts, "schedule")) \(parts == 1 ? "has" : "have") "
          + "\(counted(parts - 1, "milestone")) between them, and there \(milestones.count == 1 ? "is" : "are") "
          + "\(milestones.count)", at: bound.span("milestones"),
        help: "each schedule but the first begins at a milestone")
      return false
    }
    if let index = milestones.indices.dropFirst().first(where: { milestones[$0] <= milestones[$0 - 1] }) {
      report.error(
        "milestones", "milestone \(milestones[index]) does not come after \(milestones[index - 1])",
        at: bound.span("milestones"))
      return false
    }
    return true
  }

  private func haveOnePace(_ parts: [CheckedSchedule]) -> Bool {
    guard let first = parts.first, let pace = first.kind?.pace,
      let other = parts.first(where: { $0.kind?.pace != pace })
    else { return true }
    let (step, epoch) = pace == .steps ? (first, other) : (other, first)
    report.error(
      "schedule-paces",
      "\(step.call.name.text) moves with each step of the optimizer, and \(epoch.call.name.text) with each epoch",
      at: other.call.name.span,
      notes: [report.note(at: first.call.name.span, "the first of them")],
      help: "schedules that follow each other count the same thing")
    return false
  }

  // MARK: Momentum

  /// Whether the optimizer has a momentum to cycle; warns where it would otherwise have none.
  private func judgeMomentum(_ bound: BoundCall, _ kind: SchedulePlan.Kind, _ optimizer: OptimizerPlan)
    -> Bool
  {
    let name = bound.schema.name
    let call = statements.optimizer?.call.name.text ?? "the optimizer"
    guard let own = optimizer.kind.momentum, let cycled = kind.cycledMomentum else {
      report.error(
        "no-momentum-to-cycle", "\(name) cycles the momentum, and \(call) has none",
        at: bound.span("cycle_momentum"), help: "write cycle_momentum=False")
      return false
    }
    for (argument, values) in [("base_momentum", cycled.base), ("max_momentum", cycled.max)]
    where optimizer.kind.hasBetas {
      guard let value = values.first(where: { $0 >= 1 }) else { continue }
      report.error(
        "out-of-range",
        "`\(argument)` of \(name) becomes the first of \(call)'s betas, which is below 1, not \(numberText(value))",
        at: bound.span(argument))
      return false
    }
    if own == 0 && !bound.isWritten("base_momentum") && !bound.isWritten("max_momentum") {
      report.warning(
        "momentum-from-schedule",
        "\(call) is written without a momentum, and \(name) gives it one, \(numberText(cycled.base[0])) to "
          + "\(numberText(cycled.max[0]))", at: bound.nameSpan,
        help: "write cycle_momentum=False, or \(call)(…, momentum=\(numberText(cycled.max[0])))")
    }
    return true
  }
}
