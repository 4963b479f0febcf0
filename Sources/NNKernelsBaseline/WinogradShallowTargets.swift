// Where the tiles of a region go: into the target, or at its edge past a place of their own.

/// The part of a tile that is wanted, and where it goes.
struct WinogradTilePlace {
  var target: WinogradShallowTarget
  var rows: Int
  var columns: Int
}

/// The places of a region's tiles for one vector of channels, one tile after the other.
struct WinogradTilePlaces {
  /// Channels inside the target.
  let count: Int
  /// Rows and columns of a whole tile, in the target: half of 4 behind a pooling.
  let size: Int
  private let width: Int
  private let height: Int
  private let tileRows: Int
  private let tileColumns: Int
  private let firstRow: Int
  private let channels: Int
  private let output: BlockOutput
  /// Of the next tile: its place in the region and the offset of its first pixel.
  private var row = 0
  private var column = 0
  private var image: Int
  private var offset: Int

  @inline(__always)
  init(
    _ plan: WinogradPlan, _ region: WinogradRegion, _ output: BlockOutput, channel: Int, count: Int
  ) {
    let shift = output.epilogue.pooling ? 1 : 0
    self.count = count
    self.output = output
    size = 4 >> shift
    width = plan.targetWidth >> shift
    height = plan.targetHeight >> shift
    tileRows = region.tileRows
    tileColumns = region.tileColumns
    firstRow = region.firstTileRow * size
    channels = plan.targetChannels
    image = (region.firstImage * height + firstRow) * width * channels + channel
    offset = image
  }

  @inline(__always)
  mutating func next() -> WinogradTilePlace {
    let place = WinogradTilePlace(
      target: WinogradShallowTarget(
        values: output.target + offset, argmax: output.argmax.map { $0 + offset },
        rowStride: width * channels, columnStride: channels),
      rows: min(size, height - firstRow - row * size), columns: min(size, width - column * size))
    column += 1
    offset += size * channels
    if column == tileColumns {
      column = 0
      row += 1
      if row == tileRows {
        row = 0
        image += height * width * channels
      }
      offset = image + row * size * width * channels
    }
    return place
  }

  /// Whether all of the tile and of the vector lies inside the target.
  @inline(__always)
  func isWhole(_ place: WinogradTilePlace) -> Bool {
    count == lanes && place.rows == size && place.columns == size
  }

  /// A place for a whole tile at `edge`, which has ``WinogradPlan/shallowEdgeFloats``.
  @inline(__always)
  func target(at edge: UnsafeMutablePointer<Float>) -> WinogradShallowTarget {
    WinogradShallowTarget(
      values: edge,
      argmax: output.argmax == nil
        ? nil : UnsafeMutableRawPointer(edge + 16 * lanes).assumingMemoryBound(to: UInt8.self),
      rowStride: 4 * lanes, columnStride: lanes)
  }

  /// Copies what is wanted of a tile at such a place to its own.
  func copy(_ edge: WinogradShallowTarget, to place: WinogradTilePlace) {
    var row = 0
    while row < place.rows {
      var column = 0
      while column < place.columns {
        let source = row * edge.rowStride + column * edge.columnStride
        let offset = row * place.target.rowStride + column * place.target.columnStride
        if count == lanes {
          store(load(edge.values + source), to: place.target.values + offset)
        } else {
          copyFloats(edge.values + source, place.target.values + offset, count)
        }
        if let cells = edge.argmax, let argmax = place.target.argmax {
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
