import NNKernelInterface

// How the memory of a Winograd convolution is laid out.
extension WinogradPlan {
  /// The padded copy of what a region reads: (image, row, column, channel).
  var copyRows: Int { vertical.sourceStep * (4 * tileRowsPerRegion + points - 4) }
  var copyColumns: Int { horizontal.sourceStep * (4 * tileColumns + points - 4) }
  var copyRowStride: Int { copyColumns * mapStride }
  var copyImageStride: Int { copyRows * copyRowStride }
  var copyFloats: Int { imagesPerRegion * copyImageStride }

  /// Floats from one point to the next of the source's values, (point, tile, channel). A cache line
  /// more than needed: points at a distance of a power of two would share a few cache sets.
  var sourcePointStride: Int { valueTiles * sourceStride + 16 }
  var valueFloats: Int { tilePoints * sourcePointStride }
  /// The same values as ``WinogradRowTile`` reads them, (row, source channel, point, tile), scaled.
  var rowValueStride: Int { sourceChannels * points * allTiles }
  var rowValueFloats: Int { fusesRows ? wholeLines(points * rowValueStride) : 0 }
  /// The same for a block's products, (point, tile, block channel).
  var productPointStride: Int { valueTiles * width + 16 }
  /// Floats of a block's products.
  var blockSums: Int { tilePoints * productPointStride }
  /// Source channels whose weights are at the points at a time.
  var weightDepth: Int {
    if order == .weightsFirst { return sourceChannels }
    // A row tile has no weights in memory; its sums go there and back after each step.
    let most =
      fusesRows ? BlockSizes.winogradRowDepth : BlockSizes.winogradWeightFloats / (2 * points * width)
    return min(sourceChannels, max(lanes, most / lanes * lanes))
  }
  /// The same for the weights, (block, point, source channel, block channel); of a shallow convolution (block,
  /// point column, point row, source channel, lane) without a gap.
  var weightPointStride: Int { weightDepth * width + 16 }
  var weightBlockStride: Int { tilePoints * (isShallow ? sourceChannels * lanes : weightPointStride) }
  /// Floats of the weights that are at the points at a time, two rows of points, where a task brings them
  /// there itself.
  var weightRowsFloats: Int { 2 * points * weightPointStride }

  /// Floats of the values between a tile's two passes over its columns and rows, for a block's vectors.
  var lineFloats: Int { BlockSizes.vectors * tilePoints * lanes }
  /// The same for the taps of one block, (tap, source channel, block channel).
  var tapStride: Int { sourceChannels * width + 16 }
  var tapFloats: Int { vertical.taps * horizontal.taps * tapStride }

  var counts: GatherCounts {
    switch order {
    case .weightsFirst:
      GatherCounts(
        packingTasks: blocks, packedCount: blocks * weightBlockStride, tasks: regions * splits,
        scratchCount: max(
          lineFloats + tapFloats,
          isShallow ? shallowFloats : lineFloats + copyFloats + valueFloats + blockSums))
    case .valuesFirst, .regionFirst:
      GatherCounts(
        packingTasks: 0, packedCount: 0,
        tasks: regions == 0 ? 0 : order == .regionFirst ? regions : pieces(blocks, blocksPerTask),
        scratchCount: BlockSizes.lineFloats + lineFloats + valueFloats + rowValueFloats
          + max(copyFloats, blocksPerTask * blockSums + weightRowsFloats + tapFloats))
    }
  }
}
