import NNKernelInterface
import NNShapes

// The tasks of a shallow Winograd convolution, one of few source channels.

extension WinogradPlan {
  /// Floats of the sums between the two passes of the tiles that are computed together, and of what a
  /// tile at the target's edge has instead of it: its values, then the cells of its maxima.
  var shallowLineFloats: Int { BlockSizes.shallowTiles * 4 * points * lanes }
  static var shallowEdgeFloats: Int { wholeLines((16 + 4) * lanes) }
  /// Floats of a task's scratch memory.
  var shallowFloats: Int {
    shallowLineFloats + BlockSizes.shallowTiles * Self.shallowEdgeFloats + shallowSourceFloats
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
    let edges = scratch + plan.shallowLineFloats
    let values = edges + BlockSizes.shallowTiles * WinogradPlan.shallowEdgeFloats
    transformShallowSource(
      WinogradShallowTile<Points, Channels, 1>.self, plan, region, source, to: values,
      values + plan.shallowValueFloats)
    var arguments = WinogradShallowArguments(
      values: values, weights: packed, between: scratch, bias: Vector(repeating: 0),
      floor: output.epilogue.relu ? 0 : -.infinity, pooling: output.epilogue.pooling)
    var block = evenStart(split, plan.splits, plan.blocks)
    let end = evenStart(split + 1, plan.splits, plan.blocks)
    while block < end {
      let channel = block * lanes
      let count = min(lanes, plan.targetChannels - channel)
      arguments.values = UnsafePointer(values)
      arguments.weights = packed + block * plan.weightBlockStride
      arguments.bias = output.bias.map { load($0 + channel, upTo: count) } ?? Vector(repeating: 0)
      var places = WinogradTilePlaces(plan, region, output, channel: channel, count: count)
      var rest = region.tiles
      while rest >= Tiles {
        compute(WinogradShallowTile<Points, Channels, Tiles>.self, &arguments, &places, edges)
        rest -= Tiles
      }
      while rest > 0 {
        compute(WinogradShallowTile<Points, Channels, 1>.self, &arguments, &places, edges)
        rest -= 1
      }
      block += 1
    }
  }

  /// The next tiles, those at the target's edge by way of `edges`.
  @inline(__always)
  private static func compute<let Count: Int>(
    _ tile: WinogradShallowTile<Points, Channels, Count>.Type, _ a: inout WinogradShallowArguments,
    _ places: inout WinogradTilePlaces, _ edges: UnsafeMutablePointer<Float>
  ) {
    var wanted = InlineArray<Count, WinogradTilePlace>(repeating: places.next())
    var targets = InlineArray<Count, WinogradShallowTarget>(repeating: wanted[0].target)
    var areWhole = true
    var t = 0
    while t < Count {
      if t > 0 { wanted[t] = places.next() }
      targets[t] = wanted[t].target
      if !places.isWhole(wanted[t]) {
        areWhole = false
        targets[t] = places.target(at: edges + t * WinogradPlan.shallowEdgeFloats)
      }
      t += 1
    }
    tile.run(a, targets)
    a.values += Count * Points * tile.columnStride
    if areWhole { return }
    t = 0
    while t < Count {
      if !places.isWhole(wanted[t]) { places.copy(targets[t], to: wanted[t]) }
      t += 1
    }
  }
}
