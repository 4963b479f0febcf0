// CrossEntropyLoss: -w[y] log softmax(x)[y] over scores (N, C, …) and class numbers (N, …); the mean
// divides by the sum of the targets' weights. NLLLoss: the same on given log-probabilities.
// Source: torch/nn/modules/loss.py, aten/src/ATen/native/LossNLL.cpp.

extension LossEntry {
  static let crossEntropy = LossEntry(
    schema: CallSchema(
      .loss, "CrossEntropyLoss",
      [
        .classWeights, Parameter.deprecatedReductions.sizeAverage, .ignoreIndex,
        Parameter.deprecatedReductions.reduce, .reduction,
        Parameter(
          "label_smoothing", .number(.fraction), default: .number(0),
          "the share of the target given to all classes"),
      ],
      "scores against class numbers; applies LogSoftmax itself"),
    targets: .classes, scores: .logits,
    configure: { bound in
      guard let ignoreIndex = bound.integer("ignore_index"), let smoothing = bound.number("label_smoothing")
      else { return nil }
      return .crossEntropy(
        weight: bound.numbers("weight"), ignoreIndex: ignoreIndex, labelSmoothing: smoothing)
    })

  static let nll = LossEntry(
    schema: CallSchema(
      .loss, "NLLLoss",
      [
        .classWeights, Parameter.deprecatedReductions.sizeAverage, .ignoreIndex,
        Parameter.deprecatedReductions.reduce, .reduction,
      ],
      "log-probabilities against class numbers"),
    targets: .classes, scores: .logProbabilities,
    configure: { bound in
      bound.integer("ignore_index").map { .nll(weight: bound.numbers("weight"), ignoreIndex: $0) }
    })
}
