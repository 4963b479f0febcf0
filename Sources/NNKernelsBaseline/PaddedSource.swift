import NNShapes

/// A part of a feature map (N, H, W, C) with zeros around it, so that the loops over a kernel's taps
/// need no bounds: either a copy in scratch memory, or the map itself where no tap leaves it.
struct PaddedSource {
  /// Floats from a pixel to the next one, the one below, and the same one of the next image.
  let pixelStride: Int
  let rowStride: Int
  let imageStride: Int

  /// The layout of the map itself.
  @inline(__always)
  init(whole vertical: GatherAxis, _ horizontal: GatherAxis, channels: Int) {
    pixelStride = channels
    rowStride = horizontal.sourceSize * channels
    imageStride = vertical.sourceSize * rowStride
  }

  /// The layout of a copy of what `rows` rows of target positions read.
  @inline(__always)
  init(copyOf rows: Int, _ vertical: GatherAxis, _ horizontal: GatherAxis, channels: Int) {
    pixelStride = channels
    rowStride = horizontal.extent(of: horizontal.positions) * channels
    imageStride = vertical.extent(of: rows) * rowStride
  }

  /// Copies what target rows `firstRow` ..< `endRow` of `images` images from `firstImage` on read. With
  /// `argmax` the source is a pooled map, and its zeros are put in.
  func copy(
    _ source: UnsafePointer<Float>, argmax: UnsafePointer<UInt8>? = nil, _ vertical: GatherAxis,
    _ horizontal: GatherAxis, firstImage: Int, images: Int, firstRow: Int, endRow: Int,
    to scratch: UnsafeMutablePointer<Float>
  ) {
    let height = vertical.extent(of: endRow - firstRow)
    let width = horizontal.extent(of: horizontal.positions)
    let left = min(max(horizontal.before, 0), width)
    let firstColumn = max(-horizontal.before, 0)
    let columns = max(0, min(width - left, horizontal.sourceSize - firstColumn))
    let top = firstRow * vertical.positionStep - vertical.before
    var image = 0
    while image < images {
      var row = 0
      while row < height {
        let target = scratch + image * imageStride + row * rowStride
        let sourceRow = top + row
        if sourceRow < 0 || sourceRow >= vertical.sourceSize {
          zero(target, width * pixelStride)
        } else {
          zero(target, left * pixelStride)
          let first = target + left * pixelStride
          if let argmax {
            PooledMap(source, argmax, vertical.sourceSize, horizontal.sourceSize, pixelStride).expand(
              image: firstImage + image, row: sourceRow, firstColumn: firstColumn, columns: columns,
              firstChannel: 0, channels: pixelStride, to: first, step: pixelStride)
          } else {
            let pixel =
              ((firstImage + image) * vertical.sourceSize + sourceRow) * horizontal.sourceSize
              + firstColumn
            copyFloats(source + pixel * pixelStride, first, columns * pixelStride)
          }
          zero(target + (left + columns) * pixelStride, (width - left - columns) * pixelStride)
        }
        row += 1
      }
      image += 1
    }
  }
}

/// Where the floats `first` ..< `end` of a window lie from its first one, in the order of the weight:
/// [tap row][tap column][channel].
func fillWindowOffsets(
  _ vertical: GatherAxis, _ horizontal: GatherAxis, _ source: PaddedSource, channels: Int, first: Int,
  end: Int, _ table: UnsafeMutablePointer<Int32>
) {
  var position = first
  while position < end {
    let tap = position / channels
    var channel = position % channels
    let start =
      tap / horizontal.taps * vertical.tapStep * source.rowStride
      + tap % horizontal.taps * horizontal.tapStep * source.pixelStride
    while channel < channels && position < end {
      table[position - first] = Int32(truncatingIfNeeded: start + channel)
      channel += 1
      position += 1
    }
  }
}

@inline(__always)
func zero(_ target: UnsafeMutablePointer<Float>, _ count: Int) {
  var index = 0
  while index < count {
    target[index] = 0
    index += 1
  }
}

@inline(__always)
func copyFloats(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ count: Int) {
  var index = 0
  while index < count {
    target[index] = source[index]
    index += 1
  }
}
