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
    let offsets = fillWindowOffsets(plan, scratch)
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
        source: base, sourceOffsets: offsets, rows: images, rowStep: layout.imageStride,
        runs: endRow - firstRow, runStep: plan.vertical.positionStep * layout.rowStride,
        runLength: plan.horizontal.positions,
        step: plan.horizontal.positionStep * layout.pixelStride, weights: UnsafePointer(panel.values),
        initial: UnsafePointer(strip.values), initialStep: 0, floor: -.infinity,
        target: sums, targetOffsets: strip.offsets)
      arguments.joinLoops()

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
            pixels: images * (endRow - firstRow) * plan.horizontal.positions, vectors: vectors,
            isFirst: isFirst, sums + plan.biasSums(block))
        }
        arguments.source = base + block / plan.groupBlocks * plan.groupInputs
        let blockSums = sums + plan.sums(block)
        let floats = part.endFloat - part.firstFloat
        let tiles = pieces(floats, BlockSizes.pixels(vectors: vectors))
        var tile = 0
        while tile < tiles {
          let first = part.firstFloat + evenStart(tile, tiles, floats)
          let end = part.firstFloat + evenStart(tile + 1, tiles, floats)
          arguments.sourceOffsets = offsets + first
          arguments.target = blockSums + first * BlockSizes.width
          if !isFirst {
            arguments.initial = UnsafePointer(arguments.target)
            arguments.initialStep = BlockSizes.width
          }
          runGatherTile(pixels: end - first, vectors: vectors, arguments)
          tile += 1
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

extension GatherTileArguments {
  /// Joins loops whose steps follow on one another, so that the innermost one is long.
  fileprivate mutating func joinLoops() {
    if runLength == 1 {
      (runLength, step) = (runs, runStep)
      (runs, runStep) = (rows, rowStep)
      rows = 1
    }
    if runLength == 1 {
      (runLength, step) = (runs, runStep)
      runs = 1
    }
    if runStep == runLength * step {
      runLength *= runs
      runs = 1
    }
    if runs == 1 && rowStep == runLength * step {
      runLength *= rows
      rows = 1
    }
  }
}

/// Where the floats of a window lie from its first one, in the order of the weight.
private func fillWindowOffsets(
  _ plan: WeightGradientPlan, _ scratch: UnsafeMutablePointer<Float>
) -> UnsafePointer<Int32> {
  let table = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Int32.self)
  var position = 0
  var row = 0
  while row < plan.vertical.taps {
    var column = 0
    while column < plan.horizontal.taps {
      let first =
        row * plan.vertical.tapStep * plan.source.rowStride
        + column * plan.horizontal.tapStep * plan.source.pixelStride
      var channel = 0
      while channel < plan.groupInputs {
        table[position] = Int32(truncatingIfNeeded: first + channel)
        position += 1
        channel += 1
      }
      column += 1
    }
    row += 1
  }
  return UnsafePointer(table)
}
