import NNShapes

/// The 2×2 max pooling of a convolution's epilogue by its definition, one loop a dimension: the oracle
/// of the fused kernels. Storage is channels-last; `geometry` is the convolution's.
public enum ReferencePooling {
  /// The maximum of each 2×2 window and its cell, 2·row + column: the first of equal maxima, the last
  /// NaN.
  public static func forward(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    argmax: UnsafeMutablePointer<UInt8>?
  ) {
    forEachWindow(of: geometry) { position, cell in
      var (best, bestCell) = (-Float.infinity, UInt8(0))
      for index in 0..<4 {
        let value = input[cell(index)]
        if value > best || value.isNaN { (best, bestCell) = (value, UInt8(index)) }
      }
      output[position] = best
      argmax?[position] = bestCell
    }
  }

  /// The gradient of the unpooled output: each pooled gradient in the cell that `argmax` names, zeros
  /// elsewhere.
  public static func expand(
    _ geometry: Conv2dGeometry, gradient: UnsafePointer<Float>, argmax: UnsafePointer<UInt8>,
    into output: UnsafeMutablePointer<Float>
  ) {
    output.update(repeating: 0, count: geometry.outputCount)
    forEachWindow(of: geometry) { position, cell in
      output[cell(Int(argmax[position]))] = gradient[position]
    }
  }

  /// Calls `body` for each value of the pooled map with its position and where the cells of its window
  /// lie in the unpooled one.
  private static func forEachWindow(
    of geometry: Conv2dGeometry, _ body: (_ position: Int, _ cell: (Int) -> Int) -> Void
  ) {
    let (width, channels) = (geometry.outputWidth, geometry.outputChannels)
    var position = 0
    for n in 0..<geometry.batch {
      for y in 0..<geometry.outputHeight / 2 {
        for x in 0..<width / 2 {
          for channel in 0..<channels {
            body(position) { cell in
              let row = n * geometry.outputHeight + 2 * y + cell / 2
              return (row * width + 2 * x + cell % 2) * channels + channel
            }
            position += 1
          }
        }
      }
    }
  }
}
