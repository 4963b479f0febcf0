import NNShapes

// RandomCrop(size, padding=None, pad_if_needed=False, fill=0, padding_mode='constant'): a part of the
// padded image, anywhere in it.

extension TransformEntry {
  static let randomCrop = TransformEntry(
    schema: CallSchema(
      .transform, "RandomCrop",
      [
        .cropSize,
        Parameter(
          "padding", .border, default: ParameterValue.none, acceptsNone: true,
          "pixels added on each side first"),
        Parameter(
          "pad_if_needed", .boolean, default: .boolean(false),
          "pad an image that is smaller than the crop"),
        .fill, .borderMode,
      ], "a part of the image, at random",
      .transform(
        "the pixels from (top, left) on, top and left drawn evenly; acts while training only",
        shapes: "(C, H, W) → (C, size)", "RandomCrop(32, padding=4)")),
    configure: { bound, report in
      guard let size = bound.pair("size"), let padIfNeeded = bound.boolean("pad_if_needed"),
        let fill = bound.oneOrMore("fill"), let mode = bound.text("padding_mode").flatMap(BorderMode.init),
        bound.isComplete
      else { return nil }
      return .randomCrop(
        RandomCropConfiguration(
          size: size, padding: bound.border("padding"), padIfNeeded: padIfNeeded, fill: fill, mode: mode))
    })
}

extension RandomCropConfiguration: TransformRules {
  var isRandom: Bool { true }

  func check(_ image: Shape, _ stage: ImageStage) throws(TransformMisfit) {
    try check(size, channels: image[0])
    var padded = image
    if let padding {
      try check(padding, fill, mode, image, stage)
      padded = image.imageSize.padded(by: padding).map(image.with) ?? image
    }
    let missing = padded.imageSize.missing(for: size)
    guard missing.left > 0 || missing.top > 0 else { return }
    guard !padIfNeeded else { return try check(missing, fill, mode, padded, stage) }
    let padding = padding == nil ? "" : ", padded"
    throw TransformMisfit(
      code: "crop-too-large",
      message: "takes \(size.height)×\(size.width) out of images of \(padded[1])×\(padded[2])\(padding)",
      help: "write a smaller size, padding=…, or pad_if_needed=True")
  }

  func output(of image: Shape) -> Shape { image.with(size) }
}
