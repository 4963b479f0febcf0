import NNDiagnostics
import NNShapes
import NNSyntax

/// The model's end against the loss, and both against the classes of the data.
struct OutputChecker {
  let report: Reporter
  let model: Checker.CheckedModel
  let data: DataPlan?
  let loss: Checker.CheckedLoss?
  let isTraining: Bool

  func check() {
    guard let loss, let last = model.leaves.last else { return }
    checkLast(last, loss)
    guard let output = model.output else { return }
    if loss.entry.targets == .classes {
      let scores = scores(of: output, last, loss)
      if let scores { checkWeights(scores, last, loss) }
    } else if let data {
      checkTargets(data, output, loss)
    } else {
      for name in ["weight", "pos_weight"] { checkRepeated(name, to: output, last, loss) }
    }
  }

  /// Nil where a layer is not known.
  private var end: StackChecker.Leaf? {
    for leaf in model.leaves.reversed() {
      guard leaf.configuration != nil else { return nil }
      if !leaf.entry.traits.contains(.transparent) { return leaf }
    }
    return model.leaves.last
  }

  // MARK: The last layer

  private func checkLast(_ last: StackChecker.Leaf, _ loss: Checker.CheckedLoss) {
    if last.entry.traits.contains(.dropout) && isTraining {
      report.warning(
        "dropout-at-end", "the model ends in \(last.text), which sets scores to 0 at random while training",
        at: last.span, help: "delete it, or move it before the last Linear")
    }
    if let rules = last.configuration?.rules, rules.outputCount > 1 {
      report.error(
        "two-values", "\(last.text) gives two values, and \(loss.call.name.text) takes one", at: last.span,
        notes: [report.note(at: loss.call.span, "the loss")], help: "leave return_indices out")
    }
    guard let end else { return }
    let (traits, name, lossName) = (end.entry.traits, end.entry.schema.name, loss.call.name.text)
    let notes = [report.note(at: loss.call.span, "the loss")]
    switch loss.entry.scores {
    case .logits where traits.contains(.probabilities):
      report.warning(
        "softmax-before-loss",
        "the model ends in \(name), and \(lossName) applies \(name == "Softmax" ? "it" : "Softmax") again: "
          + "it would train, badly", at: end.span,
        notes: notes, help: "delete \(end.text)")
    case .logits where traits.contains(.logProbabilities):
      report.warning(
        "softmax-before-loss", "the model ends in \(name), and \(lossName) applies it itself", at: end.span,
        notes: notes, help: "delete \(end.text), or write loss = NLLLoss()")
    case .logits where traits.contains(.activation):
      let effect =
        traits.contains(.idempotent)
        ? "every negative score becomes 0"
        : traits.contains(.bounded) ? "the scores are squeezed" : "they are bent"
      report.warning(
        "activation-before-loss",
        "the model ends in \(name), and \(lossName) takes scores of any size: \(effect)", at: end.span,
        notes: notes, help: "delete \(end.text)")
    case .binaryLogits where traits.contains(.unitInterval):
      report.warning(
        "sigmoid-before-loss",
        "the model ends in \(name), and \(lossName) applies \(name == "Sigmoid" ? "it again" : "Sigmoid to that"): "
          + "it would train, badly", at: end.span, notes: notes,
        help: "delete \(end.text), or write loss = BCELoss()")
    case .binaryLogits where traits.contains(.activation) || traits.contains(.logProbabilities):
      report.warning(
        "activation-before-loss",
        "the model ends in \(name), and \(lossName) takes scores of any size", at: end.span, notes: notes,
        help: "delete \(end.text)")
    case .probabilities where !traits.contains(.unitInterval) && !traits.contains(.transparent):
      report.warning(
        "needs-probabilities",
        "\(lossName) needs probabilities, 0 to 1, and the model ends in \(end.text)", at: end.span,
        notes: notes, help: "add Sigmoid(), or write loss = BCEWithLogitsLoss()")
    case .logProbabilities where loss.entry.targets == .values:
      guard traits.isDisjoint(with: [.logProbabilities, .transparent]) else { break }
      report.warning(
        "needs-log-probabilities", "\(lossName) needs log-probabilities, and the model ends in \(end.text)",
        at: end.span, notes: notes,
        help: name == "Softmax" ? "write Log\(end.text)" : "add LogSoftmax(dim=1)")
    case .logProbabilities where traits.contains(.probabilities):
      report.warning(
        "nll-needs-log-probabilities",
        "\(lossName) needs log-probabilities, and the model ends in \(name), which gives probabilities",
        at: end.span,
        notes: notes,
        help: name == "Softmax" ? "write Log\(end.text)" : "write loss = CrossEntropyLoss()")
    case .logProbabilities where !traits.contains(.logProbabilities):
      report.warning(
        "nll-needs-log-probabilities",
        "\(lossName) needs log-probabilities, and the model ends in \(end.text)",
        at: end.span, notes: notes, help: "add LogSoftmax(dim=1), or write loss = CrossEntropyLoss()")
    default: break
    }
  }

  // MARK: Class scores

  /// The number of scores of a sample; nil where the output has none, which is reported.
  private func scores(of output: FlowShape, _ last: StackChecker.Leaf, _ loss: Checker.CheckedLoss) -> Int? {
    guard let data else { return output.rank >= 2 ? output.dimensions[1].fixedSize : nil }
    guard output.rank == 2, output.isBatched, let scores = output.dimensions[1].fixedSize else {
      let isMap = output.isBatched && output.rank > 2
      report.error(
        "not-a-row-of-scores",
        "\(loss.call.name.text) needs a row of \(data.classCount) scores for each sample, and the model gives "
          + (output.isBatched ? output.sampleText : output.crossed), at: last.span,
        notes: [report.note(at: loss.call.span, "the loss")],
        help: isMap ? "end the model with Flatten(), Linear(_, \(data.classCount))" : nil)
      return nil
    }
    let classes = data.classCount
    guard scores != classes else { return scores }
    let maker = model.leaves.last { $0.configuration.map { !$0.rules.weights.isEmpty } ?? false } ?? last
    let help = corrected(maker, classes).map { "write \($0)" }
    let name = sourceName
    if scores < classes {
      report.error(
        "too-few-scores",
        "\(maker.text) gives \(counted(scores, "score")), but the labels of \(name) run from 0 to \(classes - 1)",
        at: maker.span, notes: [report.note(at: data.sources.first?.span ?? data.span, "the data")],
        help: help)
    } else {
      report.warning(
        "too-many-scores",
        "\(maker.text) gives \(counted(scores, "score")), but \(name) has \(classes) classes: the others are never right",
        at: maker.span, notes: [report.note(at: data.sources.first?.span ?? data.span, "the data")],
        help: help)
    }
    return scores
  }

  private var sourceName: String {
    switch data?.sources.first?.kind {
    case .cifar10?: "CIFAR10"
    case .mnist?: "MNIST"
    case .fashionMNIST?: "FashionMNIST"
    case .shapes10?: "Shapes10"
    case nil: "the data"
    }
  }

  /// The last layer with as many outputs as there are classes.
  private func corrected(_ maker: StackChecker.Leaf, _ classes: Int) -> String? {
    guard case .linear(let linear)? = maker.configuration else { return nil }
    return "Linear(\(linear.inFeatures), \(classes)\(linear.bias ? "" : ", bias=False"))"
  }

  private func checkWeights(_ scores: Int, _ last: StackChecker.Leaf, _ loss: Checker.CheckedLoss) {
    guard loss.bound.schema.index(of: "weight") != nil, let weights = loss.bound.numbers("weight"),
      weights.count != scores
    else { return }
    report.error(
      "weight-count",
      "`weight` has \(counted(weights.count, "number")), and the model gives \(counted(scores, "score"))",
      at: loss.bound.span("weight"), notes: [report.note(at: last.span, "the last layer")],
      help: "one weight for each class")
  }

  // MARK: Values

  /// Weights are repeated to the output's shape, from the last dimension on.
  private func checkRepeated(
    _ name: String, to output: FlowShape, _ last: StackChecker.Leaf, _ loss: Checker.CheckedLoss
  ) {
    guard loss.bound.schema.index(of: name) != nil, let shape = loss.bound.tensor(name)?.shape else { return }
    let misfit = (0..<shape.rank).first { distance in
      guard distance < output.rank else { return true }
      let size = shape[shape.rank - 1 - distance]
      return size != 1 && output.dimensions[output.rank - 1 - distance].fixedSize.map { $0 != size } ?? false
    }
    guard let misfit else { return }
    let found =
      misfit < output.rank
      ? "\(shape[shape.rank - 1 - misfit]) is neither 1 nor \(output.dimensions[output.rank - 1 - misfit])"
      : "it has more dimensions"
    report.error(
      "weight-shape",
      "`\(name)` has shape \(shape), which cannot be repeated to the output, \(output.crossed): \(found)",
      at: loss.bound.span(name), notes: [report.note(at: last.span, "the last layer")])
  }

  /// Every data set has class numbers for targets.
  private func checkTargets(_ data: DataPlan, _ output: FlowShape, _ loss: Checker.CheckedLoss) {
    report.error(
      "loss-needs-values",
      "\(loss.call.name.text) compares the output, \(output.isBatched ? output.sampleText : output.crossed) a sample, "
        + "with values of the same shape, but the targets of \(sourceName) are class numbers, 0 to \(data.classCount - 1)",
      at: loss.call.span, notes: [report.note(at: data.sources.first?.span ?? data.span, "the data")],
      help: "write loss = CrossEntropyLoss()")
  }
}
