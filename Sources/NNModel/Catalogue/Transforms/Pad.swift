import NNShapes

// Pad(padding, fill=0, padding_mode='constant'): a border.

extension TransformEntry {
  static let pad = TransformEntry(
    schema: CallSchema(
      .transform, "Pad",
      [
        Parameter("padding", .border, example: "4", "pixels on each side"), .fill, .borderMode,
      ], "a border around the image",
      .transform(
        "pixels outside of the image are fill, its edge, or its mirror image",
        shapes: "(C, H, W) → (C, top + H + bottom, left + W + right)", "Pad(2)")),
    configure: { bound, report in
      guard let border = bound.border("padding"), let fill = bound.oneOrMore("fill"),
        let mode = bound.text("padding_mode").flatMap(BorderMode.init)
      else { return nil }
      return .pad(PadConfiguration(border: border, fill: fill, mode: mode))
    })
}

extension Parameter {
  static let fill = Parameter(
    "fill", .numberOrNumbers(.any), default: .integer(0),
    "the value of a constant border: 0 to 255, or of a tensor any number")
  static let borderMode = Parameter(
    "padding_mode", .choice(BorderMode.allCases.map(\.rawValue)), default: .text("constant"),
    "what the border is filled with")
}

extension PadConfiguration: TransformRules {
  func check(_ image: Shape, _ stage: ImageStage) throws(TransformMisfit) {
    try check(border, fill, mode, image, stage)
  }

  func output(of image: Shape) -> Shape { image.imageSize.padded(by: border).map(image.with) ?? image }
}

extension TransformRules {
  /// A border around images of a stage.
  func check(
    _ border: ImageBorder, _ fill: [Double], _ mode: BorderMode, _ image: Shape, _ stage: ImageStage
  ) throws(TransformMisfit) {
    try check(image.imageSize.padded(by: border), channels: image[0])
    if mode == .constant { try check(fill, image, stage) }
    guard stage == .tensor, mode == .reflect || mode == .symmetric else { return }
    // PIL images are mirrored again and again, tensors once.
    let limit = mode == .reflect ? 1 : 0
    let fits =
      max(border.left, border.right) <= image[2] - limit && max(border.top, border.bottom) <= image[1] - limit
    if !fits {
      throw TransformMisfit(
        code: "padding-too-large",
        message: "pads by (\(border.left), \(border.top), \(border.right), \(border.bottom)), and a mirror "
          + "image of \(image.crossed) has at most \(image[2] - limit) columns and \(image[1] - limit) rows",
        help: "put it before ToTensor(), or pad by less")
    }
  }

  private func check(_ fill: [Double], _ image: Shape, _ stage: ImageStage) throws(TransformMisfit) {
    if stage == .tensor && fill.count > 1 {
      throw TransformMisfit(
        code: "wrong-channels", message: "fills a tensor with one number, not with \(fill.count)",
        help: "put it before ToTensor(), or write one number")
    }
    try check(fill.count, "fill value", image)
    if stage == .image, let wrong = fill.first(where: { !(0...255).contains($0) }) {
      throw TransformMisfit(
        code: "out-of-range",
        message:
          "fills with \(ParameterValue.number(wrong, isInteger: Int(exactly: wrong) != nil)), and a pixel is 0 to 255 before ToTensor()"
      )
    }
  }
}
