import NNKernelInterface
import NNShapes

/// Where a Winograd weight gradient goes.
struct GradientTarget {
  let plan: WinogradGradientPlan
  let weightGradient: UnsafeMutablePointer<Float>
  let accumulate: Bool

  /// Brings near what ``write`` will overwrite: `channels` input channels from `channel` on of some output
  /// channels.
  func prefetch(_ outputChannels: Range<Int>, _ channel: Int, channels: Int) {
    let taps = (plan.forward.points - 3) * (plan.forward.points - 3)
    let channelStride = plan.forward.sourceChannels
    var rows = RowsAhead(
      weightGradient + outputChannels.lowerBound * taps * channelStride + channel,
      rows: outputChannels.count * taps, stride: channelStride,
      floats: min(channels, channelStride - channel), steps: 1)
    rows.fetch()
  }

  /// dw = Aᵀ · m · A for one output channel and the vector of source channels from `source` on, of one phase,
  /// from `products`, one vector a point. `between` is scratch memory.
  @inline(__always)
  func write<let Points: Int>(
    _ lines: WinogradLines<Points>.Type, _ products: UnsafePointer<Float>, pointStep: Int,
    _ outputChannel: Int, _ source: Int, _ between: UnsafeMutablePointer<Float>
  ) {
    let (channels, steps) = (plan.forward.mapChannels, plan.forward.vertical.sourceStep)
    let (phase, channel) = plan.forward.place(ofSource: source)
    let count = min(lanes, channels - channel)
    let kernel = plan.forward.horizontal.kernel
    let target = weightGradient + outputChannel * kernel * kernel * channels + channel
    var x = 0
    while x < Points {
      lines.weightGradient(products + x * pointStep, Points * pointStep) { tap, value in
        store(value, to: between + (tap * Points + x) * lanes)
      }
      x += 1
    }
    var y = 0
    while y < lines.taps {
      // A stride's second phase may have no last tap.
      let (row, firstColumn) = (y * steps + phase.row, phase.column)
      if row >= kernel { return }
      let line = between + y * Points * lanes
      let taps = target + (row * kernel + firstColumn) * channels
      let tapStep = steps * channels
      if steps == 1 && count == lanes && !accumulate {
        lines.weightGradient(line, lanes) { tap, value in store(value, to: taps + tap * tapStep) }
      } else {
        lines.weightGradient(line, lanes) { tap, value in
          if tap * steps + firstColumn >= kernel { return }
          let place = taps + tap * tapStep
          store(
            accumulate ? load(UnsafePointer(place), upTo: count) + value : value, to: place, upTo: count)
        }
      }
      y += 1
    }
  }
}
