import NNDiagnostics
import NNShapes
import NNSyntax

/// What has happened to a value on its way to a layer, so that a finding can name the layer that
/// made it what it is.
final class FlowHistory {
  struct Step {
    /// `Conv2d(3, 32, 5)`
    let text: String
    let span: Span
    let input: FlowShape
    let output: FlowShape
    let rules: any LayerRules
  }

  /// Where a value came from at first.
  struct Origin {
    /// `CIFAR10 images`, `the input`.
    let text: String
    let isPlural: Bool
    let span: Span?

    /// `the input is`, `CIFAR10 images are`.
    var being: String { text + (isPlural ? " are" : " is") }
    /// `the input has`, `CIFAR10 images have`.
    var having: String { text + (isPlural ? " have" : " has") }
  }

  /// The indices of a pool, which a later layer may take.
  struct IndexOffer {
    /// `MaxPool2d(2, return_indices=True)`
    let text: String
    let span: Span
    /// The map that the indices are places in.
    let map: Size2d
    let output: FlowShape
    let isImage: Bool
  }

  let origin: Origin
  private(set) var steps: [Step] = []
  /// The indices that no layer has taken yet.
  private(set) var offers: [IndexOffer] = []

  /// How far back a search goes; a finding about more than that is of no use to a reader.
  private static let reach = 1000

  init(origin: Origin) { self.origin = origin }

  func append(_ step: Step) { steps.append(step) }

  func offerIndices(_ offer: IndexOffer) { offers.append(offer) }

  /// The latest indices that are not taken yet, which now are.
  func takeIndices() -> IndexOffer? { offers.popLast() }

  /// After a layer of unknown effect nothing before it explains anything.
  func forget() {
    steps.removeAll()
    offers.removeAll()
  }

  /// The latest steps, last first.
  var recent: some Sequence<Step> { steps.suffix(Self.reach).reversed() }

  /// The layer that gave the dimension counted from the end its size: the latest one with weights,
  /// or that changed it.
  func producer(ofDimensionFromEnd distance: Int) -> Step? {
    recent.first { step in
      !step.rules.weights.isEmpty
        || step.input.dimensions.dropLast(distance - 1).last
          != step.output.dimensions.dropLast(distance - 1).last
        || step.input.rank != step.output.rank
    }
  }

  /// `a 32×32 map was halved 5 times by lines 3, 5, 7, 9, 11`: the layers that made a map small; nil
  /// where none did.
  func shrinking(_ report: Reporter) -> String? {
    let shrinking = steps.suffix(Self.reach).filter {
      $0.rules.windows != nil && ($0.output.mapSize?.area ?? 0) < ($0.input.mapSize?.area ?? 0)
    }
    guard let first = shrinking.first?.input.mapSize else { return nil }
    let allHalved = shrinking.allSatisfy {
      $0.output.mapSize?.height == ($0.input.mapSize?.height ?? 0) / 2
        && $0.output.mapSize?.width == ($0.input.mapSize?.width ?? 0) / 2
    }
    var lines: [String] = []
    for line in shrinking.compactMap({ report.line(of: $0.span) }).map(String.init) where line != lines.last {
      lines.append(line)
    }
    let shown = lines.count > 8 ? Array(lines.prefix(7)) + ["…"] : lines
    let times = shrinking.count == 1 ? "" : shrinking.count == 2 ? " twice" : " \(shrinking.count) times"
    let verb = allHalved ? "was halved\(times)" : "was made smaller"
    let by = shown.isEmpty ? "" : " by line\(shown.count == 1 ? "" : "s") \(shown.joined(separator: ", "))"
    return "a \(first.height)×\(first.width) map \(verb)\(by)"
  }

  /// For a pool that leaves elements at the end of a map unused: the latest layer whose padding made
  /// the map larger than the division by its stride, and without which the pool would use all.
  func paddingThatLeavesRest(for window: WindowGeometry, vertical: Bool) -> Step? {
    let windowed = steps.suffix(64).filter { $0.rules.windows != nil }
    func axis(_ step: Step) -> WindowGeometry? {
      step.rules.windows.map { vertical ? $0.vertical : $0.horizontal }
    }
    func size(_ shape: FlowShape) -> Int? {
      shape.mapSize.map { vertical ? $0.height : $0.width }
    }
    guard
      let index = windowed.lastIndex(where: { step in
        guard let window = axis(step), let before = size(step.input), let after = size(step.output) else {
          return false
        }
        return window.paddingBefore > 0 && after > (before + window.stride - 1) / window.stride
      }), let unpadded = size(windowed[index].input), let stride = axis(windowed[index])?.stride
    else { return nil }
    var current = (unpadded + stride - 1) / stride
    for step in windowed[(index + 1)...] {
      guard let window = axis(step) else { return nil }
      current = window.outputSize(of: current)
      guard current >= 1 else { return nil }
    }
    return window.unusedTail(of: current) == 0 ? windowed[index] : nil
  }
}

extension FlowShape {
  /// Height and width of an image-shaped value.
  var mapSize: Size2d? {
    guard rank >= 3, case .fixed(let height) = dimensions[rank - 2],
      case .fixed(let width) = dimensions[rank - 1]
    else { return nil }
    return Size2d(height, width)
  }
}

extension Size2d {
  /// As a double: it is only compared.
  var area: Double { Double(height) * Double(width) }
}
