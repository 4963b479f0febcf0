import NNKernelInterface
import NNShapes

// The rule is PyTorch's (`aten/src/ATen/native/cpu/MaxPoolKernel.cpp`): a value replaces the best one
// where it is larger or NaN, in row-major order. So the first of equal maxima and the last NaN win,
// and a window of -∞ yields its first cell. Cells of the padding take no part.
extension VectorKernels {
  public static func maxPool2dForward(
    _ geometry: Pool2dGeometry, firstRow: Int, endRow: Int, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, indices: UnsafeMutablePointer<Int32>?
  ) {
    let channels = geometry.channels
    var row = firstRow
    while row < endRow {
      let image = row / geometry.outputHeight
      let plane = input + image * geometry.inputHeight * geometry.inputWidth * channels
      let rows = WindowRange(geometry.vertical, geometry.inputHeight, row % geometry.outputHeight)
      var x = 0
      while x < geometry.outputWidth {
        let columns = WindowRange(geometry.horizontal, geometry.inputWidth, x)
        let position = (row * geometry.outputWidth + x) * channels
        var channel = 0
        while channel + lanes <= channels {
          var best = Vector(repeating: -.infinity)
          var bestIndex = IntVector(
            repeating: Int32(truncatingIfNeeded: rows.first * geometry.inputWidth + columns.first))
          var h = rows.first
          while h < rows.end {
            var w = columns.first
            while w < columns.end {
              let cell = h * geometry.inputWidth + w
              let value = load(plane + cell * channels + channel)
              let wins = (value .> best) .| (value .!= value)
              best = best.replacing(with: value, where: wins)
              bestIndex = bestIndex.replacing(
                with: IntVector(repeating: Int32(truncatingIfNeeded: cell)), where: wins)
              w += columns.step
            }
            h += rows.step
          }
          store(best, to: output + position + channel)
          if let indices {
            UnsafeMutableRawPointer(indices + position + channel)
              .storeBytes(of: bestIndex, as: IntVector.self)
          }
          channel += lanes
        }
        while channel < channels {
          var best = -Float.infinity
          var bestIndex = rows.first * geometry.inputWidth + columns.first
          var h = rows.first
          while h < rows.end {
            var w = columns.first
            while w < columns.end {
              let cell = h * geometry.inputWidth + w
              let value = plane[cell * channels + channel]
              if value > best || value != value {
                best = value
                bestIndex = cell
              }
              w += columns.step
            }
            h += rows.step
          }
          output[position + channel] = best
          if let indices { indices[position + channel] = Int32(truncatingIfNeeded: bestIndex) }
          channel += 1
        }
        x += 1
      }
      row += 1
    }
  }

  public static func maxPool2dBackward(
    _ geometry: Pool2dGeometry, image: Int, outputGradient: UnsafePointer<Float>,
    indices: UnsafePointer<Int32>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    let channels = geometry.channels
    let inputCount = geometry.inputHeight * geometry.inputWidth * channels
    let outputPixels = geometry.outputHeight * geometry.outputWidth
    let plane = inputGradient + image * inputCount
    fill(count: inputCount, value: 0, output: plane)
    var position = image * outputPixels * channels
    var pixel = 0
    while pixel < outputPixels {
      var channel = 0
      while channel < channels {
        plane[Int(indices[position]) * channels + channel] += outputGradient[position]
        position += 1
        channel += 1
      }
      pixel += 1
    }
  }
}

/// The input cells of one window along one axis: those that the padding does not hold.
struct WindowRange {
  /// The first cell inside the input.
  let first: Int
  /// Past the last cell inside the input.
  let end: Int
  /// The dilation.
  let step: Int

  @inline(__always)
  init(_ window: WindowGeometry, _ size: Int, _ output: Int) {
    let start = output * window.stride - window.paddingBefore
    step = window.dilation
    first = start >= 0 ? start : start + (-start + step - 1) / step * step
    end = min(start + window.effectiveKernel, size)
  }
}
