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
    ],
    "batches of a data set")
}
