import NNShapes

// Resize(size, interpolation='bilinear', max_size=None, antialias=True): one number is the shorter
// edge, two are height and width.

extension TransformEntry {
  static let resize = TransformEntry(
    schema: CallSchema(
      .transform, "Resize",
      [
        Parameter(
          "size", .pair(sizes, singleton: true), example: "32", "the shorter edge, or height and width"),
        Parameter(
          "interpolation", .choice(Interpolation.allCases.map(\.rawValue)), default: .text("bilinear"),
          "how new pixels are made; PyTorch's InterpolationMode.BILINEAR is 'bilinear'"),
        Parameter(
          "max_size", .integer(sizes), default: ParameterValue.none, acceptsNone: true,
          "the longer edge at most"),
        Parameter(
          "antialias", .boolean, default: .boolean(true), acceptsNone: true,
          "of a tensor that is made smaller; images before ToTensor always are antialiased"),
      ], "the image in another size",
      .transform(
        "new pixels are weighted means of old ones near their place",
        shapes: "(C, H, W) → (C, size), or the shorter edge size and the same ratio", "Resize(24)")),
    configure: { bound, report in
      guard bound.isComplete, case .pair(let size, let written)? = bound["size"].value,
        let interpolation = bound.text("interpolation").flatMap(Interpolation.init)
      else { return nil }
      let maximum = bound.integer("max_size")
      if let maximum, written == 2 {
        report.error(
          "unavailable-value", "`max_size` of Resize goes with one size, the shorter edge's",
          at: bound.span("max_size"), help: "delete `max_size`")
        return nil
      }
      if let maximum, maximum <= size.height {
        report.error(
          "out-of-range",
          "`max_size` of Resize is above the shorter edge's size, \(size.height), not \(maximum)",
          at: bound.span("max_size"))
        return nil
      }
      return .resize(
        ResizeConfiguration(
          target: written == 2 ? .size(size) : .shortEdge(size.height, maximum: maximum),
          interpolation: interpolation, antialias: bound.boolean("antialias") ?? false))
    })
}

extension ResizeConfiguration: TransformRules {
  func check(_ image: Shape, _ stage: ImageStage) throws(TransformMisfit) {
    try check(size(of: image), channels: image[0])
    // What is made of the rows comes before what is made of the columns.
    try check(size(of: image).map { Size2d(image[1], $0.width) }, channels: image[0])
    switch interpolation {
    case .nearest, .nearestExact, .bilinear, .bicubic: break
    case .box, .hamming, .lanczos:
      guard stage == .tensor else { return }
      throw TransformMisfit(
        code: "unavailable-value",
        message: "has '\(interpolation.rawValue)' for images before ToTensor() only",
        help: "put it before ToTensor()")
    }
  }

  func output(of image: Shape) -> Shape { size(of: image).map(image.with) ?? image }

  private func size(of image: Shape) -> Size2d? {
    switch target {
    case .shortEdge(let edge, let maximum): image.imageSize.resized(shortEdge: edge, maximum: maximum)
    case .size(let size): size
    }
  }
}
