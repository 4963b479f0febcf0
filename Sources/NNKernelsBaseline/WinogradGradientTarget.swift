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
    var x = 0
    while x < Points {
      lines.weightGradient(products + x * pointStep, Points * pointStep) { tap, value in
        store(value, to: between + (tap * Points + x) * lanes)
      }
      x += 1
    }
    writeTaps(lines, between, outputChannel, source)
  }

  /// The second pass of that alone, from (tap row, point column, lane).
  @inline(__always)
  func writeTaps<let Points: Int>(
    _ lines: WinogradLines<Points>.Type, _ between: UnsafePointer<Float>, _ outputChannel: Int,
    _ source: Int
  ) {
    // Known numbers where there is no stride.
    if plan.forward.vertical.sourceStep == 1 {
      let whole = WinogradPhase(row: 0, column: 0)
      put(lines, between, outputChannel, source, of: whole, step: 1, kernel: lines.taps)
    } else {
      let (phase, channel) = plan.forward.place(ofSource: source)
      put(
        lines, between, outputChannel, channel, of: phase, step: plan.forward.vertical.sourceStep,
        kernel: plan.forward.vertical.kernel)
    }
  }

  /// Every `step`th tap along both axes from the phase's first on, as far as there are taps.
  @inline(__always)
  private func put<let Points: Int>(
    _ lines: WinogradLines<Points>.Type, _ between: UnsafePointer<Float>, _ outputChannel: Int,
    _ channel: Int, of phase: WinogradPhase, step: Int, kernel: Int
  ) {
    let channels = plan.forward.mapChannels
    let count = min(lanes, channels - channel)
    let target = weightGradient + outputChannel * kernel * kernel * channels + channel
    var y = 0
    while y < lines.taps && y * step + phase.row < kernel {
      let line = between + y * Points * lanes
      let taps = target + ((y * step + phase.row) * kernel + phase.column) * channels
      if count == lanes && !accumulate && step == 1 {
        lines.weightGradient(line, lanes) { tap, value in store(value, to: taps + tap * channels) }
      } else {
        lines.weightGradient(line, lanes) { tap, value in
          if tap * step + phase.column >= kernel { return }
          let place = taps + tap * step * channels
          store(
            accumulate ? load(UnsafePointer(place), upTo: count) + value : value, to: place, upTo: count)
        }
      }
      y += 1
    }
  }
}
