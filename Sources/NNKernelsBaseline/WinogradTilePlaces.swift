import NNKernelInterface

/// The part of a tile that is wanted, and where it goes.
struct WinogradTilePlace {
  /// Of its first pixel's first channel, in the target and in its argmax.
  let offset: Int
  /// Pixels inside the target; behind a pooling, windows. None where a phase has fewer tiles than another.
  let rows: Int
  let columns: Int
  /// Whether they are all of a tile.
  let isWhole: Bool
}

/// Where the tiles of one phase lie in the target, behind a pooling in the pooled one.
struct WinogradTilePlaces {
  /// Floats from a pixel of a tile to the one below, and to the next.
  let rowStride: Int
  let columnStride: Int
  /// Pixels of a tile along an axis.
  private let size: Int
  /// Of the target, and of the phase.
  private let height: Int
  private let width: Int
  private let rows: Int
  private let columns: Int
  private let channels: Int
  private let verticalStep: Int
  private let horizontalStep: Int
  private let phase: WinogradPhase

  init(_ plan: WinogradPlan, phase: WinogradPhase, pooling: Bool) {
    let shift = pooling ? 1 : 0
    size = 4 >> shift
    height = plan.vertical.targetSize >> shift
    width = plan.horizontal.targetSize >> shift
    rows = plan.vertical.targets(ofPhase: phase.row) >> shift
    columns = plan.horizontal.targets(ofPhase: phase.column) >> shift
    channels = plan.targetChannels
    verticalStep = plan.vertical.targetStep
    horizontalStep = plan.horizontal.targetStep
    rowStride = verticalStep * width * channels
    columnStride = horizontalStep * channels
    self.phase = phase
  }

  /// The place of a region's tile.
  @inline(__always)
  func place(of tile: Int, in region: WinogradRegion) -> WinogradTilePlace {
    let (image, inImage) = (tile / region.tilesPerImage, tile % region.tilesPerImage)
    let row = (region.firstTileRow + inImage / region.tileColumns) * size
    let column = inImage % region.tileColumns * size
    let pixel =
      ((region.firstImage + image) * height + row * verticalStep + phase.row) * width
      + column * horizontalStep + phase.column
    let (rows, columns) = (min(size, self.rows - row), min(size, self.columns - column))
    return WinogradTilePlace(
      offset: pixel * channels, rows: rows, columns: columns, isWhole: rows == size && columns == size)
  }
}
