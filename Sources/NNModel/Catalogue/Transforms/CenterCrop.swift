import NNShapes

// CenterCrop(size): the middle; a smaller image is filled up with zeros.

extension TransformEntry {
  static let centerCrop = TransformEntry(
    schema: CallSchema(
      .transform, "CenterCrop", [.cropSize], "the middle of the image",
      .transform(
        "the pixels around the centre; an image that is too small is filled up with zeros",
        shapes: "(C, H, W) → (C, size)", "CenterCrop(28)")),
    configure: { bound, _ in bound.pair("size").map { .centerCrop($0) } })
}

extension Parameter {
  static let cropSize = Parameter(
    "size", .pair(sizes, singleton: true), example: "32", "height and width of the crop")
}

struct CenterCropRules: TransformRules {
  let size: Size2d

  func check(_ image: Shape, _ stage: ImageStage) throws(TransformMisfit) {
    try check(
      Size2d(max(size.height, image[1]), max(size.width, image[2])), channels: image[0])
  }

  func output(of image: Shape) -> Shape { image.with(size) }
}
