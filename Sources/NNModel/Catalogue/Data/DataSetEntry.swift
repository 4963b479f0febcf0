import NNDiagnostics
import NNShapes

/// One data set of the catalogue.
struct DataSetEntry: Sendable {
  /// What it is made of.
  struct Contents: Sendable {
    var source: DataSourcePlan.Kind
    var sampleShape: Shape
    var classCount: Int
    var sampleCount: Int
  }

  let schema: CallSchema
  /// Nil where arguments are wrong or do not go together, which it reports.
  let configure: @Sendable (BoundCall, Reporter) -> Contents?
}

extension Parameter {
  /// The parameters of torchvision's data sets, in its order.
  static let torchvision: [Parameter] = [
    Parameter("root", .text("a folder"), example: "'data'", "the folder that holds the data"),
    Parameter("train", .boolean, default: .boolean(true), "the training images, else the test images"),
    Parameter("transform", .transforms, default: ParameterValue.none, "ToTensor() is always applied"),
    .only("target_transform", ParameterValue.none, because: "labels stay as they are"),
    Parameter("download", .boolean, default: .boolean(false), "fetch what is not there"),
    Parameter(
      "transforms", .transforms, default: ParameterValue.none, keywordOnly: true, "the same as transform"),
  ]
}

extension BoundCall {
  /// Reports `transform` beside its other name `transforms`.
  func checkTransforms(_ report: Reporter) {
    guard let first = self["transform"].span, let second = self["transforms"].span else { return }
    report.error(
      "duplicate-argument", "`transforms` is another name for `transform`, which is given too", at: second,
      notes: [report.note(at: first, "given here")], help: "keep one of them")
  }
}
