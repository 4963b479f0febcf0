import NNKernelInterface
import NNShapes

// dw[o][k] = Σ_pixel x[pixel][k] · dy[pixel][o], where k runs over the floats of a window: the tile of the
// gathering passes, with a window's floats for its rows and pixels for its terms. `WeightGradientPlan`
// says how the work is cut, `WeightGradientFinish` brings the sums into place.
extension VectorKernels {
  public static func weightGradientCounts(
    _ geometry: Conv2dGeometry, pooled: Bool
  ) -> WeightGradientCounts {
    WeightGradientPlan(geometry, pooled: pooled).counts
  }

  public static func weightGradient(
    _ geometry: Conv2dGeometry, partial: Int, slice: Int, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, sums: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, preparedRegion: UnsafeMutablePointer<Int32>
  ) {
    let plan = WeightGradientPlan(geometry, pooled: outputGradient.argmax != nil)
    let part = WeightGradientSlice(plan, slice)
    let layout = plan.source
    let windowOffsets = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Int32.self)
    let pixelOffsets = UnsafeMutableRawPointer(scratch + plan.pixelTableStart)
      .assumingMemoryBound(to: Int32.self)
    fillWindowOffsets(
      plan.vertical, plan.horizontal, plan.source, channels: plan.groupInputs,
      first: part.firstFloat, end: part.endFloat, windowOffsets)
    fillPixelOffsets(plan, pixelOffsets)
    let strip = TileStrip(scratch + plan.stripStart, pixels: 1)
    zero(strip.values, BlockSizes.width)
    let panel = GradientPanel(geometry, plan, outputGradient, scratch + plan.panelStart)

    let firstRegion = evenStart(partial, plan.partials, plan.regions)
    let endRegion = evenStart(partial + 1, plan.partials, plan.regions)
    if firstRegion == endRegion {
      var block = part.firstBlock
      while block < part.endBlock {
        zero(sums + plan.biasSums(block), (plan.depth + 1) * BlockSizes.width)
        block += 1
      }
    }
    var region = firstRegion
    while region < endRegion {
      let firstImage = region / plan.regionsPerImage * plan.imagesPerRegion
      let images = min(plan.imagesPerRegion, geometry.batch - firstImage)
      let firstRow = region % plan.regionsPerImage * plan.rowsPerRegion
      let endRow = min(firstRow + plan.rowsPerRegion, plan.vertical.positions)
      var base = input
      if plan.copies {
        let copy = scratch + plan.copyStart
        if preparedRegion.pointee != Int32(truncatingIfNeeded: region) {
          layout.copy(
            input, plan.vertical, plan.horizontal, firstImage: firstImage, images: images,
            firstRow: firstRow, endRow: endRow, to: copy)
          preparedRegion.pointee = Int32(truncatingIfNeeded: region)
        }
        base = UnsafePointer(copy)
      } else {
        base +=
          firstImage * layout.imageStride
          + (firstRow * plan.vertical.positionStep - plan.vertical.before) * layout.rowStride
          - plan.horizontal.before * layout.pixelStride
      }
      var arguments = GatherTileArguments(
        source: base, sourceOffsets: UnsafePointer(windowOffsets),
        terms: images * (endRow - firstRow) * plan.horizontal.positions,
        termOffsets: UnsafePointer(pixelOffsets), weights: UnsafePointer(panel.values),
        initial: UnsafePointer(strip.values), initialStep: 0, floor: -.infinity,
        target: sums, targetOffsets: strip.offsets)

      let isFirst = region == firstRegion
      var block = part.firstBlock
      while block < part.endBlock {
        let channels = plan.channels(ofBlock: block)
        let vectors = BlockSizes.vectors(for: channels)
        panel.fill(
          firstChannel: plan.firstChannel(ofBlock: block), channels: channels,
          width: vectors * lanes, firstImage: firstImage, images: images, firstRow: firstRow,
          endRow: endRow)
        if part.firstFloat == 0 {
          panel.addUp(
            pixels: arguments.terms, vectors: vectors, isFirst: isFirst, sums + plan.biasSums(block))
        }
        arguments.source = base + block / plan.groupBlocks * plan.groupInputs
        arguments.sourceOffsets = UnsafePointer(windowOffsets)
        arguments.target = sums + plan.sums(block) + part.firstFloat * BlockSizes.width
        arguments.initialStep = isFirst ? 0 : BlockSizes.width
        let size = BlockSizes.pixels(vectors: vectors)
        var rest = part.endFloat - part.firstFloat
        while rest > 0 {
          let floats = nextPiece(of: rest, size)
          arguments.initial = UnsafePointer(isFirst ? strip.values : arguments.target)
          runGatherTile(pixels: floats, vectors: vectors, arguments)
          arguments.sourceOffsets += floats
          arguments.target += floats * BlockSizes.width
          rest -= floats
        }
        block += 1
      }
      region += 1
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
    firstFloat = evenStart(depthSlice, plan.depthSlices, plan.depth)
    endFloat = evenStart(depthSlice + 1, plan.depthSlices, plan.depth)
  }
}

/// Where the pixels of a region lie from its first one. Only whole images or rows may be missing at its
/// end, so one table serves all regions.
private func fillPixelOffsets(_ plan: WeightGradientPlan, _ table: UnsafeMutablePointer<Int32>) {
  var position = 0
  var image = 0
  while image < plan.imagesPerRegion {
    var row = 0
    while row < plan.rowsPerRegion {
      var offset =
        image * plan.source.imageStride + row * plan.vertical.positionStep * plan.source.rowStride
      var column = 0
      while column < plan.horizontal.positions {
        table[position] = Int32(truncatingIfNeeded: offset)
        offset += plan.horizontal.positionStep * plan.source.pixelStride
        position += 1
        column += 1
      }
      row += 1
    }
    image += 1
  }
}
