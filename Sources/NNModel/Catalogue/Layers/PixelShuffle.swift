import NNShapes

// PixelShuffle(r): (*, C·r², H, W) to (*, C, H·r, W·r); PixelUnshuffle(r) the inverse. Channel c·r² + i·r + j
// of the one holds the pixels (h·r + i, w·r + j) of the other. Source: torch/nn/modules/pixelshuffle.py.

extension LayerEntry {
  static let pixelShuffle = shuffle(
    "PixelShuffle", "upscale_factor", isInverse: false, "channels laid out as pixels of a larger image",
    .layer(
      "y[c, h · r + i, w · r + j] = x[c · r² + i · r + j, h, w], r = upscale_factor",
      shapes: "(*, C · r², H, W) → (*, C, H · r, W · r)", input: "(3, 16, 16)",
      "Conv2d(3, 12, 3, padding=1), PixelShuffle(2)"))
  static let pixelUnshuffle = shuffle(
    "PixelUnshuffle", "downscale_factor", isInverse: true, "blocks of pixels laid out as channels",
    .layer(
      "y[c · r² + i · r + j, h, w] = x[c, h · r + i, w · r + j], r = downscale_factor",
      shapes: "(*, C, H · r, W · r) → (*, C · r², H, W)", input: "(3, 32, 32)",
      "PixelUnshuffle(2), Conv2d(12, 16, 3)"))

  private static func shuffle(
    _ name: String, _ parameter: String, isInverse: Bool, _ summary: String, _ documentation: Documentation
  ) -> LayerEntry {
    LayerEntry(
      schema: CallSchema(
        .layer, name,
        [Parameter(parameter, .integer(1...46340), example: "2", "height and width of a block")], summary,
        documentation),
      traits: [.linear, .transparent],
      configure: { bound, _, _ in
        bound.integer(parameter).map {
          .pixelShuffle(PixelShuffleConfiguration(factor: $0, isInverse: isInverse))
        }
      },
      describe: { bound, _ in "\(name)(\(bound.printed(parameter)))" })
  }
}

extension PixelShuffleConfiguration: LayerRules {
  public var movesValuesOnly: Bool { true }

  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    let rank = input.rank
    let sizes = input.dimensions.suffix(3).compactMap(\.fixedSize)
    guard rank >= 3, sizes.count == 3 else {
      site.error(
        "not-an-image",
        "\(site.text) takes images, channels × height × width, but is given \(input.sampleText)",
        notes: site.note(of: site.history.steps.last, gives: input.sampleText))
      return nil
    }
    let (channels, height, width) = (sizes[0], sizes[1], sizes[2])
    let block = factor * factor
    if isInverse ? height % factor != 0 || width % factor != 0 : channels % block != 0 {
      let wanted =
        isInverse
        ? "height and width to be multiples of \(factor), and they are \(height)×\(width)"
        : "a number of channels that is a multiple of \(factor)² = \(block), and there are \(channels)"
      site.error(
        "blocks-do-not-divide", "\(site.text) needs \(wanted)",
        notes: site.note(
          of: site.history.producer(ofDimensionFromEnd: isInverse ? 1 : 3), gives: input.sampleText))
      return nil
    }
    let output =
      isInverse
      ? [product([channels, block]), height / factor, width / factor]
      : [channels / block, product([height, factor]), product([width, factor])]
    let fitting = output.compactMap { $0.flatMap { $0 <= maximumDimension ? $0 : nil } }
    guard fitting.count == 3 else {
      site.error(
        "too-large", "\(site.text) on \(input.sampleText): a dimension is at most \(maximumDimension)")
      return nil
    }
    return FlowShape(input.dimensions.dropLast(3) + fitting.map { .fixed($0) })
  }
}
