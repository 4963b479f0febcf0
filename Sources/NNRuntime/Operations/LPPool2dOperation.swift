import NNKernels
import NNShapes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The numbers of a recorded power-average pooling.
struct LPPool2dOperation {
  let geometry: Pool2dGeometry
  /// p.
  let normType: Float
}

extension Tape {
  /// y = (k · mean(xᵖ))^(1/p) of each window, k the cells of a whole window: the p-norm, but that a window cut
  /// off by rounding up counts as if its mean filled it.
  ///
  /// `input` (N, C, H, W) or (C, H, W), the output likewise with H' and W'. The gradient is
  /// (k/n) · xᵖ⁻¹ · y¹⁻ᵖ over the n cells of the window, and 0 where y is 0.
  public func lpPool2d(
    _ input: Variable, normType: Float, vertical: WindowGeometry, horizontal: WindowGeometry
  ) -> Variable {
    let input = stored(input, as: .channelsLast)
    let x = tensor(input)
    let geometry = poolGeometry("LPPool2d", x.shape, vertical, horizontal)
    let operation = LPPool2dOperation(geometry: geometry, normType: normType)
    let output = pool.makeTensor(pooledShape(x.shape, geometry), .channelsLast)
    output.pointer.update(repeating: 0, count: output.count)
    let channels = geometry.channels
    operation.forEachWindow(threads) { target, pixels, share in
      let y = output.pointer + target * channels
      pixels { source in
        let pixel = x.pointer + source * channels
        for channel in 0..<channels { y[channel] += powf(pixel[channel], normType) }
      }
      for channel in 0..<channels { y[channel] = powf(y[channel] * share, 1 / normType) }
    }
    return record(.lpPool2d(operation), Node.Inputs(first: input.index), output)
  }

  func lpPool2dBackward(_ operation: LPPool2dOperation, _ node: Node, _ outputGradient: Tensor) {
    let (x, output) = (values[node.inputs.first].tensor, values[node.output].tensor)
    let inputGradient = makeZeros(x.shape, .channelsLast)
    let (channels, p) = (operation.geometry.channels, operation.normType)
    operation.forEachWindow(threads) { target, pixels, share in
      let (y, dy) = (output.pointer + target * channels, outputGradient.pointer + target * channels)
      pixels { source in
        let dx = inputGradient.pointer + source * channels
        for channel in 0..<channels where y[channel] != 0 {
          dx[channel] += dy[channel] * share * powf(y[channel], 1 - p)
        }
      }
    }
    for index in 0..<x.count { inputGradient.pointer[index] *= powf(x.pointer[index], p - 1) }
    addGradient(inputGradient, to: node.inputs.first)
  }
}

extension LPPool2dOperation {
  /// Calls `body` for each window with the pixel of the output, a loop over the window's pixels of the input,
  /// and the cells of a whole window over those of this one; images side by side.
  fileprivate func forEachWindow(
    _ threads: ThreadPool,
    _ body: (_ target: Int, _ pixels: ((_ source: Int) -> Void) -> Void, _ share: Float) -> Void
  ) {
    let whole = geometry.vertical.kernel * geometry.horizontal.kernel
    threads.run(tasks: geometry.batch) { image, _ in
      for h in 0..<geometry.outputHeight {
        let top = h * geometry.vertical.stride
        let bottom = min(top + geometry.vertical.kernel, geometry.inputHeight)
        for w in 0..<geometry.outputWidth {
          let left = w * geometry.horizontal.stride
          let right = min(left + geometry.horizontal.kernel, geometry.inputWidth)
          let pixels: ((Int) -> Void) -> Void = { visit in
            for row in top..<bottom {
              for column in left..<right {
                visit((image * geometry.inputHeight + row) * geometry.inputWidth + column)
              }
            }
          }
          body(
            (image * geometry.outputHeight + h) * geometry.outputWidth + w, pixels,
            Float(whole) / Float((bottom - top) * (right - left)))
        }
      }
    }
  }
}
