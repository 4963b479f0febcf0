import NNKernelInterface
import NNShapes

// The source of a shallow Winograd convolution at the points: v = Bᵀ · d · B.
//
// Rows of few channels are worked on as flat rows of (column, channel), so that no lane is wasted on
// channels that are not there: down the columns for a whole row of tiles, then, turned, along the rows.

extension WinogradPlan {
  /// Floats of a column of points of one tile, (point row, source channel), and of a tile.
  var shallowColumnStride: Int { pieces(points * sourceChannels, lanes) * lanes }
  var shallowTileStride: Int { points * shallowColumnStride }
  /// Columns that a row of tiles reads.
  var shallowColumns: Int { 4 * tileColumns + points - 4 }
  /// Floats of such a row.
  var shallowRowStride: Int { pieces(shallowColumns * sourceChannels, lanes) * lanes }

  /// Floats of the parts of a task's scratch memory: what is read or written a vector at a time may be
  /// so beyond its end.
  var shallowValueFloats: Int { wholeLines(regionTiles * shallowTileStride) }
  var shallowCopyFloats: Int { wholeLines(copyRows * shallowColumns * sourceChannels + lanes) }
  var shallowRowFloats: Int { wholeLines(points * shallowRowStride + lanes) }
  var shallowColumnFloats: Int { wholeLines(shallowColumns * shallowColumnStride + lanes) }
  var shallowSourceFloats: Int {
    shallowValueFloats + shallowCopyFloats + shallowRowFloats + shallowColumnFloats
  }
}

/// The values of all tiles of a region, to (tile, point column, point row, channel). `scratch` is what is
/// left of ``WinogradPlan/shallowSourceFloats`` behind the values.
@inline(__always)
func transformShallowSource<let Points: Int, let Channels: Int>(
  _ tile: WinogradShallowTile<Points, Channels, 1>.Type, _ plan: WinogradPlan, _ region: WinogradRegion,
  _ source: ConvolutionOutputGradient, to values: UnsafeMutablePointer<Float>,
  _ scratch: UnsafeMutablePointer<Float>
) {
  let copy = scratch
  let rows = copy + plan.shallowCopyFloats
  let columns = rows + plan.shallowRowFloats
  let padded = PaddedSource(
    copyOf: 4 * region.tileRows, plan.vertical.gather, plan.horizontal.gather, channels: Channels)
  var target = values
  var image = 0
  while image < region.images {
    padded.copy(
      source.values, argmax: source.argmax, plan.vertical.gather, plan.horizontal.gather,
      firstImage: region.firstImage + image, images: 1, firstRow: 4 * region.firstTileRow,
      endRow: 4 * (region.firstTileRow + region.tileRows), to: copy)
    var row = 0
    while row < region.tileRows {
      let first = copy + 4 * row * padded.rowStride
      var offset = 0
      while offset < plan.shallowRowStride {
        WinogradLines<Points>.input(
          first + offset, padded.rowStride, rows + offset, plan.shallowRowStride)
        offset += lanes
      }
      turn(tile, rows, plan.shallowRowStride, count: plan.shallowColumns, to: columns)
      var column = 0
      while column < region.tileColumns {
        let first = columns + 4 * column * tile.columnStride
        offset = 0
        while offset < tile.columnStride {
          WinogradLines<Points>.input(first + offset, tile.columnStride, target + offset, tile.columnStride)
          offset += lanes
        }
        target += Points * tile.columnStride
        column += 1
      }
      row += 1
    }
    image += 1
  }
}

/// (point row, column, channel) to (column, point row, channel). Moves four floats whatever the number of
/// channels: those too many are overwritten by the next.
@inline(__always)
private func turn<let Points: Int, let Channels: Int>(
  _ tile: WinogradShallowTile<Points, Channels, 1>.Type, _ rows: UnsafePointer<Float>, _ rowStride: Int,
  count: Int, to columns: UnsafeMutablePointer<Float>
) {
  var column = 0
  while column < count {
    let target = UnsafeMutableRawPointer(columns + column * tile.columnStride)
    var row = 0
    while row < Points {
      let pixel = UnsafeRawPointer(rows + row * rowStride + column * Channels)
        .loadUnaligned(as: SIMD4<Float>.self)
      target.storeBytes(of: pixel, toByteOffset: 4 * row * Channels, as: SIMD4<Float>.self)
      row += 1
    }
    column += 1
  }
}
