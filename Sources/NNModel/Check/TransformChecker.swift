import NNDiagnostics
import NNShapes

/// Takes the images of a data set through its transforms: in which order, and of which shape.
struct TransformChecker {
  var report: Reporter
  /// `CIFAR10`
  let dataSet: String
  let span: Span
  /// Of the data set's images.
  let image: Shape

  /// With the `ToTensor` that is implied where none is written: before the first transform that takes
  /// tensors only, else at the end.
  func completed(_ written: [TransformPlan]) -> [TransformPlan] {
    guard let last = written.last, !written.contains(where: { $0.configuration == .toTensor }) else {
      return written
    }
    let place = written.firstIndex { $0.configuration.rules.needsTensor } ?? written.count
    let cause = place < written.count ? written[place] : last
    var transforms = written
    transforms.insert(
      TransformPlan(configuration: .toTensor, text: "ToTensor()", span: cause.span, isImplied: true),
      at: place)
    return transforms
  }

  /// The shape after `transforms`; nil, reported, where one of them cannot be applied.
  func shape(after transforms: [TransformPlan]) -> Shape? {
    var shape = image
    var stage = ImageStage.image
    for transform in transforms {
      let rules = transform.configuration.rules
      do throws(TransformMisfit) {
        if rules.needsTensor && stage == .image { throw .beforeToTensor }
        try rules.check(shape, stage)
      } catch {
        report.error(
          error.code, "\(transform.text) \(error.message)", at: transform.span,
          notes: [report.note(at: span, "\(dataSet) images are \(image.crossed)")], help: error.help)
        return nil
      }
      if transform.configuration == .toTensor { stage = .tensor }
      shape = rules.output(of: shape)
    }
    return shape
  }
}

extension TransformMisfit {
  fileprivate static let beforeToTensor = TransformMisfit(
    code: "not-a-tensor", message: "takes a tensor, and ToTensor() comes after it",
    help: "put ToTensor() before it")
}

extension [TransformPlan] {
  /// Those that act where a split is evaluated.
  public var deterministic: [TransformPlan] { filter { !$0.configuration.isRandom } }

  /// The last one that gives images of `shape` another shape: `Resize(64)`; nil where none does.
  func lastReshaping(_ shape: Shape) -> TransformPlan? {
    var shape = shape
    var found: TransformPlan?
    for transform in self {
      let output = transform.configuration.output(of: shape)
      if output != shape { found = transform }
      shape = output
    }
    return found
  }
}
