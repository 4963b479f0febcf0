// The regions of a Winograd convolution.
extension WinogradPlan {
  /// What region `index` holds.
  @inline(__always)
  func region(_ index: Int) -> WinogradRegion {
    let firstImage = index / regionsPerImage * imagesPerRegion
    let firstTileRow = index % regionsPerImage * tileRowsPerRegion
    return WinogradRegion(
      firstImage: firstImage, images: min(imagesPerRegion, batch - firstImage),
      firstTileRow: firstTileRow, tileRows: min(tileRowsPerRegion, tileRows - firstTileRow),
      tileColumns: tileColumns)
  }

  /// All tiles.
  var everything: WinogradRegion {
    WinogradRegion(
      firstImage: 0, images: batch, firstTileRow: 0, tileRows: tileRows, tileColumns: tileColumns)
  }

  /// The number of a region's first tile among all.
  func firstTile(_ region: WinogradRegion) -> Int {
    (region.firstImage * tileRows + region.firstTileRow) * tileColumns
  }
}

/// The tiles of one task, numbered image by image and row by row.
struct WinogradRegion {
  let firstImage: Int
  let images: Int
  let firstTileRow: Int
  let tileRows: Int
  let tileColumns: Int

  var tilesPerImage: Int { tileRows * tileColumns }
  var tiles: Int { images * tilesPerImage }
}
