/// The part of a tile that is wanted, and where it goes.
struct WinogradTilePlace {
  /// Of its first pixel's first channel, in the target and in its argmax.
  let offset: Int
  /// Pixels inside the target; behind a pooling, windows.
  let rows: Int
  let columns: Int
  /// Whether they are all of a tile.
  let isWhole: Bool
}

/// The places of all tiles of a region: a table, since they are the same for all vectors of channels.
struct WinogradTilePlaces {
  let first: UnsafePointer<WinogradTilePlace>
  let rowStride: Int
  let columnStride: Int

  /// Fills `table`, which has ``floats(_:)`` of the tiles.
  init(
    _ plan: WinogradPlan, _ region: WinogradRegion, pooling: Bool, table: UnsafeMutablePointer<Float>
  ) {
    let size = pooling ? 2 : 4
    let (height, width) = (plan.vertical.targetSize * size / 4, plan.horizontal.targetSize * size / 4)
    let places = UnsafeMutableRawPointer(table).assumingMemoryBound(to: WinogradTilePlace.self)
    var tile = 0
    while tile < region.tiles {
      let (image, inImage) = (tile / region.tilesPerImage, tile % region.tilesPerImage)
      let row = (region.firstTileRow + inImage / region.tileColumns) * size
      let column = inImage % region.tileColumns * size
      let pixel = ((region.firstImage + image) * height + row) * width + column
      let (rows, columns) = (min(size, height - row), min(size, width - column))
      places[tile] = WinogradTilePlace(
        offset: pixel * plan.targetChannels, rows: rows, columns: columns,
        isWhole: rows == size && columns == size)
      tile += 1
    }
    first = UnsafePointer(places)
    rowStride = width * plan.targetChannels
    columnStride = plan.targetChannels
  }

  /// Floats of the table of that many tiles.
  static func floats(_ tiles: Int) -> Int {
    wholeLines(tiles * MemoryLayout<WinogradTilePlace>.stride / MemoryLayout<Float>.stride)
  }
}

/// Where a tile goes whose pixels or channels are not all wanted: here first.
struct WinogradTileEdge {
  /// Its pixels, and then the cells of its maxima.
  let values: UnsafeMutablePointer<Float>
  static let floats = (16 + 4) * lanes

  @inline(__always)
  func target(hasArgmax: Bool) -> WinogradShallowTarget {
    WinogradShallowTarget(
      values: values, argmax: hasArgmax ? cells : nil, rowStride: 4 * lanes, columnStride: lanes)
  }

  private var cells: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(values + 16 * lanes).assumingMemoryBound(to: UInt8.self)
  }

  /// Copies `count` channels of what is wanted to where it goes.
  @inline(never)
  func copy(_ place: WinogradTilePlace, count: Int, to target: WinogradShallowTarget) {
    var row = 0
    while row < place.rows {
      var column = 0
      while column < place.columns {
        let source = (row * 4 + column) * lanes
        let offset = row * target.rowStride + column * target.columnStride
        if count == lanes {
          store(load(values + source), to: target.values + offset)
        } else {
          copyFloats(values + source, target.values + offset, count)
        }
        if let argmax = target.argmax {
          var lane = 0
          while lane < count {
            argmax[offset + lane] = cells[source + lane]
            lane += 1
          }
        }
        column += 1
      }
      row += 1
    }
  }
}
