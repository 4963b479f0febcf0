import NNKernelInterface
import NNShapes

/// The output gradients of one block of channels and one region, pixel after pixel without gaps, with
/// zeros where the block is narrower than its tiles.
struct GradientPanel {
  let values: UnsafeMutablePointer<Float>
  private let gradient: ConvolutionOutputGradient
  private let height: Int
  private let width: Int
  private let channels: Int
  /// Pixels of a row that take part.
  private let columns: Int

  /// A panel in `memory`.
  @inline(__always)
  init(
    _ geometry: Conv2dGeometry, _ plan: WeightGradientPlan, _ gradient: ConvolutionOutputGradient,
    _ memory: UnsafeMutablePointer<Float>
  ) {
    values = memory
    self.gradient = gradient
    height = geometry.outputHeight
    width = geometry.outputWidth
    channels = geometry.outputChannels
    columns = plan.horizontal.positions
  }

  /// Copies the gradients there, and puts in the zeros that a pooled map leaves out.
  func fill(
    firstChannel: Int, channels count: Int, width step: Int, firstImage: Int, images: Int,
    firstRow: Int, endRow: Int
  ) {
    var target = values
    if count < step { zero(values, images * (endRow - firstRow) * columns * step) }
    var image = firstImage
    while image < firstImage + images {
      var row = firstRow
      while row < endRow {
        if let argmax = gradient.argmax {
          PooledMap(gradient.values, argmax, height, width, channels).expand(
            image: image, row: row, firstColumn: 0, columns: columns, firstChannel: firstChannel,
            channels: count, to: target, step: step)
        } else {
          var source =
            gradient.values + (image * height + row) * width * channels + firstChannel
          var pixel = target
          var column = 0
          while column < columns {
            copyFloats(source, pixel, count)
            source += channels
            pixel += step
            column += 1
          }
        }
        target += columns * step
        row += 1
      }
      image += 1
    }
  }

  /// The sum over all pixels: the gradient of the bias. Stored or added to `sums`.
  func addUp(pixels: Int, vectors: Int, isFirst: Bool, _ sums: UnsafeMutablePointer<Float>) {
    let step = vectors * lanes
    var channel = 0
    while channel < step {
      var (even, odd) = (Vector(repeating: 0), Vector(repeating: 0))
      var position = values + channel
      var pixel = 0
      while pixel + 2 <= pixels {
        even += load(position)
        odd += load(position + step)
        position += 2 * step
        pixel += 2
      }
      if pixel < pixels { even += load(position) }
      let sum = even + odd
      store(isFirst ? sum : load(sums + channel) + sum, to: sums + channel)
      channel += lanes
    }
  }
}
