import NNShapes

// ZeroPad2d, ConstantPad2d, ReflectionPad2d, ReplicationPad2d, CircularPad2d: (N, C, H, W) to
// (N, C, H + top + bottom, W + left + right). Four amounts come as (left, right, top, bottom); negative ones
// cut off. Source: torch/nn/modules/padding.py.

extension LayerEntry {
  static let zeroPad2d = padding(
    "ZeroPad2d", .zeros, "zeros around an image", "y = x inside, 0 around", "ZeroPad2d(2)")
  static let constantPad2d = padding(
    "ConstantPad2d", .zeros, "a number around an image", "y = x inside, value around",
    "ConstantPad2d(2, 0.5)",
    [Parameter("value", .number(.any), example: "0", "what is put there")])
  static let reflectionPad2d = padding(
    "ReflectionPad2d", .reflect, "an image mirrored at its edges",
    "y = x mirrored at its first and last pixels",
    "ReflectionPad2d(2)")
  static let replicationPad2d = padding(
    "ReplicationPad2d", .replicate, "the edge of an image repeated", "y = the nearest pixel of x",
    "ReplicationPad2d(2)")
  static let circularPad2d = padding(
    "CircularPad2d", .circular, "an image over and over again", "y = x repeated on all sides",
    "CircularPad2d(2)")

  private static func padding(
    _ name: String, _ mode: PaddingMode, _ summary: String, _ formula: String, _ call: String,
    _ more: [Parameter] = []
  ) -> LayerEntry {
    let amounts = TupleKind(
      -maximumDimension...maximumDimension, counts: 4...4, "(left, right, top, bottom)")
    return LayerEntry(
      schema: CallSchema(
        .layer, name,
        [Parameter("padding", .tuple(amounts), example: "1", "elements on each side; negative ones cut off")]
          + more, summary,
        .layer(
          formula,
          shapes: "(N, C, H, W) → (N, C, H + top + bottom, W + left + right), or the same without N",
          input: "(3, 32, 32)", "\(call), Conv2d(3, 16, 5)")),
      traits: .linear,
      configure: { bound, _, _ in
        guard let sides = bound.tuple("padding")?.compactMap(\.self), let first = sides.first else {
          return nil
        }
        let (left, right, top, bottom) =
          sides.count == 4 ? (sides[0], sides[1], sides[2], sides[3]) : (first, first, first, first)
        if !more.isEmpty, bound.number("value") == nil { return nil }
        return .padding(
          PaddingConfiguration(
            vertical: PaddingGeometry(before: top, after: bottom, mode: mode),
            horizontal: PaddingGeometry(before: left, after: right, mode: mode),
            value: more.isEmpty ? 0 : bound.number("value") ?? 0))
      },
      describe: { bound, configuration in
        guard case .padding(let layer) = configuration else { return name }
        let sides = pythonTuple(
          [layer.horizontal.before, layer.horizontal.after, layer.vertical.before, layer.vertical.after]
            .map(String.init))
        return more.isEmpty ? "\(name)(\(sides))" : "\(name)(padding=\(sides), \(bound.printed("value")))"
      })
  }
}

extension PaddingConfiguration: LayerRules {
  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    guard let image = ImageShape(input, .two, at: site, channelsMayBeBatch: true),
      image.admits((vertical, horizontal), at: site)
    else { return nil }
    let height = vertical.outputSize(of: image.height)
    let width = horizontal.outputSize(of: image.width)
    guard height >= 1, width >= 1, height <= maximumDimension, width <= maximumDimension else {
      site.error(
        "no-output", "\(site.text) on \(image.text) would give \(height)×\(width)", at: "padding",
        notes: site.note(of: site.history.producer(ofDimensionFromEnd: 1), gives: image.text))
      return nil
    }
    return image.with(channels: image.channels, height: height, width: width)
  }
}
