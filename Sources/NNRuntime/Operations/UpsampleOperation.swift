import NNKernels
import NNShapes

/// The numbers of a recorded resize.
struct UpsampleOperation {
  let vertical: ResizeGeometry
  let horizontal: ResizeGeometry
  let isBilinear: Bool
}

extension Tape {
  /// Maps of another size: each pixel a copy of the nearest one, or a mean of the four around its place.
  ///
  /// `input` (N, C, H, W) or (C, H, W) with the input sizes of the two axes.
  public func upsample(
    _ input: Variable, vertical: ResizeGeometry, horizontal: ResizeGeometry, isBilinear: Bool
  ) -> Variable {
    let input = stored(input, as: .channelsLast)
    let x = tensor(input)
    let rank = x.shape.rank
    precondition(
      rank >= 3 && x.shape[rank - 2] == vertical.input && x.shape[rank - 1] == horizontal.input,
      "Upsample: \(vertical.input)×\(horizontal.input) of \(x.shape)")
    let operation = UpsampleOperation(vertical: vertical, horizontal: horizontal, isBilinear: isBilinear)
    let output = pool.makeTensor(
      x.shape.replacing(rank - 2, with: vertical.output).replacing(rank - 1, with: horizontal.output),
      .channelsLast)
    let channels = x.shape[rank - 3]
    operation.forEachPixel(of: x.shape, threads) { target, corners in
      let y = output.pointer + target * channels
      let (a, b) = (x.pointer + corners.topLeft * channels, x.pointer + corners.topRight * channels)
      let (c, d) = (x.pointer + corners.bottomLeft * channels, x.pointer + corners.bottomRight * channels)
      if isBilinear {
        let (across, down) = (corners.across, corners.down)
        for channel in 0..<channels {
          y[channel] =
            (1 - down) * ((1 - across) * a[channel] + across * b[channel])
            + down * ((1 - across) * c[channel] + across * d[channel])
        }
      } else {
        y.update(from: a, count: channels)
      }
    }
    return record(.upsample(operation), Node.Inputs(first: input.index), output)
  }

  /// Each gradient goes to the pixels that its value was made of, by their shares.
  func upsampleBackward(_ operation: UpsampleOperation, _ node: Node, _ outputGradient: Tensor) {
    let shape = values[node.inputs.first].tensor.shape
    let inputGradient = makeZeros(shape, .channelsLast)
    let channels = shape[shape.rank - 3]
    operation.forEachPixel(of: shape, threads) { target, corners in
      let dy = outputGradient.pointer + target * channels
      let (across, down) = (corners.across, corners.down)
      func add(_ share: Float, to pixel: Int) {
        guard share != 0 else { return }
        let dx = inputGradient.pointer + pixel * channels
        for channel in 0..<channels { dx[channel] += share * dy[channel] }
      }
      add((1 - down) * (1 - across), to: corners.topLeft)
      add((1 - down) * across, to: corners.topRight)
      add(down * (1 - across), to: corners.bottomLeft)
      add(down * across, to: corners.bottomRight)
    }
    addGradient(inputGradient, to: node.inputs.first)
  }
}

extension UpsampleOperation {
  /// The four pixels around a place, and how far it is across and down from the first.
  fileprivate struct Corners {
    let topLeft: Int
    let topRight: Int
    let bottomLeft: Int
    let bottomRight: Int
    let across: Float
    let down: Float
  }

  /// Calls `body` for each pixel of the output; images side by side.
  fileprivate func forEachPixel(
    of input: Shape, _ threads: ThreadPool, _ body: (_ target: Int, _ corners: Corners) -> Void
  ) {
    threads.run(tasks: ImageLayout(input).batch) { image, _ in
      let start = image * vertical.input
      for h in 0..<vertical.output {
        let rows = place(h, vertical)
        for w in 0..<horizontal.output {
          let columns = place(w, horizontal)
          func pixel(_ row: Int, _ column: Int) -> Int { (start + row) * horizontal.input + column }
          body(
            (image * vertical.output + h) * horizontal.output + w,
            Corners(
              topLeft: pixel(rows.first, columns.first), topRight: pixel(rows.first, columns.second),
              bottomLeft: pixel(rows.second, columns.first), bottomRight: pixel(rows.second, columns.second),
              across: columns.share, down: rows.share))
        }
      }
    }
  }

  private func place(_ position: Int, _ axis: ResizeGeometry) -> (first: Int, second: Int, share: Float) {
    guard isBilinear else {
      let nearest = axis.nearest(position)
      return (nearest, nearest, 0)
    }
    return axis.neighbours(position)
  }
}
