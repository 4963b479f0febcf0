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
      "scores against class numbers; applies LogSoftmax itself",
      .training(
        "l = -weight[t] · log(exp(x[t]) / Σ exp(x)); the mean divides by the weights of the classes",
        shapes: "scores (N, C), classes (N) → one number", loss: "CrossEntropyLoss(label_smoothing=0.1)")),
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
      "log-probabilities against class numbers",
      .training(
        "l = -weight[t] · x[t]; the mean divides by the weights of the classes",
        shapes: "log-probabilities (N, C), classes (N) → one number",
        layers: "Flatten(), Linear(_, 10), LogSoftmax(dim=1)", loss: "NLLLoss()")),
    targets: .classes, scores: .logProbabilities,
    configure: { bound in
      bound.integer("ignore_index").map { .nll(weight: bound.numbers("weight"), ignoreIndex: $0) }
    })
}
