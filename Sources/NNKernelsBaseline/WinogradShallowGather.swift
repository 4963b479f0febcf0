import NNKernelInterface
import NNShapes

// The tasks of a shallow Winograd convolution, one of few source channels.

extension WinogradPlan {
  /// Floats of the sums of the tiles that are computed together.
  var shallowSumFloats: Int { BlockSizes.shallowTiles * 4 * points * lanes }
  /// Floats of a task's scratch memory.
  var shallowFloats: Int {
    shallowSumFloats + wholeLines(WinogradTileOutput.floats + lanes) + shallowPlaceFloats
      + shallowSourceFloats
  }
  /// Floats of the table of a region's places: they are the same for all vectors of channels.
  var shallowPlaceFloats: Int {
    wholeLines(regionTiles * MemoryLayout<WinogradTilePlace>.stride / MemoryLayout<Float>.stride)
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
    let bias = edge + WinogradTileOutput.floats
    let table = edge + wholeLines(WinogradTileOutput.floats + lanes)
    let values = table + plan.shallowPlaceFloats
    transformShallowSource(
      WinogradShallowTile<Points, Channels, 1>.self, plan, region, source, to: values,
      values + plan.shallowValueFloats)
    let pass = WinogradTileOutput(
      plan, phase: WinogradPhase(row: 0, column: 0), output, scratch: edge)
    let places = UnsafeMutableRawPointer(table).assumingMemoryBound(to: WinogradTilePlace.self)
    var tile = 0
    while tile < region.tiles {
      places[tile] = pass.places.place(of: tile, in: region)
      tile += 1
    }
    var block = evenStart(split, plan.splits, plan.blocks)
    let end = evenStart(split + 1, plan.splits, plan.blocks)
    while block < end {
      let channel = block * lanes
      let count = min(lanes, plan.targetChannels - channel)
      pass.copyBias(channel, count, to: bias)
      let weights = packed + block * plan.weightBlockStride
      @inline(__always) func write(_ tile: Int, _ sums: UnsafePointer<Float>) {
        pass.put(WinogradLines<Points>.self, sums, at: places[tile], channel, count, bias: bias)
      }
      typealias Group = WinogradShallowTile<Points, Channels, Tiles>
      typealias Single = WinogradShallowTile<Points, Channels, 1>
      tile = 0
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
