import NNShapes

// Upsample: (N, C, H, W) to (N, C, H', W') of the nearest pixel or between the four around it; sequences
// (N, C, L) by the nearest alone. H' = floor(H·scale_factor), or size. Source: torch/nn/functional.py,
// `interpolate`.

extension LayerEntry {
  static let upsample = LayerEntry(
    schema: CallSchema(
      .layer, "Upsample",
      [
        Parameter(
          "size", .tuple(TupleKind(sizes, counts: 1...2, "(height, width)")), default: ParameterValue.none,
          acceptsNone: true, "height and width of the output"),
        Parameter(
          "scale_factor", .factor, default: ParameterValue.none, acceptsNone: true,
          "how many times larger the output is"),
        Parameter(
          "mode", .choice(UpsampleConfiguration.Mode.allCases.map(\.rawValue)), default: .text("nearest"),
          "the nearest pixel, or a mean of the four around"),
        Parameter(
          "align_corners", .boolean, default: ParameterValue.none, acceptsNone: true,
          "bilinear: the corner pixels of both lie on each other"),
        .only("recompute_scale_factor", ParameterValue.none, because: "it changes no size"),
      ],
      "a larger image",
      .layer(
        "nearest: y[i, j] = x[floor(i · H / H'), floor(j · W / W')]; bilinear: the mean of the four pixels around, by distance",
        shapes: """
          (N, C, H, W) → (N, C, H', W') with H' = floor(H · scale_factor), or size
          nearest also (N, C, L) → (N, C, L')
          """,
        input: "(8, 16, 16)", "Upsample(scale_factor=2, mode=bilinear), Conv2d(8, 3, 3, padding=1)")),
    traits: .linear,
    configure: { bound, _, report in
      guard let mode = bound.text("mode").flatMap(UpsampleConfiguration.Mode.init) else { return nil }
      let target: UpsampleConfiguration.Target
      let written: Int
      switch (bound["size"].value, bound["scale_factor"].value) {
      case (.tuple(let size, let count)?, ParameterValue.none?):
        guard let first = size.first ?? nil, let last = size.last ?? nil else { return nil }
        (target, written) = (.size(Size2d(first, last)), count)
      case (ParameterValue.none?, .factor(let height, let width, let count)?):
        (target, written) = (.factor(height: height, width: width), count)
      case (ParameterValue.none?, ParameterValue.none?):
        report.error(
          "missing-argument", "Upsample needs `size` or `scale_factor`", at: bound.nameSpan,
          help: "write Upsample(scale_factor=2)")
        return nil
      case (.tuple?, .factor?):
        report.error(
          "size-and-factor", "Upsample takes `size` or `scale_factor`, not both",
          at: bound.span("scale_factor"),
          notes: [report.note(at: bound.span("size"), "the other one")], help: "keep one of them")
        return nil
      default: return nil
      }
      if mode == .nearest, let written = bound.boolean("align_corners") {
        report.error(
          "unavailable-value",
          "`align_corners=\(written ? "True" : "False")` is for mode='bilinear'; the nearest pixel has no corners to align",
          at: bound.span("align_corners"), help: "delete it")
        return nil
      }
      return .upsample(
        UpsampleConfiguration(
          target: target, written: written, mode: mode, alignCorners: bound.boolean("align_corners") ?? false)
      )
    },
    describe: { bound, _ in
      let size = bound.isNone("size") ? bound.printed("scale_factor") : bound.printed("size")
      return "Upsample(\(size), mode='\(bound.text("mode") ?? "nearest")')"
    })
}

extension UpsampleConfiguration: LayerRules {
  public func output(of input: FlowShape, at site: LayerSite) -> FlowShape? {
    let isSequence = input.rank == 3
    guard input.rank == 4 || (isSequence && mode == .nearest) else {
      let wanted = mode == .nearest ? "N×C×H×W or N×C×L" : "images, N×C×H×W"
      site.error(
        "not-an-image", "\(site.text) takes \(wanted), but is given \(input.crossed)",
        notes: site.note(of: site.history.steps.last, gives: input.sampleText))
      return nil
    }
    let sizes = input.dimensions.dropFirst(2).compactMap(\.fixedSize)
    guard sizes.count == input.rank - 2, sizes.allSatisfy({ $0 > 0 }) else {
      site.error("empty-input", "\(site.text) is given \(input.sampleText), which has no elements")
      return nil
    }
    guard written == 0 || written == input.rank - 2 else {
      site.error(
        "axis-count",
        "\(site.text) has \(counted(written, "number")), and \(isSequence ? "sequences have one axis" : "images have two axes")",
        at: site.bound?.isWritten("size") ?? false ? "size" : "scale_factor",
        help: "write one number for all axes\(isSequence ? "" : ", or (height, width)")")
      return nil
    }
    let axes = geometry(of: isSequence ? Size2d(1, sizes[0]) : Size2d(sizes[0], sizes[1]), isSequence)
    guard let axes else {
      site.error(
        "no-output",
        "\(site.text) on \(input.sampleText): a dimension of the output is 1 to \(maximumDimension)",
        at: "scale_factor")
      return nil
    }
    let output = isSequence ? [axes.horizontal.output] : [axes.vertical.output, axes.horizontal.output]
    return FlowShape(input.dimensions.prefix(2) + output.map { .fixed($0) })
  }

  /// How both axes of a map are resized, a sequence's being (1, L); nil where an output size is none.
  public func geometry(of map: Size2d, _ isSequence: Bool) -> (
    vertical: ResizeGeometry, horizontal: ResizeGeometry
  )? {
    func axis(_ input: Int, _ size: KeyPath<Size2d, Int>, _ isHeight: Bool) -> ResizeGeometry? {
      if isSequence && isHeight {
        return ResizeGeometry(input: 1, output: 1, factor: nil, alignsCorners: false)
      }
      let output: Int?
      var factor: Double?
      switch target {
      case .size(let wanted): output = wanted[keyPath: size]
      case .factor(let height, let width):
        factor = isHeight ? height : width
        output = factor.flatMap { ResizeGeometry.outputSize(of: input, factor: $0) }
      }
      guard let output, output >= 1, output <= maximumDimension else { return nil }
      return ResizeGeometry(input: input, output: output, factor: factor, alignsCorners: alignCorners)
    }
    guard var vertical = axis(map.height, \.height, true), var horizontal = axis(map.width, \.width, false)
    else { return nil }
    let isSmall = !isSequence && vertical.output + horizontal.output <= 128
    (vertical.copiesWholeFactors, horizontal.copiesWholeFactors) = (isSmall, isSmall)
    return (vertical, horizontal)
  }
}
