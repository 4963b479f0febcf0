// The settings of DataLoader, and of the statement `data` around it.

enum DataLoaderSettings {
  static let schema = CallSchema(
    .settings, "DataLoader",
    [
      Parameter(
        "batch_size", .integer(sizes), default: .integer(1), keywordOnly: true, "samples of a step"),
      Parameter(
        "shuffle", .boolean, default: .boolean(false), keywordOnly: true, "another order in every epoch"),
      Parameter(
        "drop_last", .boolean, default: .boolean(false), keywordOnly: true,
        "leave out a last batch that is not full"),
      Parameter(
        "split", .number(.properFraction), default: ParameterValue.none, keywordOnly: true,
        "the share that is `train`; the rest is `val`"),
    ] + withoutEffect,
    "batches of a data set",
    .training(
      "⌈n / batch_size⌉ batches an epoch, or ⌊n / batch_size⌋ with drop_last",
      data: "DataLoader(Shapes10(), batch_size=64, shuffle=True, split=0.9)",
      train: "train(epochs=3, validate=val)"))

  /// PyTorch's, which take what changes nothing here.
  private static let withoutEffect: [Parameter] =
    [
      ("num_workers", ParameterValue.integer(0)), ("pin_memory", .boolean(false)), ("timeout", .integer(0)),
      ("persistent_workers", .boolean(false)), ("prefetch_factor", .none),
    ].map { name, value in
      .only(name, value, because: "nnrun reads data within its own process", keywordOnly: true)
    }
    + ["sampler", "batch_sampler", "collate_fn", "worker_init_fn", "multiprocessing_context", "generator"].map
  {
    .only($0, .none, because: "this version of nnrun does not have it", keywordOnly: true)
  }
}
