import NNKernels
import NNShapes

/// The numbers of a recorded padding.
struct PaddingOperation {
  let vertical: PaddingGeometry
  let horizontal: PaddingGeometry
}

extension Tape {
  /// y[h, w] is the pixel of x that the two axes name, or `value` where they name none.
  ///
  /// `input` (N, C, H, W) or (C, H, W); the output has the sizes of ``PaddingGeometry/outputSize(of:)``.
  /// Traps where the map is too small for the mode.
  public func pad(
    _ input: Variable, vertical: PaddingGeometry, horizontal: PaddingGeometry, value: Float
  ) -> Variable {
    let input = stored(input, as: .channelsLast)
    let x = tensor(input)
    let rank = x.shape.rank
    precondition(rank == 3 || rank == 4, "padding: input \(x.shape) is neither (C, H, W) nor (N, C, H, W)")
    let (height, width) = (x.shape[rank - 2], x.shape[rank - 1])
    precondition(
      max(vertical.before, vertical.after) <= vertical.limit(of: height)
        && max(horizontal.before, horizontal.after) <= horizontal.limit(of: width),
      "padding \(vertical), \(horizontal) of \(x.shape)")
    let output = pool.makeTensor(
      x.shape.replacing(rank - 2, with: vertical.outputSize(of: height))
        .replacing(rank - 1, with: horizontal.outputSize(of: width)), .channelsLast)
    let operation = PaddingOperation(vertical: vertical, horizontal: horizontal)
    let channels = x.shape[rank - 3]
    operation.forEachPixel(from: x.shape, to: output.shape, threads) { source, target in
      let pixel = output.pointer + target * channels
      if let source {
        pixel.update(from: x.pointer + source * channels, count: channels)
      } else {
        pixel.update(repeating: value, count: channels)
      }
    }
    return record(.padding(operation), Node.Inputs(first: input.index), output)
  }

  /// Each pixel's gradient goes to the pixel that it was read from.
  func paddingBackward(_ operation: PaddingOperation, _ node: Node, _ outputGradient: Tensor) {
    let shape = values[node.inputs.first].tensor.shape
    let inputGradient = makeZeros(shape, .channelsLast)
    let channels = shape[shape.rank - 3]
    operation.forEachPixel(from: shape, to: outputGradient.shape, threads) { source, target in
      guard let source else { return }
      let (sum, gradient) = (
        inputGradient.pointer + source * channels, outputGradient.pointer + target * channels
      )
      for channel in 0..<channels { sum[channel] += gradient[channel] }
    }
    addGradient(inputGradient, to: node.inputs.first)
  }
}

extension PaddingOperation {
  /// Calls `body` for each pixel of the output with the pixel of the input, nil for the constant; images
  /// side by side.
  fileprivate func forEachPixel(
    from input: Shape, to output: Shape, _ threads: ThreadPool,
    _ body: (_ source: Int?, _ target: Int) -> Void
  ) {
    let images = ImageLayout(input)
    let (height, width) = (output[output.rank - 2], output[output.rank - 1])
    threads.run(tasks: images.batch) { image, _ in
      for h in 0..<height {
        let row = vertical.source(of: h, size: images.height)
        for w in 0..<width {
          let column = horizontal.source(of: w, size: images.width)
          var source: Int?
          if let row, let column { source = (image * images.height + row) * images.width + column }
          body(source, (image * height + h) * width + w)
        }
      }
    }
  }
}
