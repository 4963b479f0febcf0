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
        let bias = sums + plan.biasSums(block)
        addPartials(plan, bias, BlockSizes.width)
        if accumulate { addFloats(biasGradient + firstChannel, bias, channels) }
        copyFloats(bias, biasGradient + firstChannel, channels)
      }
      var first = part.firstFloat
      while first < part.endFloat {
        let count = min(BlockSizes.transposedFloats, part.endFloat - first)
        let rows = sums + plan.sums(block) + first * BlockSizes.width
        addPartials(plan, rows, count * BlockSizes.width)
        let target = weightGradient + firstChannel * plan.depth + first
        if accumulate {
          transpose(
            rows: count, columns: channels, input: rows, inputStride: BlockSizes.width,
            output: scratch, outputStride: BlockSizes.transposedFloats)
          var channel = 0
          while channel < channels {
            addFloats(
              scratch + channel * BlockSizes.transposedFloats, target + channel * plan.depth, count)
            channel += 1
          }
        } else {
          transpose(
            rows: count, columns: channels, input: rows, inputStride: BlockSizes.width,
            output: target, outputStride: plan.depth)
        }
        first += count
      }
      block += 1
    }
  }
}

/// Adds to `count` floats of the first partial sum those of the others, in order.
private func addPartials(_ plan: WeightGradientPlan, _ sums: UnsafeMutablePointer<Float>, _ count: Int) {
  var partial = 1
  while partial < plan.partials {
    addFloats(sums + partial * plan.sumsCount, sums, count)
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
