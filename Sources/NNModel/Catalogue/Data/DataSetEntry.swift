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
    .transform,
    .only("target_transform", ParameterValue.none, because: "labels stay as they are"),
    Parameter("download", .boolean, default: .boolean(false), "fetch what is not there"),
    .transforms,
  ]

  static let transform = Parameter(
    "transform", .transforms, default: ParameterValue.none, "ToTensor() is always applied")
  static let transforms = Parameter(
    "transforms", .transforms, default: ParameterValue.none, keywordOnly: true,
    "the same as transform")
}

extension BoundCall {
  /// What is written for `transform`, or under its other name `transforms`; both is an error. Nil where
  /// neither is. `isWhole` is false where something in it is wrong.
  func transforms(_ report: Reporter) -> (written: [TransformPlan]?, isWhole: Bool) {
    let written = ["transform", "transforms"].filter { schema.index(of: $0) != nil && isWritten($0) }
    if written.count == 2, let first = self["transform"].span {
      report.error(
        "duplicate-argument", "`transforms` is another name for `transform`, which is given too",
        at: span("transforms"), notes: [report.note(at: first, "given here")], help: "keep one of them")
    }
    guard let name = written.first else { return (nil, true) }
    guard case .transforms(let transforms)? = self[name].value else { return ([], false) }
    return (transforms, written.count == 1)
  }
}
