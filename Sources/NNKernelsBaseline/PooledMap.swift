/// A map (N, H/2, W/2, C) of values that a 2×2 max pooling let through and the cells of their windows
/// that they belong to, 2·row + column: all of (N, H, W, C) that is not zero.
struct PooledMap {
  private let values: UnsafePointer<Float>
  private let argmax: UnsafePointer<UInt8>
  private let height: Int
  private let width: Int
  private let channels: Int

  /// The map that stands for one of `height` × `width` pixels.
  @inline(__always)
  init(
    _ values: UnsafePointer<Float>, _ argmax: UnsafePointer<UInt8>, _ height: Int, _ width: Int,
    _ channels: Int
  ) {
    self.values = values
    self.argmax = argmax
    self.height = height / 2
    self.width = width / 2
    self.channels = channels
  }

  /// Writes some channels of a part of one row of the map with its zeros, pixels `step` apart.
  func expand(
    image: Int, row: Int, firstColumn: Int, columns: Int, firstChannel: Int, channels count: Int,
    to target: UnsafeMutablePointer<Float>, step: Int
  ) {
    let pooledRow = ((image * height + row / 2) * width) * channels + firstChannel
    var column = 0
    while column < columns {
      let x = firstColumn + column
      let pixel = target + column * step
      if row / 2 >= height || x / 2 >= width {
        zero(pixel, count)
      } else {
        let cell = UInt8(truncatingIfNeeded: row % 2 * 2 + x % 2)
        let start = pooledRow + x / 2 * channels
        let here = IntVector(repeating: Int32(cell))
        var channel = 0
        while channel + lanes <= count {
          let value = load(values + start + channel)
          let kept = Vector(repeating: 0).replacing(
            with: value, where: loadBytes(argmax + start + channel) .== here)
          store(kept, to: pixel + channel)
          channel += lanes
        }
        while channel < count {
          pixel[channel] = argmax[start + channel] == cell ? values[start + channel] : 0
          channel += 1
        }
      }
      column += 1
    }
  }
}
