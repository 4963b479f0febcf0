import NNShapes

// Grayscale(num_output_channels=1): the brightness of each pixel, in one channel or in three alike.

extension TransformEntry {
  static let grayscale = TransformEntry(
    schema: CallSchema(
      .transform, "Grayscale",
      [
        Parameter("num_output_channels", .integer(1...3), default: .integer(1), "1 or 3")
      ], "the brightness of each pixel",
      .transform(
        "y = 0.299 R + 0.587 G + 0.114 B", shapes: "(C, H, W) → (num_output_channels, H, W), C is 1 or 3",
        "Grayscale()")),
    configure: { bound, report in
      guard let channels = bound.integer("num_output_channels") else { return nil }
      guard channels != 2 else {
        report.error(
          "out-of-range", "`num_output_channels` of Grayscale is 1 or 3, not 2",
          at: bound.span("num_output_channels"))
        return nil
      }
      return .grayscale(channels: channels)
    })
}

struct GrayscaleRules: TransformRules {
  let outputChannels: Int

  func check(_ image: Shape, _ stage: ImageStage) throws(TransformMisfit) { try checkColours(image) }

  func output(of image: Shape) -> Shape { [outputChannels, image[1], image[2]] }
}

extension TransformRules {
  /// Colours are red, green and blue; an image of one channel has none.
  func checkColours(_ image: Shape) throws(TransformMisfit) {
    guard image[0] != 1 && image[0] != 3 else { return }
    throw TransformMisfit(
      code: "wrong-channels",
      message: "takes images of 1 or 3 channels, and these have \(image[0]): \(image.crossed)")
  }
}
