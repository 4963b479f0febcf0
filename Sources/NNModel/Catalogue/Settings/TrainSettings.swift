// The settings of `train(…)`.

enum TrainSettings {
  static let schema = CallSchema(
    .settings, "train",
    [
      Parameter("epochs", .integer(sizes), keywordOnly: true, example: "10", "passes over the training data"),
      setting("validate", .reference("split"), "the split that is evaluated after each epoch"),
      setting("clip_grad_norm", .number(.positive), "the largest norm of all gradients together"),
      setting("clip_grad_value", .number(.positive), "the largest absolute value of a gradient"),
      Parameter(
        "accumulate", .integer(sizes), default: .integer(1), keywordOnly: true,
        "batches whose gradients are averaged for a step"),
      setting("early_stop", .integer(sizes), "stop after so many epochs without a better one"),
      setting("save_every", .interval, "how often the weights are saved besides"),
      setting("time_limit", .interval, "stop, saved, after so long"),
      setting("model", .reference("model"), "which one, where there are several"),
    ],
    "the training loop",
    .training(
      "an epoch is a step of the optimizer for each batch, or for each accumulate batches",
      train: "train(epochs=3, clip_grad_norm=1.0, time_limit=\"2 h\")"))

  private static func setting(_ name: String, _ kind: Parameter.Kind, _ summary: String) -> Parameter {
    Parameter(
      name, kind, default: ParameterValue.none, acceptsNone: true, keywordOnly: true, summary)
  }
}
