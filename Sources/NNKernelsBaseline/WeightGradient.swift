import NNKernelInterface
import NNShapes

// dw[o][k] = Σ_pixel x[pixel][k] · dy[pixel][o], where k runs over the floats of a window: the tile of the
// gathering passes, with pixels for its terms. `WeightGradientPlan` says how the work is cut,
// `WeightGradientFinish` brings sums into place that do not land there.
extension VectorKernels {
  public static func weightGradientCounts(
    _ geometry: Conv2dGeometry, pooled: Bool
  ) -> WeightGradientCounts {
    WeightGradientPlan(geometry, pooled: pooled).counts
  }

  public static func weightGradient(
    _ geometry: Conv2dGeometry, partial: Int, slice: Int, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, weightSums: UnsafeMutablePointer<Float>,
    biasSums: UnsafeMutablePointer<Float>?, accumulate: Bool, scratch: UnsafeMutablePointer<Float>,
    preparedRegion: UnsafeMutablePointer<Int32>
  ) {
    let plan = WeightGradientPlan(geometry, pooled: outputGradient.argmax != nil)
    let part = WeightGradientSlice(plan, slice)
    let panel = GradientPanel(geometry, plan, outputGradient, scratch + plan.panelStart)
    let firstRegion = evenStart(partial, plan.partials, plan.regions)
    let endRegion = evenStart(partial + 1, plan.partials, plan.regions)
    if plan.followsTap {
      var sums = WeightGradientTapSums(plan, part, panel, weightSums, biasSums, scratch)
      if firstRegion == endRegion && !accumulate { sums.clear() }
      var index = firstRegion
      while index < endRegion {
        let region = WeightGradientRegion(plan, geometry, index)
        sums.add(region, input + region.inputStart, adds: accumulate || index > firstRegion)
        index += 1
      }
      return
    }
    let sums = WeightGradientSums(plan, part, panel, weightSums, biasSums, scratch)
    if firstRegion == endRegion && !accumulate { sums.clear() }
    var index = firstRegion
    while index < endRegion {
      let region = WeightGradientRegion(plan, geometry, index)
      var base = input + region.inputStart
      if plan.copies {
        let copy = scratch + plan.copyStart
        if preparedRegion.pointee != Int32(truncatingIfNeeded: index) {
          plan.source.copy(
            input, plan.vertical, plan.horizontal, firstImage: region.firstImage,
            images: region.images, firstRow: region.firstRow, endRow: region.endRow, to: copy)
          preparedRegion.pointee = Int32(truncatingIfNeeded: index)
        }
        base = UnsafePointer(copy)
      }
      sums.add(region, base, adds: accumulate || index > firstRegion)
      index += 1
    }
  }
}

/// The blocks and the floats of a window that a slice works on.
struct WeightGradientSlice {
  let firstBlock: Int
  let endBlock: Int
  let firstFloat: Int
  let endFloat: Int

  @inline(__always)
  init(_ plan: WeightGradientPlan, _ index: Int) {
    let blockSlice = index / plan.depthSlices
    let depthSlice = index % plan.depthSlices
    firstBlock = evenStart(blockSlice, plan.blockSlices, plan.blocks)
    endBlock = evenStart(blockSlice + 1, plan.blockSlices, plan.blocks)
    let units = pieces(plan.depth, plan.depthUnit)
    firstFloat = evenStart(depthSlice, plan.depthSlices, units) * plan.depthUnit
    endFloat = min(plan.depth, evenStart(depthSlice + 1, plan.depthSlices, units) * plan.depthUnit)
  }
}

/// The output pixels that a tile sums over before it is stored.
struct WeightGradientRegion {
  let firstImage: Int
  let images: Int
  let firstRow: Int
  let endRow: Int
  let pixels: Int
  /// Where the first pixel has its first tap, in an input that is not copied; may lie before it.
  let inputStart: Int

  @inline(__always)
  init(_ plan: WeightGradientPlan, _ geometry: Conv2dGeometry, _ index: Int) {
    firstImage = index / plan.regionsPerImage * plan.imagesPerRegion
    images = min(plan.imagesPerRegion, geometry.batch - firstImage)
    firstRow = index % plan.regionsPerImage * plan.rowsPerRegion
    endRow = min(firstRow + plan.rowsPerRegion, plan.vertical.positions)
    pixels = images * (endRow - firstRow) * plan.horizontal.positions
    inputStart =
      firstImage * plan.source.imageStride
      + (firstRow * plan.vertical.positionStep - plan.vertical.before) * plan.source.rowStride
      - plan.horizontal.before * plan.source.pixelStride
  }
}
