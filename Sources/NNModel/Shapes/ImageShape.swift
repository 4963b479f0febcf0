import NNShapes

/// A value read as images, (N, C, H, W), or as sequences, (N, C, L), which count as images of height 1;
/// without N one of them, as PyTorch takes it.
struct ImageShape {
  /// Nil for one image without a batch.
  var batch: FlowDimension?
  var channels: FlowDimension
  var height: Int
  var width: Int
  let axes: SpatialAxes

  /// Reads `input`, or reports at `site` that it is no image.
  ///
  /// - Parameter channelsMayBeBatch: a batch of maps without channels, (N, H, W), is read as one image
  ///   of N channels, which for pooling is the same.
  init?(_ input: FlowShape, _ axes: SpatialAxes, at site: LayerSite, channelsMayBeBatch: Bool) {
    let sizes = input.dimensions
    let isSingle = sizes.count == axes.rawValue + 1 && (channelsMayBeBatch || sizes[0].fixedSize != nil)
    let extents = sizes.suffix(axes.rawValue).compactMap(\.fixedSize)
    guard sizes.count == axes.rawValue + 2 || isSingle, extents.count == axes.rawValue,
      let width = extents.last
    else {
      Self.report(input, axes, at: site)
      return nil
    }
    batch = isSingle ? nil : sizes[0]
    channels = sizes[isSingle ? 0 : 1]
    height = axes == .one ? 1 : extents[0]
    self.width = width
    self.axes = axes
  }

  func with(channels: FlowDimension, height: Int, width: Int) -> FlowShape {
    let map: [FlowDimension] = axes == .one ? [.fixed(width)] : [.fixed(height), .fixed(width)]
    return FlowShape((batch.map { [$0] } ?? []) + [channels] + map)
  }

  /// `3×32×32`, `3×100`
  var text: String { "\(channels)×\(mapText)" }

  /// `32×32`, `100`
  var mapText: String { axes == .one ? "\(width)" : "\(height)×\(width)" }

  private static func report(_ input: FlowShape, _ axes: SpatialAxes, at site: LayerSite) {
    let sample = input.isBatched ? Array(input.dimensions.dropFirst()) : input.dimensions
    let producer = site.history.recent.first { $0.input.rank != $0.output.rank }
    let found: String
    var help: String?
    switch sample.count {
    case 0: found = "single numbers"
    case 1:
      found = "a row of \(sample[0]) features"
      if producer != nil {
        help = producer.map { "put it before \(site.named($0)), or delete that" }
      } else if site.history.steps.isEmpty {
        help =
          axes == .one
          ? sample[0].fixedSize.map { "write input = (1, \($0))" }
          : "give the input as (channels, height, width)" + guess(sample[0].fixedSize)
      }
    case 2 where axes == .two:
      found = "\(input.sampleText) without a channel dimension"
      if site.history.steps.isEmpty {
        help = "write input = (1, \(sample[0]), \(sample[1]))"
      }
    default: found = input.sampleText
    }
    site.error(
      "not-an-image", "\(site.text) takes \(axes.inputs), \(axes.layout), but is given \(found)",
      notes: site.note(of: producer, gives: found), help: help)
  }

  /// `: input = (1, 28, 28)` for 784 features, where a square image is likely.
  private static func guess(_ features: Int?) -> String {
    guard let features, features <= 1 << 40 else { return "" }
    for channels in [1, 3] where features % channels == 0 {
      let side = Int(Double(features / channels).squareRoot())
      if side > 1, side * side * channels == features { return ": input = (\(channels), \(side), \(side))" }
    }
    return ""
  }
}
