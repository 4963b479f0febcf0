// Binary cross-entropy: each number of the output is a yes or no of its own, and the target, of the same
// shape, says how much of a yes. Source: torch/nn/modules/loss.py.

extension LossEntry {
  /// -w · (y log x + (1 - y) log(1 - x)), each logarithm at least -100
  static let bce = LossEntry(
    schema: CallSchema(
      .loss, "BCELoss",
      [
        .elementWeights(
          "weight", "what the losses are multiplied by, in a shape that is repeated to the output's"),
        Parameter.deprecatedReductions.sizeAverage, Parameter.deprecatedReductions.reduce, .reduction,
      ], "probabilities against target values from 0 to 1",
      .values(
        "l = -weight · (t · log(x) + (1 - t) · log(1 - x)), each logarithm at least -100", "BCELoss()",
        ending: ", Sigmoid()")),
    targets: .values, scores: .probabilities,
    configure: { bound in .bce(weight: bound.tensor("weight")) })

  /// BCELoss of the sigmoid of x, with the losses of y = 1 multiplied by pos_weight
  static let bceWithLogits = LossEntry(
    schema: CallSchema(
      .loss, "BCEWithLogitsLoss",
      [
        .elementWeights(
          "weight", "what the losses are multiplied by, in a shape that is repeated to the output's"),
        Parameter.deprecatedReductions.sizeAverage, Parameter.deprecatedReductions.reduce, .reduction,
        .elementWeights("pos_weight", "what the losses of positive targets are multiplied by, likewise"),
      ], "scores against target values from 0 to 1; applies Sigmoid itself",
      .values(
        "l = -weight · (pos_weight · t · log(sigmoid(x)) + (1 - t) · log(1 - sigmoid(x)))",
        "BCEWithLogitsLoss()")),
    targets: .values, scores: .binaryLogits,
    configure: { bound in
      .bceWithLogits(weight: bound.tensor("weight"), posWeight: bound.tensor("pos_weight"))
    })
}
