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
    var image = 0
    while image < region.images {
      let map = input + (region.firstImage + image) * geometry.inputHeight * rowFloats
      var row = 0
      while row < height {
        let target = copy + image * imageStride + row * rowStride
        let sourceRow = top + row
        if sourceRow < 0 || sourceRow >= geometry.inputHeight {
          zero(target, rowStride)
        } else {
          let source = map + sourceRow * rowFloats + firstChannel
          if expandsTaps {
            expandRow(source, geometry, padded: copy + imagesPerRegion * imageStride, to: target)
          } else {
            copyRow(source, width, geometry, to: target)
          }
        }
        row += 1
      }
      image += 1
    }
  }

  /// The `width` channels of each pixel, filled up with zeros to whole vectors.
  private func copyRow(
    _ source: UnsafePointer<Float>, _ width: Int, _ geometry: Conv2dGeometry,
    to target: UnsafeMutablePointer<Float>
  ) {
    let columns = rowStride / pixelStride
    let left = min(max(horizontal.before, 0), columns)
    let right = max(left, min(columns, geometry.inputWidth + horizontal.before))
    zero(target, left * pixelStride)
    var column = left
    while column < right {
      let pixel = source + (column - horizontal.before) * geometry.inputChannels
      let copy = target + column * pixelStride
      var channel = 0
      while channel + lanes <= width {
        store(load(pixel + channel), to: copy + channel)
        channel += lanes
      }
      while channel < width {
        copy[channel] = pixel[channel]
        channel += 1
      }
      while channel < pixelStride {
        copy[channel] = 0
        channel += 1
      }
      column += 1
    }
    zero(target + right * pixelStride, (columns - right) * pixelStride)
  }

  /// The row of taps of each output column, filled up with whatever follows it to whole vectors: the
  /// columns that it gives rise to are dropped. `padded` is memory for the row with its border.
  private func expandRow(
    _ source: UnsafePointer<Float>, _ geometry: Conv2dGeometry, padded: UnsafeMutablePointer<Float>,
    to target: UnsafeMutablePointer<Float>
  ) {
    let channels = blockChannels
    let width = horizontal.extent(of: 2 * pooledColumns)
    let left = min(max(horizontal.before, 0), width)
    let right = max(left, min(width, geometry.inputWidth + horizontal.before))
    zero(padded, left * channels)
    if channels == geometry.inputChannels {
      copyFloats(
        source + (left - horizontal.before) * channels, padded + left * channels,
        (right - left) * channels)
    } else {
      var column = left
      while column < right {
        copyFloats(
          source + (column - horizontal.before) * geometry.inputChannels, padded + column * channels,
          channels)
        column += 1
      }
    }
    zero(padded + right * channels, (width - right) * channels + lanes)

    let step = horizontal.positionStep * channels
    var column = 0
    while column < 2 * pooledColumns {
      let first = padded + column * step
      let copy = target + column * pixelStride
      if horizontal.tapStep == 1 {
        var vector = 0
        while vector < vectors {
          store(load(first + vector * lanes), to: copy + vector * lanes)
          vector += 1
        }
      } else {
        var tap = 0
        while tap < horizontal.taps {
          copyFloats(first + tap * horizontal.tapStep * channels, copy + tap * channels, channels)
          tap += 1
        }
        let floats = horizontal.taps * channels
        zero(copy + floats, pixelStride - floats)
      }
      column += 1
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
