import NNDiagnostics
import NNSyntax

// The groups of parameters behind an optimizer.
extension Checker {
  /// The settings of a group: its own, and the optimizer's for all others. Nil where they are wrong.
  func check(_ group: ParameterGroup, _ entry: OptimizerEntry, _ optimizer: BoundCall, isOwnRight: Bool)
    -> OptimizerPlan.Group?
  {
    var schema = entry.schema
    for index in schema.parameters.indices {
      if let value = optimizer.arguments[index].value { schema.parameters[index].defaultValue = value }
    }
    if group.settings.isEmpty && !report.isDamaged(group.span) {
      report.warning(
        "group-without-settings", "this group has no settings of its own", at: group.pattern.span,
        help: "delete it, or write \(pattern(group)) = (lr=0.01)")
    }
    let bound = binder.bind(group.settings, to: schema, name: group.pattern, isDamaged: false)
    if bound.isWritten("lr") { judge(entry, bound) }
    guard isOwnRight, bound.isComplete, let kind = entry.configure(bound, report), let lr = bound.number("lr")
    else { return nil }
    return OptimizerPlan.Group(
      pattern: group.pattern.text, kind: kind, lr: lr, text: bound.canonicalText)
  }

  /// The group of each parameter that a pattern matches, counted from 1; the first that does has it.
  func match(_ groups: [ParameterGroup], in model: ModelPlan) -> [String: Int] {
    guard !groups.isEmpty else { return [:] }
    let keys = LayerConfiguration.sequential(model.layers).parameterShapes.map(\.name)
    let globs = groups.map { Glob($0.pattern.text) }
    var matched: [String: Int] = [:]
    for key in keys {
      if let group = globs.firstIndex(where: { $0.matches(key) }) { matched[key] = group + 1 }
    }
    let used = Set(matched.values)
    for (index, group) in groups.enumerated() where !used.contains(index + 1) {
      let pattern = self.pattern(group)
      if let key = keys.first(where: globs[index].matches), let earlier = matched[key] {
        report.error(
          "unused-group", "each parameter that \(pattern) matches is in an earlier group",
          at: group.pattern.span,
          notes: [report.note(at: groups[earlier - 1].pattern.span, "\(shortened(key)) is in this one")],
          help: "the first pattern that matches decides: put the narrower one first")
      } else {
        report.error(
          "unmatched-group", "\(pattern) matches no parameter of `\(model.name)`", at: group.pattern.span,
          help: didYouMean(group.pattern.text, from: likenesses(of: group.pattern.text, keys))
            ?? (keys.isEmpty ? "it has none" : "they are called \(someOf(keys))"))
      }
    }
    return matched
  }

  /// In quotes, for a message.
  private func pattern(_ group: ParameterGroup) -> String { "\"\(shortened(group.pattern.text))\"" }

  /// The keys; for a pattern with signs, the pattern with the last names of the keys.
  private func likenesses(of pattern: String, _ keys: [String]) -> [String] {
    guard pattern.contains(where: { $0 == "*" || $0 == "?" }), let dot = pattern.lastIndex(of: ".") else {
      return keys
    }
    let names = Set(keys.compactMap { $0.split(separator: ".").last }).sorted()
    return names.map { "\(pattern[...dot])\($0)" }
  }

  /// The first names, and dots where there are more.
  private func someOf(_ keys: [String]) -> String {
    let shown = keys.prefix(6).map(shortened)
    return keys.count > shown.count ? shown.joined(separator: ", ") + ", …" : list(shown)
  }
}
