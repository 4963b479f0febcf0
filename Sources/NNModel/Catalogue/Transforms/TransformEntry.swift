import NNShapes

/// One transform of the catalogue.
struct TransformEntry: Sendable {
  let schema: CallSchema
  /// Nil where arguments are missing or do not go together, which it reports.
  let configure: @Sendable (BoundCall, Reporter) -> TransformConfiguration?
}

/// Whether an image is bytes or floats.
enum ImageStage: Sendable {
  /// Before `ToTensor`: torchvision's PIL image.
  case image
  /// After it.
  case tensor
}

/// Why a transform cannot be applied to the images that reach it.
struct TransformMisfit: Error {
  let code: String
  /// Goes on after the transform: "takes images of 1 or 3 channels, and these have 2".
  let message: String
  var help: String?
}

/// What a transform does to the shape of an image, and what images it takes.
protocol TransformRules: Sendable {
  /// True where it acts only while a split is trained on.
  var isRandom: Bool { get }
  /// True where it takes tensors only; a `ToTensor` before it is implied.
  var needsTensor: Bool { get }
  /// Throws where images (C, H, W) of that stage are not for it.
  func check(_ image: Shape, _ stage: ImageStage) throws(TransformMisfit)
  /// (C, H, W) of what it makes of an image that passed the check.
  func output(of image: Shape) -> Shape
}

extension TransformRules {
  var isRandom: Bool { false }
  var needsTensor: Bool { false }
  func check(_ image: Shape, _ stage: ImageStage) throws(TransformMisfit) {}
  func output(of image: Shape) -> Shape { image }
}

extension Shape {
  func with(_ size: Size2d) -> Shape { [self[0], size.height, size.width] }
}

/// The largest image that transforms may make on the way: they keep a few of it for each thread.
let maximumImage = 1 << 22

extension TransformRules {
  /// Refuses a size that is no image, or a very large one.
  func check(_ size: Size2d?, channels: Int) throws(TransformMisfit) {
    guard let size, size.height >= 1, size.width >= 1 else {
      throw TransformMisfit(code: "bad-image-size", message: "leaves no image of a size that can be")
    }
    let (area, overflow) = size.height.multipliedReportingOverflow(by: size.width)
    guard !overflow, area <= maximumImage / max(channels, 1) else {
      throw TransformMisfit(
        code: "too-large",
        message:
          "makes images of \(channels)×\(size.height)×\(size.width); \(maximumImage) values are the most")
    }
  }

  /// Values given for each channel, against the image's channels.
  func check(_ values: Int, _ what: String, _ image: Shape) throws(TransformMisfit) {
    guard values != 1 && values != image[0] else { return }
    throw TransformMisfit(
      code: "wrong-channels",
      message:
        "has \(counted(values, what)), and its images have \(counted(image[0], "channel")): \(image.crossed)",
      help: "write one for each channel, or one for all")
  }
}
