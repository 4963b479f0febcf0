import NNShapes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How one axis of a resized image is made of the old one: for each new index a run of old ones and
/// their weights.
struct ResampleAxis<Weight: Sendable>: Sendable {
  private(set) var starts: [Int] = []
  private(set) var counts: [Int] = []
  /// `reach` for each index, of which the first `counts` are used.
  private(set) var weights: [Weight] = []
  /// The largest count.
  let reach: Int

  /// The starts, the counts and the weights, as memory.
  @inline(__always)
  func withRuns(
    _ body: (UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int>, UnsafeBufferPointer<Weight>) -> Void
  ) {
    starts.withUnsafeBufferPointer { starts in
      counts.withUnsafeBufferPointer { counts in
        weights.withUnsafeBufferPointer { body(starts, counts, $0) }
      }
    }
  }

  init(_ runs: [(start: Int, weights: [Weight])], filler: Weight) {
    reach = runs.map(\.weights.count).max() ?? 0
    for run in runs {
      starts.append(run.start)
      counts.append(run.weights.count)
      weights += run.weights + Array(repeating: filler, count: reach - run.weights.count)
    }
  }
}

/// The filters of Pillow (`src/libImaging/Resample.c`), which PyTorch's antialiased ones are too.
enum ResampleFilter {
  /// How far a filter reaches for an image that is not made smaller.
  static func support(_ interpolation: Interpolation) -> Double {
    switch interpolation {
    case .nearest, .nearestExact, .box: 0.5
    case .bilinear, .hamming: 1
    case .bicubic: 2
    case .lanczos: 3
    }
  }

  static func value(_ interpolation: Interpolation, _ position: Double) -> Double {
    let x = abs(position)
    switch interpolation {
    case .nearest, .nearestExact, .box: return position > -0.5 && position <= 0.5 ? 1 : 0
    case .bilinear: return x < 1 ? 1 - x : 0
    case .hamming:
      if x == 0 { return 1 }
      return x >= 1 ? 0 : sin(x * .pi) / (x * .pi) * (0.54 + 0.46 * cos(x * .pi))
    case .bicubic: return cubic(x, -0.5)
    case .lanczos: return x < 3 ? sinc(x) * sinc(x / 3) : 0
    }
  }

  /// Keys' kernel with parameter `a`.
  static func cubic(_ x: Double, _ a: Double) -> Double {
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
  }

  private static func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(x * .pi) / (x * .pi) }
}

extension ResampleAxis where Weight == Int32 {
  /// The bits behind the point of a weight.
  static var precision: Int32 { 32 - 8 - 2 }

  /// Pillow's weights for images of bytes: in fixed point, rounded half away from zero.
  init(_ interpolation: Interpolation, from input: Int, to output: Int) {
    let scale = Double(input) / Double(output)
    let stretch = max(scale, 1)
    let support = ResampleFilter.support(interpolation) * stretch
    let runs = (0..<output).map { index -> (Int, [Int32]) in
      let center = (Double(index) + 0.5) * scale
      let first = max(Int(center - support + 0.5), 0)
      let end = min(Int(center + support + 0.5), input)
      let values = (first..<max(end, first)).map {
        ResampleFilter.value(interpolation, (Double($0) - center + 0.5) / stretch)
      }
      let total = values.reduce(0, +)
      return (
        first,
        values.map { value in
          let weight = (total == 0 ? value : value / total) * Double(1 << Self.precision)
          return Int32(weight < 0 ? weight - 0.5 : weight + 0.5)
        }
      )
    }
    self.init(runs, filler: 0)
  }
}

extension ResampleAxis where Weight == Float {
  /// PyTorch's weights for tensors, `interpolate(align_corners=False)`; `antialias` stretches the filter
  /// where the image is made smaller. Source: `aten/src/ATen/native/cpu/UpSampleKernel.cpp`.
  init(_ interpolation: Interpolation, antialias: Bool, from input: Int, to output: Int) {
    let scale = Float(input) / Float(output)
    let runs = (0..<output).map { index -> (start: Int, weights: [Float]) in
      let position = Float(index)
      switch interpolation {
      case .nearest: return (min(Int(position * scale), input - 1), [1])
      case .nearestExact: return (min(Int((position + 0.5) * scale), input - 1), [1])
      default: break
      }
      if antialias { return Self.filtered(interpolation, scale, position, input) }
      let source = (position + 0.5) * scale - 0.5
      if interpolation == .bicubic { return Self.cubic(source, input) }
      let clamped = max(source, 0)
      let first = min(Int(clamped), input - 1)
      let share = min(max(clamped - Float(first), 0), 1)
      return first + 1 < input ? (first, [1 - share, share]) : (first, [1])
    }
    self.init(runs, filler: 0)
  }

  private static func filtered(
    _ interpolation: Interpolation, _ scale: Float, _ position: Float, _ input: Int
  ) -> (start: Int, weights: [Float]) {
    let stretch = max(scale, 1)
    let support = Float(ResampleFilter.support(interpolation)) * stretch
    let center = scale * (position + 0.5)
    let first = max(Int(center - support + 0.5), 0)
    let end = min(Int(center + support + 0.5), input)
    let values = (first..<max(end, first)).map {
      Float(ResampleFilter.value(interpolation, Double((Float($0) - center + 0.5) / stretch)))
    }
    let total = values.reduce(0, +)
    return (first, total == 0 ? values : values.map { $0 / total })
  }

  /// Four pixels; those outside of the image are its last ones.
  private static func cubic(_ source: Float, _ input: Int) -> (start: Int, weights: [Float]) {
    let base = Int(source.rounded(.down))
    let share = Double(source - Float(base))
    let first = min(max(base - 1, 0), input - 1)
    let last = min(max(base + 2, 0), input - 1)
    var weights = [Float](repeating: 0, count: last - first + 1)
    for offset in -1...2 {
      let weight = Float(ResampleFilter.cubic(abs(Double(offset) - share), -0.75))
      weights[min(max(base + offset, 0), input - 1) - first] += weight
    }
    return (first, weights)
  }
}
