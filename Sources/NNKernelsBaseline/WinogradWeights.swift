import NNKernelInterface
import NNShapes

// The weights at the Winograd points: once a step, whatever the batch.

/// The taps of one block of target channels, (tap, source channel, block channel), as the pass meets
/// them; zeros in the channels that a narrow block lacks.
func gatherTaps(
  _ plan: WinogradPlan, _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, block: Int,
  _ weight: UnsafePointer<Float>, _ taps: UnsafeMutablePointer<Float>
) -> UnsafePointer<Float> {
  let first = block * BlockSizes.width
  let channels = min(BlockSizes.width, plan.targetChannels - first)
  let kernelFloats = geometry.multiplyAddsPerOutput
  if channels < BlockSizes.width { zero(taps, plan.tapFloats) }
  switch pass {
  case .forward:
    VectorKernels.transpose(
      rows: channels, columns: kernelFloats, input: weight + first * kernelFloats,
      inputStride: kernelFloats, output: taps, outputStride: BlockSizes.width)
  case .inputGradient:
    // The kernel turned by half a turn.
    let count = geometry.vertical.kernel * geometry.horizontal.kernel
    var tap = 0
    while tap < count {
      var channel = 0
      while channel < plan.sourceChannels {
        copyFloats(
          weight + channel * kernelFloats + (count - 1 - tap) * plan.targetChannels + first,
          taps + (tap * plan.sourceChannels + channel) * BlockSizes.width, channels)
        channel += 1
      }
      tap += 1
    }
  }
  return UnsafePointer(taps)
}

/// u = G · g · Gᵀ for one block, to (point, source channel, block channel).
@inline(__always)
func transformWeights<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ taps: UnsafePointer<Float>,
  to packed: UnsafeMutablePointer<Float>, _ between: UnsafeMutablePointer<Float>
) {
  let count = lines.taps
  let tapStride = plan.sourceChannels * BlockSizes.width
  var channel = 0
  while channel < tapStride {
    var column = 0
    while column < count {
      lines.weight(
        taps + column * tapStride + channel, count * tapStride, between + column * lanes,
        Points * lanes)
      column += 1
    }
    var row = 0
    while row < Points {
      lines.weight(
        between + row * Points * lanes, lanes, packed + row * Points * plan.weightPointStride + channel,
        plan.weightPointStride)
      row += 1
    }
    channel += lanes
  }
}
