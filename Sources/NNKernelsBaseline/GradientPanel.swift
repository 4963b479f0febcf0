import NNKernelInterface
import NNShapes

/// The output gradients of some channels in one region, pixel after pixel without gaps, with zeros where
/// a block is narrower than its tiles.
struct GradientPanel {
  let values: UnsafeMutablePointer<Float>
  private let gradient: ConvolutionOutputGradient
  private let height: Int
  private let width: Int
  private let channels: Int
  /// Pixels of a row that take part.
  private let columns: Int
  /// Floats of a panel of one tile's rows.
  private let partFloats: Int
  /// The last place in the gradients that eight channels can be read at.
  private let lastOctet: Int

  /// A panel in `memory`.
  @inline(__always)
  init(
    _ geometry: Conv2dGeometry, _ plan: WeightGradientPlan, _ gradient: ConvolutionOutputGradient,
    _ memory: UnsafeMutablePointer<Float>
  ) {
    self.init(
      memory, gradient, geometry.outputHeight, geometry.outputWidth, geometry.outputChannels,
      plan.horizontal.positions, plan.panelFloats, geometry.outputCount - 8)
  }

  private init(
    _ values: UnsafeMutablePointer<Float>, _ gradient: ConvolutionOutputGradient, _ height: Int,
    _ width: Int, _ channels: Int, _ columns: Int, _ partFloats: Int, _ lastOctet: Int
  ) {
    self.values = values
    self.gradient = gradient
    self.height = height
    self.width = width
    self.channels = channels
    self.columns = columns
    self.partFloats = partFloats
    self.lastOctet = lastOctet
  }

  /// The `index`th of the panels of one tile's rows that lie here.
  @inline(__always)
  func part(_ index: Int) -> GradientPanel {
    GradientPanel(
      values + index * partFloats, gradient, height, width, channels, columns, partFloats, lastOctet)
  }

  /// The gradients of some channels, pixels `step` apart: where they are, if they lie so, else copied to the
  /// panel.
  func gradients(firstChannel: Int, channels count: Int, step: Int, _ region: WeightGradientRegion)
    -> UnsafePointer<Float>
  {
    if gradient.argmax == nil && count == step && channels == count && columns == width {
      let firstRow = region.firstImage * height + region.firstRow
      return gradient.values + firstRow * width * channels
    }
    fill(firstChannel: firstChannel, channels: count, step: step, region)
    return UnsafePointer(values)
  }

  /// Copies the gradients there, pixels `step` apart, and puts in the zeros that a pooled map leaves out.
  private func fill(
    firstChannel: Int, channels count: Int, step: Int, _ region: WeightGradientRegion
  ) {
    var target = values
    if count < step { zero(values, region.pixels * step) }
    var image = region.firstImage
    while image < region.firstImage + region.images {
      var row = region.firstRow
      while row < region.endRow {
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
            copyChannels(source, pixel, count)
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

  /// Copies the gradients of some blocks to the panels of a tile's rows, and puts in the zeros that a
  /// pooled map leaves out, a row at a time. What lies behind a block's channels is not defined.
  func fill(
    blocks: Range<Int>, _ plan: WeightGradientPlan, _ region: WeightGradientRegion,
    rowOfPooledMap: UnsafeMutablePointer<Float>
  ) {
    let first = plan.firstChannel(ofBlock: blocks.lowerBound)
    let last = blocks.upperBound - 1
    let count = plan.firstChannel(ofBlock: last) + plan.channels(ofBlock: last) - first
    var target = values
    var image = region.firstImage
    while image < region.firstImage + region.images {
      var row = region.firstRow
      while row < region.endRow {
        if let argmax = gradient.argmax {
          PooledMap(gradient.values, argmax, height, width, channels).expand(
            image: image, row: row, firstColumn: 0, columns: columns, firstChannel: first,
            channels: count, to: rowOfPooledMap, step: count)
          fillRow(blocks, plan, rowOfPooledMap, step: count, octets: columns * count, target)
        } else {
          let start = (image * height + row) * width * channels + first
          fillRow(
            blocks, plan, gradient.values + start, step: channels, octets: lastOctet + 1 - start, target)
        }
        target += columns * BlockSizes.pixels
        row += 1
      }
      image += 1
    }
  }

  /// Copies the channels of one row's pixels, `step` apart, to each block's panel. Eight channels of a
  /// pixel are copied at once, so that the next pixel writes over what was too many, from the first
  /// `octets` places on.
  @inline(__always)
  private func fillRow(
    _ blocks: Range<Int>, _ plan: WeightGradientPlan, _ row: UnsafePointer<Float>, step: Int,
    octets: Int, _ target: UnsafeMutablePointer<Float>
  ) {
    let first = plan.firstChannel(ofBlock: blocks.lowerBound)
    var block = blocks.lowerBound
    while block < blocks.upperBound {
      var channel = plan.firstChannel(ofBlock: block) - first
      var pixel = target + (block - blocks.lowerBound) * partFloats
      var column = 0
      while column < columns {
        if channel < octets {
          UnsafeMutableRawPointer(pixel).storeBytes(
            of: UnsafeRawPointer(row + channel).loadUnaligned(as: SIMD8<Float>.self),
            as: SIMD8<Float>.self)
        } else {
          copyFloats(row + channel, pixel, plan.channels(ofBlock: block))
        }
        channel += step
        pixel += BlockSizes.pixels
        column += 1
      }
      block += 1
    }
  }

  /// The sum over all pixels, the gradient of the bias, of a panel of one tile's rows, at most 8. Stored or
  /// added. Reads beyond its last pixel.
  func addUpRows(pixels: Int, channels: Int, adds: Bool, _ sums: UnsafeMutablePointer<Float>) {
    @inline(__always) func row(_ pixel: Int) -> SIMD8<Float> {
      UnsafeRawPointer(values + pixel * BlockSizes.pixels).loadUnaligned(as: SIMD8<Float>.self)
    }
    var (even, odd) = (SIMD8<Float>(repeating: 0), SIMD8<Float>(repeating: 0))
    var pixel = 0
    while pixel + 2 <= pixels {
      even += row(pixel)
      odd += row(pixel + 1)
      pixel += 2
    }
    if pixel < pixels { even += row(pixel) }
    let sum = even + odd
    var channel = 0
    while channel < channels {
      sums[channel] = adds ? sums[channel] + sum[channel] : sum[channel]
      channel += 1
    }
  }
}

/// The same as `copyFloats`, for a few whole vectors and a rest.
@inline(__always)
private func copyChannels(
  _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ count: Int
) {
  var channel = 0
  while channel + lanes <= count {
    store(load(source + channel), to: target + channel)
    channel += lanes
  }
  while channel < count {
    target[channel] = source[channel]
    channel += 1
  }
}
