import NNDiagnostics
import NNSyntax

/// Layers that work but make no sense next to each other: PyTorch says nothing about them.
struct NeighbourChecker {
  let report: Reporter

  func check(_ leaves: [StackChecker.Leaf]) {
    /// The last layer with weights that nothing nonlinear has followed yet.
    var linear: StackChecker.Leaf?
    /// The last layer whose values the next one sees, as they are or some of them dropped.
    var previous: StackChecker.Leaf?
    for leaf in leaves {
      let traits = leaf.entry.traits
      if !traits.contains(.linear) || !leaf.isSound {
        linear = nil
      } else if let rules = leaf.configuration?.rules, !rules.weights.isEmpty {
        if let linear { checkLinear(linear, leaf) }
        linear = leaf
      }
      if let previous, leaf.isSound { checkActivations(previous, leaf) }
      if !traits.contains(.transparent) || !leaf.isSound { previous = leaf.isSound ? leaf : nil }
    }
  }

  private func checkLinear(_ first: StackChecker.Leaf, _ second: StackChecker.Leaf) {
    let message = "\(second.text) follows \(first.text) with no activation between them"
    let together: String
    switch (first.configuration, second.configuration) {
    case (.linear(let a)?, .linear(let b)?):
      together = "together they are one Linear(\(a.inFeatures), \(b.outFeatures))"
    case (.convolution(let a)?, .convolution(let b)?) where a.groups == 1 && b.groups == 1:
      together = "together they are one convolution"
    default: return
    }
    report.warning(
      "no-activation", "\(message); \(together)", at: second.span,
      notes: [report.note(at: first.span, "the layer before")],
      help: "add ReLU() between them if that was not meant")
  }

  private func checkActivations(_ first: StackChecker.Leaf, _ second: StackChecker.Leaf) {
    let (a, b) = (first.entry.traits, second.entry.traits)
    let (name, next) = (first.entry.schema.name, second.entry.schema.name)
    let message: String
    if a.contains(.nonnegative) && b.contains([.idempotent, .activation]) {
      message = "\(next) after \(name) changes nothing"
    } else if name == next
      && (b.contains(.activation) || !b.isDisjoint(with: [.probabilities, .logProbabilities]))
    {
      message = "\(next) is applied twice in a row"
    } else if a.contains(.idempotent), b.contains(.probabilities) || b.contains(.logProbabilities) {
      message =
        "\(name) before \(next) makes every negative score 0: the classes below 0 cannot be told apart"
    } else {
      return
    }
    report.warning(
      "activation-twice", message, at: second.span, notes: [report.note(at: first.span, "the layer before")],
      help: "delete \(a.contains(.idempotent) && name != next ? first.text : second.text)")
  }
}
