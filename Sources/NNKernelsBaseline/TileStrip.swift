/// Rows of sums, one full tile width each, on their way to a target: one that has fewer channels than
/// the tile has columns, or one that takes the maxima of windows only.
struct TileStrip {
  /// Where the rows lie.
  let values: UnsafeMutablePointer<Float>
  /// Where each row of a tile goes, from the tile's first one on.
  let offsets: UnsafePointer<Int32>

  /// Floats of a strip of `pixels` rows.
  @inline(__always)
  static func floats(pixels: Int) -> Int { pixels * BlockSizes.width + BlockSizes.lineFloats }

  /// A strip of `pixels` rows in `memory`.
  init(_ memory: UnsafeMutablePointer<Float>, pixels: Int) {
    values = memory
    let table = UnsafeMutableRawPointer(memory + pixels * BlockSizes.width)
      .assumingMemoryBound(to: Int32.self)
    var pixel = 0
    while pixel < BlockSizes.narrowPixels {
      table[pixel] = Int32(truncatingIfNeeded: pixel * BlockSizes.width)
      pixel += 1
    }
    offsets = UnsafePointer(table)
  }

  /// Copies the channels that exist.
  func copy(
    pixels: Int, channels: Int, to target: UnsafeMutablePointer<Float>,
    _ targetOffsets: UnsafePointer<Int32>
  ) {
    var pixel = 0
    while pixel < pixels {
      copyFloats(
        values + pixel * BlockSizes.width, target + Int(targetOffsets[pixel]), channels)
      pixel += 1
    }
  }

  /// The maximum of each four rows, no less than `floor`, and which row it is. The first of equal
  /// maxima and the last NaN win, as in ``VectorKernels/maxPool2dForward``.
  func pool(
    windows: Int, channels: Int, floor: Float, to target: UnsafeMutablePointer<Float>,
    argmax: UnsafeMutablePointer<UInt8>?, _ targetOffsets: UnsafePointer<Int32>
  ) {
    let floor = Vector(repeating: floor)
    var window = 0
    while window < windows {
      let rows = values + 4 * window * BlockSizes.width
      let offset = Int(targetOffsets[window])
      var channel = 0
      while channel < channels {
        let (maximum, cell) = maximumOfWindow(
          load(rows + channel), load(rows + BlockSizes.width + channel),
          load(rows + 2 * BlockSizes.width + channel), load(rows + 3 * BlockSizes.width + channel))
        let best = maximum.replacing(with: floor, where: maximum .< floor)
        let width = min(lanes, channels - channel)
        store(best, to: target + offset + channel, upTo: width)
        if let argmax { storeBytes(cell, to: argmax + offset + channel, upTo: width) }
        channel += lanes
      }
      window += 1
    }
  }
}
