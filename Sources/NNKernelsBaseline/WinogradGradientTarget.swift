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

  /// dw = Aᵀ · m · A for one output channel and one vector of input channels, from `products`, one vector
  /// a point. `between` is scratch memory.
  @inline(__always)
  func write<let Points: Int>(
    _ lines: WinogradLines<Points>.Type, _ products: UnsafePointer<Float>, pointStep: Int,
    _ outputChannel: Int, _ channel: Int, _ between: UnsafeMutablePointer<Float>
  ) {
    let channels = plan.forward.sourceChannels
    let count = min(lanes, channels - channel)
    let target = weightGradient + outputChannel * lines.taps * lines.taps * channels + channel
    var column = 0
    while column < Points {
      lines.weightGradient(products + column * pointStep, Points * pointStep) { tap, value in
        store(value, to: between + (tap * Points + column) * lanes)
      }
      column += 1
    }
    var row = 0
    while row < lines.taps {
      let line = between + row * Points * lanes
      let taps = target + row * lines.taps * channels
      if count == lanes && !accumulate {
        lines.weightGradient(line, lanes) { tap, value in store(value, to: taps + tap * channels) }
      } else {
        lines.weightGradient(line, lanes) { tap, value in
          let place = taps + tap * channels
          store(
            accumulate ? load(UnsafePointer(place), upTo: count) + value : value, to: place, upTo: count)
        }
      }
      row += 1
    }
  }
}
