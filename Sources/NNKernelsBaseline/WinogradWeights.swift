import NNKernelInterface
import NNShapes

// The weights at the Winograd points.

/// The taps of one block of target channels, the kernel turned as the pass meets it.
struct WinogradTaps {
  /// The first tap for the first source channel and the first channel of the block.
  var first: UnsafePointer<Float>
  /// Floats from one tap to the next, and from one source channel to the next.
  let tapStride: Int
  let sourceStride: Int
  /// Channels of a block.
  let width: Int

  /// Finds them in `weight` where whole vectors can be read there, or else gathers them in `copy`, which
  /// has ``WinogradPlan/tapFloats``; zeros in the channels that a narrow block lacks.
  init(
    _ plan: WinogradPlan, _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, block: Int,
    _ weight: UnsafePointer<Float>, copy: UnsafeMutablePointer<Float>
  ) {
    width = plan.width
    let (phase, firstChannel) = plan.place(ofBlock: block)
    let channels = min(width, plan.targetChannels - firstChannel)
    let kernelFloats = geometry.multiplyAddsPerOutput
    let count = geometry.vertical.kernel * geometry.horizontal.kernel
    let isStrided = geometry.vertical.stride > 1
    if pass == .inputGradient && channels == width && !isStrided {
      // Turned by half a turn.
      first = weight + (count - 1) * plan.targetChannels + firstChannel
      tapStride = -plan.targetChannels
      sourceStride = kernelFloats
      return
    }
    first = UnsafePointer(copy)
    tapStride = plan.tapStride
    sourceStride = width
    if channels < width || isStrided { zero(copy, plan.tapFloats) }
    switch pass {
    case .forward:
      let step = plan.vertical.sourceStep
      var index = 0
      while index < step * step {
        copyTaps(plan, geometry, WinogradPhase(row: index / step, column: index % step)) { place, offset in
          VectorKernels.transpose(
            rows: channels, columns: plan.mapChannels,
            input: weight + firstChannel * kernelFloats + offset, inputStride: kernelFloats,
            output: copy + place * tapStride + index * plan.mapStride * width, outputStride: width)
        }
        index += 1
      }
    case .inputGradient:
      copyTaps(plan, geometry, phase) { place, offset in
        var source = 0
        while source < plan.sourceChannels {
          copyFloats(
            weight + source * kernelFloats + offset + firstChannel,
            copy + place * tapStride + source * width, channels)
          source += 1
        }
      }
    }
  }

  /// Calls `copy` with each place of a phase's windows that has a tap, and with the floats before that tap in
  /// a kernel.
  @inline(__always)
  private func copyTaps(
    _ plan: WinogradPlan, _ geometry: Conv2dGeometry, _ phase: WinogradPhase,
    _ copy: (_ place: Int, _ offset: Int) -> Void
  ) {
    var tap = 0
    while tap < plan.vertical.taps * plan.horizontal.taps {
      let (row, column) = (tap / plan.horizontal.taps, tap % plan.horizontal.taps)
      if let y = plan.vertical.kernelIndex(phase: phase.row, tap: row),
        let x = plan.horizontal.kernelIndex(phase: phase.column, tap: column)
      {
        copy(tap, (y * geometry.horizontal.kernel + x) * geometry.inputChannels)
      }
      tap += 1
    }
  }

  /// Where those of a task's blocks, from `block` on, lie in `weight`, to be fetched while the blocks before
  /// them are computed; nothing where there are none. The task behind is the same thread's next one, but for
  /// the last of its share.
  static func rows(
    _ plan: WinogradPlan, _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, block: Int,
    _ weight: UnsafePointer<Float>
  ) -> RowsAhead {
    let firstChannel = block * plan.width
    let channels = min(plan.blocksPerTask * plan.width, plan.targetChannels - firstChannel)
    if channels <= 0 { return .none }
    // A step is a source channel of a block, brought to two rows of points.
    let steps = plan.blocksPerTask * plan.points / 2 * plan.sourceChannels
    let kernelFloats = geometry.multiplyAddsPerOutput
    switch pass {
    case .forward:
      return RowsAhead(
        weight + firstChannel * kernelFloats, rows: 1, stride: 0, floats: channels * kernelFloats,
        steps: steps)
    case .inputGradient:
      return RowsAhead(
        weight + firstChannel, rows: geometry.outputChannels * kernelFloats / plan.targetChannels,
        stride: plan.targetChannels, floats: channels, steps: steps)
    }
  }

  /// Those of the source channels from `source` on, of a full block that many behind.
  func from(_ source: Int, block: Int) -> WinogradTaps {
    var taps = self
    taps.first += source * sourceStride + block * width
    return taps
  }

  /// u = G · g · Gᵀ for `sources` source channels and two rows of points, those of
  /// ``WinogradLines/rows(ofPair:)``: each to (point, source channel, block channel).
  @inline(__always)
  func transform<let Points: Int>(
    _ lines: WinogradLines<Points>.Type, pair: Int, sources: Int,
    to upper: UnsafeMutablePointer<Float>, _ lower: UnsafeMutablePointer<Float>, pointStride: Int,
    ahead: inout RowsAhead
  ) {
    switch pair {
    case 0: transform(WinogradRows<Points, 0>.self, sources, upper, lower, pointStride, &ahead)
    case 1: transform(WinogradRows<Points, 1>.self, sources, upper, lower, pointStride, &ahead)
    case 2: transform(WinogradRows<Points, 2>.self, sources, upper, lower, pointStride, &ahead)
    default: transform(WinogradRows<Points, 3>.self, sources, upper, lower, pointStride, &ahead)
    }
  }

  @inline(__always)
  private func transform<let Points: Int, let Pair: Int>(
    _ rows: WinogradRows<Points, Pair>.Type, _ sources: Int, _ upper: UnsafeMutablePointer<Float>,
    _ lower: UnsafeMutablePointer<Float>, _ pointStride: Int, _ ahead: inout RowsAhead
  ) {
    // Known numbers, so that the loop over a block's vectors is none.
    if width == lanes {
      transform(rows, width: lanes, sources, upper, lower, pointStride, &ahead)
    } else {
      transform(rows, width: BlockSizes.width, sources, upper, lower, pointStride, &ahead)
    }
  }

  @inline(__always)
  private func transform<let Points: Int, let Pair: Int>(
    _ rows: WinogradRows<Points, Pair>.Type, width: Int, _ sources: Int,
    _ upper: UnsafeMutablePointer<Float>, _ lower: UnsafeMutablePointer<Float>, _ pointStride: Int,
    _ ahead: inout RowsAhead
  ) {
    var source = 0
    while source < sources {
      ahead.fetch()
      var channel = 0
      while channel < width {
        let offset = source * width + channel
        rows.weight(
          first + source * sourceStride + channel, tapStride, to: upper + offset, lower + offset,
          pointStride)
        channel += lanes
      }
      source += 1
    }
  }
}

/// Two rows of points of the weights: see ``WinogradTaps/transform(_:pair:sources:to:_:pointStride:ahead:)``.
enum WinogradRows<let Points: Int, let Pair: Int> {
  /// From the taps of one vector of channels to the points of both rows. A column's values stay in
  /// registers between the two passes.
  @inline(__always)
  static func weight(
    _ taps: UnsafePointer<Float>, _ tapStride: Int, to upper: UnsafeMutablePointer<Float>,
    _ lower: UnsafeMutablePointer<Float>, _ pointStride: Int
  ) {
    let lines = WinogradLines<Points>.self
    let count = lines.taps
    // Five are enough for both kernels.
    var above = InlineArray<5, Vector>(repeating: Vector(repeating: 0))
    var below = above
    var column = 0
    while column < count {
      let values = lines.weightPair(Pair) { load(taps + ($0 * count + column) * tapStride) }
      above[column] = values.0
      below[column] = values.1
      column += 1
    }
    var pair = 0
    while pair < lines.pairs {
      let (a, b) = (lines.weightPair(pair) { above[$0] }, lines.weightPair(pair) { below[$0] })
      let (first, second) = lines.rows(ofPair: pair)
      // Of five points, the first pair of rows, and of points in a row, is twice the same.
      let isSingle = Points == 5 && pair == 0
      store(a.0, to: upper + first * pointStride)
      if !isSingle { store(a.1, to: upper + second * pointStride) }
      if !(Points == 5 && Pair == 0) {
        store(b.0, to: lower + first * pointStride)
        if !isSingle { store(b.1, to: lower + second * pointStride) }
      }
      pair += 1
    }
  }
}
