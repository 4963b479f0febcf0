import NNShapes

/// How one axis of an image is made of another image's: for each index the one it is copied from.
/// Padding, cropping and flipping are two of these.
struct AxisMap: Sendable {
  /// The index that stands for the fill value.
  static let fill: Int32 = -1

  private(set) var sources: [Int32]

  /// The axis itself.
  init(_ size: Int) { sources = (0..<Int32(size)).map { $0 } }

  init(_ sources: [Int32]) { self.sources = sources }

  var count: Int { sources.count }
  var reversed: AxisMap { AxisMap(sources.reversed()) }

  func padded(before: Int, after: Int, _ mode: BorderMode) -> AxisMap {
    AxisMap(
      (-before..<count + after).map { position in
        mode.source(of: position, size: count).map { sources[$0] } ?? AxisMap.fill
      })
  }

  /// `size` indices in the middle, an odd rest halved as Python rounds: to the even number.
  func centered(_ size: Int) -> AxisMap {
    let start = Int((Double(count - size) / 2).rounded(.toNearestOrEven))
    return AxisMap(Array(sources[start..<start + size]))
  }
}

/// An image made of another's rows and columns, and a value where there is none.
struct PixelMap: Sendable {
  let channels: Int
  /// Of the source.
  let size: Size2d
  var rows: AxisMap
  var columns: AxisMap
  /// One value a channel. Bytes are these without their fraction.
  private let fill: [Float]

  /// `fill` has one value, or one for each channel of `shape`, (C, H, W).
  init(_ shape: Shape, fill: [Double] = [0]) {
    precondition(fill.count == 1 || fill.count == shape[0], "PixelMap: \(fill.count) values for \(shape)")
    channels = shape[0]
    size = Size2d(shape[1], shape[2])
    rows = AxisMap(size.height)
    columns = AxisMap(size.width)
    self.fill = (0..<channels).map { Float(fill[fill.count == 1 ? 0 : $0]) }
  }

  mutating func pad(_ border: ImageBorder, _ mode: BorderMode) {
    rows = rows.padded(before: border.top, after: border.bottom, mode)
    columns = columns.padded(before: border.left, after: border.right, mode)
  }

  var outputShape: Shape { [channels, rows.count, columns.count] }

  func apply(to image: PixelBuffers<UInt8>) {
    copy(image, top: 0, left: 0, Size2d(rows.count, columns.count)) { UInt8(min(max($0, 0), 255)) }
  }

  func apply(to image: PixelBuffers<Float>) {
    copy(image, top: 0, left: 0, Size2d(rows.count, columns.count)) { $0 }
  }

  /// Only the part of `window` size whose first pixel is at (`top`, `left`).
  func apply(to image: PixelBuffers<UInt8>, top: Int, left: Int, _ window: Size2d) {
    copy(image, top: top, left: left, window) { UInt8(min(max($0, 0), 255)) }
  }

  func apply(to image: PixelBuffers<Float>, top: Int, left: Int, _ window: Size2d) {
    copy(image, top: top, left: left, window) { $0 }
  }

  @inline(__always)
  private func copy<Pixel>(
    _ image: PixelBuffers<Pixel>, top: Int, left: Int, _ window: Size2d, _ pixel: (Float) -> Pixel
  ) {
    rows.sources.withUnsafeBufferPointer { rows in
      columns.sources.withUnsafeBufferPointer { columns in
        var target = image.target
        for channel in 0..<channels {
          let plane = image.source + channel * size.height * size.width
          let value = pixel(fill[channel])
          for row in top..<top + window.height {
            if rows[row] == AxisMap.fill {
              target.update(repeating: value, count: window.width)
            } else {
              let line = plane + Int(rows[row]) * size.width
              for column in 0..<window.width {
                let source = columns[left + column]
                target[column] = source == AxisMap.fill ? value : line[Int(source)]
              }
            }
            target += window.width
          }
        }
      }
    }
  }
}
