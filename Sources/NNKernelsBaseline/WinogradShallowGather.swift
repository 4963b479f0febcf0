import NNKernelInterface
import NNShapes

// The tasks of a shallow Winograd convolution, one of few source channels.

extension WinogradPlan {
  /// Floats of the sums of the tiles that are computed together.
  var shallowSumFloats: Int { BlockSizes.shallowTiles * 4 * points * lanes }
  /// Floats of a task's scratch memory.
  var shallowFloats: Int {
    shallowSumFloats + wholeLines(WinogradTileEdge.floats + lanes) + WinogradTilePlaces.floats(regionTiles)
      + shallowSourceFloats
  }
}

/// All or some vectors of target channels of one region, whose weights are there.
func gatherShallowRegion(
  _ plan: WinogradPlan, _ task: Int, _ source: ConvolutionOutputGradient,
  _ packed: UnsafePointer<Float>, _ output: BlockOutput, _ scratch: UnsafeMutablePointer<Float>
) {
  switch (plan.points, plan.sourceChannels) {
  case (6, 1): ShallowRegion<6, 1, 2>.gather(plan, task, source, packed, output, scratch)
  case (6, 2): ShallowRegion<6, 2, 2>.gather(plan, task, source, packed, output, scratch)
  case (6, 3): ShallowRegion<6, 3, 2>.gather(plan, task, source, packed, output, scratch)
  case (6, _): ShallowRegion<6, 4, 2>.gather(plan, task, source, packed, output, scratch)
  case (_, 1): ShallowRegion<8, 1, 2>.gather(plan, task, source, packed, output, scratch)
  case (_, 2): ShallowRegion<8, 2, 2>.gather(plan, task, source, packed, output, scratch)
  case (_, 3): ShallowRegion<8, 3, 2>.gather(plan, task, source, packed, output, scratch)
  default: ShallowRegion<8, 4, 2>.gather(plan, task, source, packed, output, scratch)
  }
}

/// One region: Tiles tiles at a time, at the end single ones.
private enum ShallowRegion<let Points: Int, let Channels: Int, let Tiles: Int> {
  @inline(__always)
  static func gather(
    _ plan: WinogradPlan, _ task: Int, _ source: ConvolutionOutputGradient,
    _ packed: UnsafePointer<Float>, _ output: BlockOutput, _ scratch: UnsafeMutablePointer<Float>
  ) {
    let region = plan.region(task / plan.splits)
    let split = task % plan.splits
    let edge = scratch + plan.shallowSumFloats
    let bias = edge + WinogradTileEdge.floats
    let table = edge + wholeLines(WinogradTileEdge.floats + lanes)
    let values = table + WinogradTilePlaces.floats(plan.regionTiles)
    transformShallowSource(
      WinogradShallowTile<Points, Channels, 1>.self, plan, region, source, to: values,
      values + plan.shallowValueFloats)
    let places = WinogradTilePlaces(plan, region, pooling: output.epilogue.pooling, table: table)
    let pass = WinogradShallowOutput(
      bias: bias, floor: output.epilogue.relu ? 0 : -.infinity, pooling: output.epilogue.pooling)
    var block = evenStart(split, plan.splits, plan.blocks)
    let end = evenStart(split + 1, plan.splits, plan.blocks)
    while block < end {
      let channel = block * lanes
      let count = min(lanes, plan.targetChannels - channel)
      store(output.bias.map { load($0 + channel, upTo: count) } ?? Vector(repeating: 0), to: bias)
      let weights = packed + block * plan.weightBlockStride
      @inline(__always) func write(_ tile: Int, _ sums: UnsafePointer<Float>) {
        let place = places.first[tile]
        let target = WinogradShallowTarget(
          values: output.target + channel + place.offset,
          argmax: output.argmax.map { $0 + channel + place.offset }, rowStride: places.rowStride,
          columnStride: places.columnStride)
        if place.isWhole && count == lanes {
          pass.write(WinogradLines<Points>.self, sums, to: target)
        } else {
          let edge = WinogradTileEdge(values: edge)
          pass.write(
            WinogradLines<Points>.self, sums, to: edge.target(hasArgmax: output.argmax != nil))
          edge.copy(place, count: count, to: target)
        }
      }
      typealias Group = WinogradShallowTile<Points, Channels, Tiles>
      typealias Single = WinogradShallowTile<Points, Channels, 1>
      var tile = 0
      while tile + Tiles <= region.tiles {
        Group.run(values + tile * Points * Group.columnStride, weights: weights, to: scratch)
        var t = 0
        while t < Tiles {
          write(tile + t, scratch + t * Group.sumStride)
          t += 1
        }
        tile += Tiles
      }
      while tile < region.tiles {
        Single.run(values + tile * Points * Single.columnStride, weights: weights, to: scratch)
        write(tile, scratch)
        tile += 1
      }
      block += 1
    }
  }
}
