import NNKernelInterface
import NNShapes

extension VectorKernels {
  public static func avgPool2dForward(
    _ geometry: Pool2dGeometry, countIncludePad: Bool, divisorOverride: Int, firstRow: Int,
    endRow: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
  ) {
    let channels = geometry.channels
    var row = firstRow
    while row < endRow {
      let image = row / geometry.outputHeight
      let y = row % geometry.outputHeight
      let plane = input + image * geometry.inputHeight * geometry.inputWidth * channels
      let rows = WindowRange(geometry.vertical, geometry.inputHeight, y)
      var x = 0
      while x < geometry.outputWidth {
        let columns = WindowRange(geometry.horizontal, geometry.inputWidth, x)
        let target = output + (row * geometry.outputWidth + x) * channels
        fill(count: channels, value: 0, output: target)
        var h = rows.first
        while h < rows.end {
          var w = columns.first
          while w < columns.end {
            add(
              count: channels, a: target, b: plane + (h * geometry.inputWidth + w) * channels,
              output: target)
            w += 1
          }
          h += 1
        }
        let divisor = averageDivisor(geometry, countIncludePad, divisorOverride, rows, columns, y, x)
        var channel = 0
        while channel < channels {
          target[channel] /= divisor
          channel += 1
        }
        x += 1
      }
      row += 1
    }
  }

  public static func avgPool2dBackward(
    _ geometry: Pool2dGeometry, countIncludePad: Bool, divisorOverride: Int, image: Int,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    let channels = geometry.channels
    let inputCount = geometry.inputHeight * geometry.inputWidth * channels
    let plane = inputGradient + image * inputCount
    fill(count: inputCount, value: 0, output: plane)
    var y = 0
    while y < geometry.outputHeight {
      let rows = WindowRange(geometry.vertical, geometry.inputHeight, y)
      var x = 0
      while x < geometry.outputWidth {
        let columns = WindowRange(geometry.horizontal, geometry.inputWidth, x)
        let row = image * geometry.outputHeight + y
        let source = outputGradient + (row * geometry.outputWidth + x) * channels
        let divisor = averageDivisor(geometry, countIncludePad, divisorOverride, rows, columns, y, x)
        var h = rows.first
        while h < rows.end {
          var w = columns.first
          while w < columns.end {
            let target = plane + (h * geometry.inputWidth + w) * channels
            var channel = 0
            while channel < channels {
              target[channel] += source[channel] / divisor
              channel += 1
            }
            w += 1
          }
          h += 1
        }
        x += 1
      }
      y += 1
    }
  }
}

/// What the sum of a window is divided by. With `countIncludePad` that is the window's size as far as
/// it lies in the padded input, which in ceil mode can be less than kH·kW; without, the number of its
/// cells inside the input. A window without such cells has the sum 0, and 1 keeps that 0.
/// Source: PyTorch, `aten/src/ATen/native/cpu/AvgPoolKernel.cpp`.
@inline(__always)
private func averageDivisor(
  _ geometry: Pool2dGeometry, _ countIncludePad: Bool, _ divisorOverride: Int, _ rows: WindowRange,
  _ columns: WindowRange, _ y: Int, _ x: Int
) -> Float {
  guard rows.first < rows.end && columns.first < columns.end else { return 1 }
  if divisorOverride != 0 { return Float(divisorOverride) }
  guard countIncludePad else {
    return Float((rows.end - rows.first) * (columns.end - columns.first))
  }
  let height = paddedExtent(geometry.vertical, geometry.inputHeight, y)
  let width = paddedExtent(geometry.horizontal, geometry.inputWidth, x)
  return Float(height * width)
}

/// The cells of one window along one axis that lie in the padded input.
@inline(__always)
private func paddedExtent(_ window: WindowGeometry, _ size: Int, _ output: Int) -> Int {
  let start = output * window.stride - window.paddingBefore
  return min(start + window.kernel, size + window.paddingAfter) - start
}
