/// The sums over the source channels, m[t][o] = Σ_c v[t][c] · u[c][o], of one block at all points.
struct WinogradProducts {
  /// (point, tile, source channel)
  let values: UnsafePointer<Float>
  /// (point, source channel, block channel), of the block
  let weights: UnsafePointer<Float>
  /// (point, tile, block channel)
  let sums: UnsafeMutablePointer<Float>
  let region: WinogradRegion
  let plan: WinogradPlan

  /// Adds the products of some points and source channels, whose weights are there, to ``sums``; the
  /// first channels overwrite it.
  func multiply(points: Range<Int>, _ sources: Range<Int>, _ weights: UnsafePointer<Float>) {
    let point = points.lowerBound
    let tiles = region.tiles
    let groups = pieces(tiles, BlockSizes.winogradRows)
    var group = 0
    while group < groups {
      let first = evenStart(group, groups, tiles)
      runWinogradTile(
        rows: evenStart(group + 1, groups, tiles) - first, vectors: plan.vectors,
        WinogradTileArguments(
          points: points.upperBound - point, depth: sources.upperBound - sources.lowerBound,
          source: values + point * plan.sourcePointStride + first * plan.sourceStride
            + sources.lowerBound,
          sourcePointStep: plan.sourcePointStride, sourceStep: plan.sourceStride, weights: weights,
          weightPointStep: plan.weightPointStride,
          target: sums + point * plan.productPointStride + first * plan.width,
          targetPointStep: plan.productPointStride, accumulate: sources.lowerBound > 0))
      group += 1
    }
  }

  /// The products of a block at all points, whose weights are there: one point at a time, so that its weights
  /// stay near.
  func multiplyAll(block: Int) {
    let phase = plan.place(ofBlock: block).phase
    var point = 0
    while point < plan.tilePoints {
      if plan.isZero(atPoint: point, ofPhase: phase) {
        zero(sums + point * plan.productPointStride, region.tiles * plan.width)
      } else {
        plan.forEachRun(atPoint: point) { sources in
          multiply(
            points: point..<point + 1, sources,
            weights + point * plan.weightPointStride + sources.lowerBound * plan.width)
        }
      }
      point += 1
    }
  }
}
