import NNKernels
import NNShapes

/// The numbers of a recorded adaptive pooling; that of maxima keeps the indices in the node.
struct AdaptivePoolOperation {
  let vertical: AdaptiveWindow
  let horizontal: AdaptiveWindow
}

extension Tape {
  /// The mean of each window of ``AdaptiveWindow``, per channel.
  ///
  /// `input` (N, C, H, W) or (C, H, W), the output likewise with `height` and `width`, nil for the input's.
  public func adaptiveAvgPool2d(_ input: Variable, height: Int?, width: Int?) -> Variable {
    let input = stored(input, as: .channelsLast)
    let x = tensor(input)
    let operation = AdaptivePoolOperation(x.shape, height, width)
    let output = pool.makeTensor(operation.outputShape(of: x.shape), .channelsLast)
    operation.forEachWindow(of: x.shape, threads) { target, cells, channels in
      let mean = output.pointer + target * channels
      mean.update(repeating: 0, count: channels)
      for row in cells.rows {
        for column in cells.columns {
          let pixel = x.pointer + cells.pixel(row, column) * channels
          for channel in 0..<channels { mean[channel] += pixel[channel] }
        }
      }
      let share = Float(cells.rows.count * cells.columns.count)
      for channel in 0..<channels { mean[channel] /= share }
    }
    return record(.adaptiveAvgPool2d(operation), Node.Inputs(first: input.index), output)
  }

  /// Each gradient, over the cells of its window, goes to all of them.
  func adaptiveAvgPool2dBackward(
    _ operation: AdaptivePoolOperation, _ node: Node, _ outputGradient: Tensor
  ) {
    let shape = values[node.inputs.first].tensor.shape
    let inputGradient = makeZeros(shape, .channelsLast)
    operation.forEachWindow(of: shape, threads) { target, cells, channels in
      let share = Float(cells.rows.count * cells.columns.count)
      let gradient = outputGradient.pointer + target * channels
      for row in cells.rows {
        for column in cells.columns {
          let sum = inputGradient.pointer + cells.pixel(row, column) * channels
          for channel in 0..<channels { sum[channel] += gradient[channel] / share }
        }
      }
    }
    addGradient(inputGradient, to: node.inputs.first)
  }

  /// The largest value of each window of ``AdaptiveWindow``, per channel; the first of equal maxima wins, NaN
  /// over all. With `returnIndices` h·W + w of each is ``indices(_:)`` of the result.
  public func adaptiveMaxPool2d(
    _ input: Variable, height: Int?, width: Int?, returnIndices: Bool
  ) -> Variable {
    let input = stored(input, as: .channelsLast)
    let x = tensor(input)
    precondition(
      x.shape[x.shape.rank - 2] * x.shape[x.shape.rank - 1] <= Int(Int32.max),
      "AdaptiveMaxPool2d: the planes of \(x.shape) are too large")
    let operation = AdaptivePoolOperation(x.shape, height, width)
    let output = pool.makeTensor(operation.outputShape(of: x.shape), .channelsLast)
    let indices = pool.take(byteCount: output.count * MemoryLayout<Int32>.stride)
    operation.forEachWindow(of: x.shape, threads) { target, cells, channels in
      let (best, place) = (output.pointer + target * channels, indices.int32s + target * channels)
      best.update(repeating: -.infinity, count: channels)
      place.update(
        repeating: Int32(cells.rows.lowerBound * operation.horizontal.size + cells.columns.lowerBound),
        count: channels)
      for row in cells.rows {
        for column in cells.columns {
          let pixel = x.pointer + cells.pixel(row, column) * channels
          for channel in 0..<channels where pixel[channel] > best[channel] || pixel[channel].isNaN {
            best[channel] = pixel[channel]
            place[channel] = Int32(row * operation.horizontal.size + column)
          }
        }
      }
    }
    let variable = record(
      .adaptiveMaxPool2d(operation), Node.Inputs(first: input.index), output, saved: indices)
    if returnIndices { setIndices(contiguousIndices(indices, output.shape), of: variable) }
    return variable
  }

  func adaptiveMaxPool2dBackward(
    _ operation: AdaptivePoolOperation, _ node: Node, _ outputGradient: Tensor
  ) {
    guard let indices = node.saved else { return }
    let shape = values[node.inputs.first].tensor.shape
    let inputGradient = makeZeros(shape, .channelsLast)
    let plane = operation.vertical.size * operation.horizontal.size
    let windows = operation.vertical.count * operation.horizontal.count
    operation.forEachWindow(of: shape, threads) { target, _, channels in
      let (gradient, place) = (outputGradient.pointer + target * channels, indices.int32s + target * channels)
      let image = inputGradient.pointer + target / windows * plane * channels
      for channel in 0..<channels { image[Int(place[channel]) * channels + channel] += gradient[channel] }
    }
    addGradient(inputGradient, to: node.inputs.first)
  }
}

extension AdaptivePoolOperation {
  /// The cells of one window.
  fileprivate struct Cells {
    let rows: Range<Int>
    let columns: Range<Int>
    /// The position of the image's first pixel.
    let start: Int
    let width: Int

    func pixel(_ row: Int, _ column: Int) -> Int { start + row * width + column }
  }

  fileprivate init(_ shape: Shape, _ height: Int?, _ width: Int?) {
    let images = ImageLayout(shape)
    vertical = AdaptiveWindow(size: images.height, count: height ?? images.height)
    horizontal = AdaptiveWindow(size: images.width, count: width ?? images.width)
  }

  fileprivate func outputShape(of input: Shape) -> Shape {
    input.replacing(input.rank - 2, with: vertical.count).replacing(input.rank - 1, with: horizontal.count)
  }

  /// Calls `body` for each window with the pixel of the output, the cells and C; images side by side.
  fileprivate func forEachWindow(
    of input: Shape, _ threads: ThreadPool, _ body: (_ target: Int, _ cells: Cells, _ channels: Int) -> Void
  ) {
    let images = ImageLayout(input)
    threads.run(tasks: images.batch) { image, _ in
      for h in 0..<vertical.count {
        for w in 0..<horizontal.count {
          let cells = Cells(
            rows: vertical.range(of: h), columns: horizontal.range(of: w),
            start: image * images.height * images.width, width: images.width)
          body((image * vertical.count + h) * horizontal.count + w, cells, images.channels)
        }
      }
    }
  }
}
