import NNKernelInterface
import NNShapes

extension VectorKernels {
  public static func finishWeightGradient(
    _ geometry: Conv2dGeometry, pooled: Bool, slice: Int, sums: UnsafeMutablePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = WeightGradientPlan(geometry, pooled: pooled)
    let part = WeightGradientSlice(plan, slice)
    var block = part.firstBlock
    while block < part.endBlock {
      let channels = plan.channels(ofBlock: block)
      let firstChannel = plan.firstChannel(ofBlock: block)
      if let biasGradient, part.firstFloat == 0 {
        let start = plan.followsTap ? firstChannel : block * BlockSizes.width
        addPartials(
          plan, sums + plan.biasSumsStart + start, channels, accumulate, biasGradient + firstChannel)
      }
      if plan.followsTap {
        var channel = firstChannel
        while channel < firstChannel + channels {
          let start = channel * plan.depth + part.firstFloat
          addPartials(
            plan, sums + start, part.endFloat - part.firstFloat, accumulate, weightGradient + start)
          channel += 1
        }
      } else {
        transposeSums(
          plan, part, sums + plan.sums(block), channels: channels, accumulate,
          weightGradient + firstChannel * plan.depth, scratch)
      }
      block += 1
    }
  }
}

/// Rows of one block's channels, a float of the window each, to rows of the window.
private func transposeSums(
  _ plan: WeightGradientPlan, _ part: WeightGradientSlice, _ sums: UnsafeMutablePointer<Float>,
  channels: Int, _ accumulate: Bool, _ weightGradient: UnsafeMutablePointer<Float>,
  _ scratch: UnsafeMutablePointer<Float>
) {
  var first = part.firstFloat
  while first < part.endFloat {
    let count = min(BlockSizes.transposedFloats, part.endFloat - first)
    let rows = sums + first * BlockSizes.width
    addPartials(plan, rows, count * BlockSizes.width, false, rows)
    let target = weightGradient + first
    VectorKernels.transpose(
      rows: count, columns: channels, input: rows, inputStride: BlockSizes.width,
      output: accumulate ? scratch : target,
      outputStride: accumulate ? BlockSizes.transposedFloats : plan.depth)
    var channel = 0
    while accumulate && channel < channels {
      addFloats(
        scratch + channel * BlockSizes.transposedFloats, target + channel * plan.depth, count)
      channel += 1
    }
    first += count
  }
}

/// The sum of `count` floats of all partial sums, in order, stored in `target` or added to it. The
/// target may be the first partial sum.
private func addPartials(
  _ plan: WeightGradientPlan, _ sums: UnsafePointer<Float>, _ count: Int, _ accumulate: Bool,
  _ target: UnsafeMutablePointer<Float>
) {
  if accumulate {
    addFloats(sums, target, count)
  } else if target != UnsafeMutablePointer(mutating: sums) {
    copyFloats(sums, target, count)
  }
  var partial = 1
  while partial < plan.partials {
    addFloats(sums + partial * plan.sumsCount, target, count)
    partial += 1
  }
}

/// target += source.
@inline(__always)
private func addFloats(
  _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ count: Int
) {
  var index = 0
  while index < count {
    target[index] += source[index]
    index += 1
  }
}
