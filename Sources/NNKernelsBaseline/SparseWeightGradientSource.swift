import NNKernelInterface
import NNShapes

extension SparseWeightGradientPlan {
  /// Copies what a region reads of one block's channels, with zeros around the input.
  @inline(never)
  func copyBlock(
    _ block: Int, of region: SparseRegion, _ geometry: Conv2dGeometry, input: UnsafePointer<Float>,
    to copy: UnsafeMutablePointer<Float>
  ) {
    let channels = geometry.groupInputChannels
    let part = block % groupBlocks * blockChannels
    let width = min(blockChannels, channels - part)
    let firstChannel = block / groupBlocks * channels + part
    let height = vertical.extent(of: 2 * (region.endRow - region.firstRow))
    let top = 2 * region.firstRow * vertical.positionStep - vertical.before
    let rowFloats = geometry.inputWidth * geometry.inputChannels
    // Taps are expanded once all rows are there: a load that straddles fresh stores would wait for them.
    let rows = expandsTaps ? copy + imagesPerRegion * imageStride : copy
    var image = 0
    while image < region.images {
      let map = input + (region.firstImage + image) * geometry.inputHeight * rowFloats
      var row = 0
      while row < height {
        let target = rows + image * paddedImageStride + row * paddedRowStride
        let sourceRow = top + row
        if sourceRow < 0 || sourceRow >= geometry.inputHeight {
          zero(target, paddedRowStride)
        } else {
          copyRow(map + sourceRow * rowFloats + firstChannel, width, geometry, to: target)
        }
        row += 1
      }
      image += 1
    }
    guard expandsTaps else { return }
    image = 0
    while image < region.images {
      var row = 0
      while row < height {
        expandRow(
          rows + image * paddedImageStride + row * paddedRowStride,
          to: copy + image * imageStride + row * rowStride)
        row += 1
      }
      image += 1
    }
  }

  /// The `width` channels of each pixel, filled up with zeros to those of a block.
  private func copyRow(
    _ source: UnsafePointer<Float>, _ width: Int, _ geometry: Conv2dGeometry,
    to target: UnsafeMutablePointer<Float>
  ) {
    let columns = horizontal.extent(of: 2 * pooledColumns)
    let left = min(max(horizontal.before, 0), columns)
    let right = max(left, min(columns, geometry.inputWidth + horizontal.before))
    zero(target, left * blockChannels)
    if blockChannels == geometry.inputChannels {
      copyFloats(
        source + (left - horizontal.before) * blockChannels, target + left * blockChannels,
        (right - left) * blockChannels)
    } else {
      var column = left
      while column < right {
        let pixel = source + (column - horizontal.before) * geometry.inputChannels
        let copy = target + column * blockChannels
        var channel = 0
        while channel + lanes <= width {
          store(load(pixel + channel), to: copy + channel)
          channel += lanes
        }
        while channel < blockChannels {
          copy[channel] = channel < width ? pixel[channel] : 0
          channel += 1
        }
        column += 1
      }
    }
    zero(target + right * blockChannels, paddedRowStride - right * blockChannels)
  }

  /// The row of taps of each output column, filled up to whole vectors with what happens to follow: the
  /// sums that this gives rise to are dropped.
  @inline(__always)
  private func expandRow(_ source: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    let step = horizontal.positionStep * blockChannels
    let floats = horizontal.taps * blockChannels
    let stride = pixelStride
    let end = target + 2 * pooledColumns * stride
    var first = source
    var copy = target
    if horizontal.tapStep == 1 {
      while copy < end {
        var position = 0
        while position < stride {
          store(load(first + position), to: copy + position)
          position += lanes
        }
        first += step
        copy += stride
      }
    } else {
      while copy < end {
        var tap = 0
        while tap < horizontal.taps {
          copyFloats(
            first + tap * horizontal.tapStep * blockChannels, copy + tap * blockChannels, blockChannels)
          tap += 1
        }
        zero(copy + floats, stride - floats)
        first += step
        copy += stride
      }
    }
  }

  /// Lists the gradients of output channels `firstChannel` ..< `endChannel` of a region, channel by
  /// channel: the values, and where in a block the first tap of each lies.
  @inline(never)
  func listGradients(
    of region: SparseRegion, _ geometry: Conv2dGeometry, firstChannel: Int, endChannel: Int,
    gradient: UnsafePointer<Float>, argmax: UnsafePointer<UInt8>, to memory: SparseScratch
  ) {
    let channels = endChannel - firstChannel
    let rows = region.endRow - region.firstRow
    let columnStep = expandsTaps ? pixelStride : horizontal.positionStep * pixelStride
    let rowStep = vertical.positionStep * rowStride
    let right = Int32(truncatingIfNeeded: columnStep)
    let down = Int32(truncatingIfNeeded: rowStep)
    let first =
      ((region.firstImage * pooledRows + region.firstRow) * pooledColumns) * geometry.outputChannels
      + firstChannel
    var cells = argmax + first
    var target = memory.untransposed
    var image = 0
    while image < region.images {
      var row = 0
      while row < rows {
        var offset = Int32(truncatingIfNeeded: image * imageStride + 2 * row * rowStep)
        var column = 0
        while column < pooledColumns {
          var channel = 0
          while channel < channels {
            let cell = Int32(cells[channel])
            target[channel] = offset &+ (0 &- (cell & 1)) & right &+ (0 &- (cell >> 1)) & down
            channel += 1
          }
          cells += geometry.outputChannels
          target += channels
          offset &+= 2 &* right
          column += 1
        }
        row += 1
      }
      image += 1
    }
    let pixels = region.images * rows * pooledColumns
    VectorKernels.transpose(
      rows: pixels, columns: channels, input: gradient + first, inputStride: geometry.outputChannels,
      output: memory.values, outputStride: listStride)
    // A transposition moves bits: the offsets may pass as floats.
    VectorKernels.transpose(
      rows: pixels, columns: channels,
      input: UnsafeRawPointer(memory.untransposed).assumingMemoryBound(to: Float.self),
      inputStride: channels,
      output: UnsafeMutableRawPointer(memory.offsets).assumingMemoryBound(to: Float.self),
      outputStride: listStride)
  }
}
