import NNShapes

/// Convolution by its definition, one loop a dimension: the oracle that the fast kernels are tested
/// against, and the place to read what they compute.
///
/// Storage is channels-last: input (N, H, W, C), weight (O, kH, kW, C/groups), output (N, H', W', O).
/// Sums are carried in double precision, so that the oracle's own error is one rounding.
public enum ReferenceConvolution {
  /// y[n, y', x', o] = bias[o] + Σ_{u, v, c} x[n, y'·s + u·d - p, x'·s + v·d - p, g·C/G + c] · w[o, u, v, c],
  /// with zeros outside the input, where g is the group of o.
  public static func forward(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>
  ) {
    let channels = geometry.groupInputChannels
    var position = 0
    for n in 0..<geometry.batch {
      for y in 0..<geometry.outputHeight {
        for x in 0..<geometry.outputWidth {
          for o in 0..<geometry.outputChannels {
            let base = o / geometry.groupOutputChannels * channels
            var sum = bias.map { Double($0[o]) } ?? 0
            forEachTap(of: geometry, n: n, y: y, x: x) { pixel, tap in
              let w = weight + o * geometry.multiplyAddsPerOutput + tap * channels
              for c in 0..<channels {
                sum += Double(input[pixel * geometry.inputChannels + base + c]) * Double(w[c])
              }
            }
            output[position] = Float(sum)
            position += 1
          }
        }
      }
    }
  }

  /// The gradient of the input: each product of ``forward(_:input:weight:bias:output:)`` sends
  /// dy · w back to its input value.
  public static func inputGradient(
    _ geometry: Conv2dGeometry, outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>
  ) {
    let channels = geometry.groupInputChannels
    var sums = [Double](repeating: 0, count: geometry.inputCount)
    var position = 0
    for n in 0..<geometry.batch {
      for y in 0..<geometry.outputHeight {
        for x in 0..<geometry.outputWidth {
          for o in 0..<geometry.outputChannels {
            let base = o / geometry.groupOutputChannels * channels
            let gradient = Double(outputGradient[position])
            forEachTap(of: geometry, n: n, y: y, x: x) { pixel, tap in
              let w = weight + o * geometry.multiplyAddsPerOutput + tap * channels
              for c in 0..<channels {
                sums[pixel * geometry.inputChannels + base + c] += gradient * Double(w[c])
              }
            }
            position += 1
          }
        }
      }
    }
    for (index, sum) in sums.enumerated() { inputGradient[index] = Float(sum) }
  }

  /// The gradients of the weight, dw[o, u, v, c] = Σ dy · x over the batch and all output positions,
  /// and of the bias, Σ dy. Both are added to what is there when `accumulate` is set.
  public static func weightGradient(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool
  ) {
    let channels = geometry.groupInputChannels
    var sums = [Double](repeating: 0, count: geometry.weightCount)
    var biasSums = [Double](repeating: 0, count: geometry.outputChannels)
    var position = 0
    for n in 0..<geometry.batch {
      for y in 0..<geometry.outputHeight {
        for x in 0..<geometry.outputWidth {
          for o in 0..<geometry.outputChannels {
            let base = o / geometry.groupOutputChannels * channels
            let gradient = Double(outputGradient[position])
            biasSums[o] += gradient
            forEachTap(of: geometry, n: n, y: y, x: x) { pixel, tap in
              let row = o * geometry.multiplyAddsPerOutput + tap * channels
              for c in 0..<channels {
                sums[row + c] += gradient * Double(input[pixel * geometry.inputChannels + base + c])
              }
            }
            position += 1
          }
        }
      }
    }
    for (index, sum) in sums.enumerated() {
      weightGradient[index] = Float(accumulate ? Double(weightGradient[index]) + sum : sum)
    }
    guard let biasGradient else { return }
    for (index, sum) in biasSums.enumerated() {
      biasGradient[index] = Float(accumulate ? Double(biasGradient[index]) + sum : sum)
    }
  }

  /// Calls `body` with the input pixel (n·H + row)·W + column and the tap u·kW + v of every product
  /// of output position (n, y, x) that lies inside the input.
  private static func forEachTap(
    of geometry: Conv2dGeometry, n: Int, y: Int, x: Int, _ body: (_ pixel: Int, _ tap: Int) -> Void
  ) {
    let (vertical, horizontal) = (geometry.vertical, geometry.horizontal)
    for u in 0..<vertical.kernel {
      let row = y * vertical.stride + u * vertical.dilation - vertical.paddingBefore
      guard row >= 0 && row < geometry.inputHeight else { continue }
      for v in 0..<horizontal.kernel {
        let column = x * horizontal.stride + v * horizontal.dilation - horizontal.paddingBefore
        guard column >= 0 && column < geometry.inputWidth else { continue }
        body((n * geometry.inputHeight + row) * geometry.inputWidth + column, u * horizontal.kernel + v)
      }
    }
  }
}
