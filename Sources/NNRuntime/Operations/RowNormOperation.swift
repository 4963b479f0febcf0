import NNKernels
import NNShapes

/// The numbers of a recorded normalisation of rows; the node keeps mean and 1/σ of each row.
struct RowNormOperation {
  /// Rows, each of `length` values side by side.
  let rows: Int
  let length: Int
  /// The mean is taken off; without, σ² is the mean square.
  let isCentered: Bool
  /// Values side by side that share a weight: those of a channel's map, or 1.
  let weightStride: Int
  /// The weights; after the last one comes the first again.
  let weightCount: Int
}

extension Tape {
  /// Each row brought to mean 0 and variance 1, then multiplied and added to by element:
  /// y = (x - mean) / √(var + eps) · weight + bias; without `isCentered` y = x / √(mean(x²) + eps) · weight.
  ///
  /// The rows are `rows` equal parts of the contiguous input: (N, G, …) of GroupNorm, (N, C, …) of
  /// InstanceNorm, everything but the last dimensions of LayerNorm. Value i of the whole has weight number
  /// i / `weightStride` mod `weightCount`. `observe` is given mean and variance of each row.
  public func rowNorm(
    _ input: Variable, weight: Variable?, bias: Variable?, rows: Int, isCentered: Bool, eps: Float,
    weightStride: Int, weightCount: Int,
    observe: (_ row: Int, _ mean: Double, _ variance: Double) -> Void = { _, _, _ in }
  ) -> Variable {
    let input = stored(input, as: .contiguous)
    let x = tensor(input)
    let operation = RowNormOperation(
      rows: rows, length: x.count / max(rows, 1), isCentered: isCentered, weightStride: max(weightStride, 1),
      weightCount: max(weightCount, 1))
    let output = pool.makeTensor(x.shape)
    let saved = pool.take(byteCount: 2 * rows * MemoryLayout<Float>.stride)
    let (w, b) = (weight.map { tensor($0).pointer }, bias.map { tensor($0).pointer })
    threads.run(tasks: rows) { row, _ in
      let statistics = operation.statistics(x.pointer + row * operation.length)
      let (mean, inverse) = (
        Float(statistics.mean), Float(1 / (statistics.variance + Double(eps)).squareRoot())
      )
      saved.floats[2 * row] = mean
      saved.floats[2 * row + 1] = inverse
      operation.forEachSegment(of: row) { start, count, first, step in
        let (x, y) = (x.pointer + start, output.pointer + start)
        var place = first
        for index in 0..<count {
          y[index] = (x[index] - mean) * inverse * (w?[place] ?? 1) + (b?[place] ?? 0)
          place += step
        }
      }
    }
    for row in 0..<rows {
      let inverse = Double(saved.floats[2 * row + 1])
      observe(row, Double(saved.floats[2 * row]), 1 / (inverse * inverse) - Double(eps))
    }
    return record(
      .rowNorm(operation),
      Node.Inputs(first: input.index, second: weight?.index ?? -1, third: bias?.index ?? -1), output,
      saved: saved)
  }

  /// With x̂ = (x - mean)/σ and g = dy · weight: dx = (g - mean(g) - x̂ · mean(g · x̂))/σ, mean(g) left out where
  /// no mean was taken off; dweight = Σ dy · x̂, dbias = Σ dy.
  func rowNormBackward(_ operation: RowNormOperation, _ node: Node, _ outputGradient: Tensor) {
    guard let saved = node.saved?.floats else { return }
    let (x, dy) = (values[node.inputs.first].tensor, outputGradient.pointer)
    let (weight, bias) = (node.inputs.second, node.inputs.third)
    let w = weight >= 0 ? values[weight].tensor.pointer : nil
    if wantsGradient(node.inputs.first) {
      let inputGradient = pool.makeTensor(x.shape)
      threads.run(tasks: operation.rows) { row, _ in
        operation.inputGradient(
          row, x: x.pointer, dy: dy, weight: w, mean: saved[2 * row], inverse: saved[2 * row + 1],
          dx: inputGradient.pointer)
      }
      addGradient(inputGradient, to: node.inputs.first)
    }
    guard wantsGradient(weight) || wantsGradient(bias) else { return }
    // Both at once: Σ dy · x̂ and Σ dy of each weight, in the order of the rows.
    let products = makeZeros(Shape(operation.weightCount))
    let sums = makeZeros(Shape(operation.weightCount))
    for row in 0..<operation.rows {
      let (mean, inverse) = (saved[2 * row], saved[2 * row + 1])
      operation.forEachSegment(of: row) { start, count, first, step in
        let (x, dy) = (x.pointer + start, dy + start)
        if step == 1 {
          let (product, sum) = (products.pointer + first, sums.pointer + first)
          for index in 0..<count {
            product[index] += dy[index] * (x[index] - mean) * inverse
            sum[index] += dy[index]
          }
        } else {
          let (total, product) = fourSums(count) { (Double(dy[$0]), Double(dy[$0] * (x[$0] - mean))) }
          products.pointer[first] += Float(product) * inverse
          sums.pointer[first] += Float(total)
        }
      }
    }
    if wantsGradient(weight) {
      addGradient(products.relabeled(values[weight].tensor.shape, .contiguous), to: weight)
    }
    if wantsGradient(bias) { addGradient(sums.relabeled(values[bias].tensor.shape, .contiguous), to: bias) }
  }
}

extension RowNormOperation {
  /// Calls `body` for the parts of a row whose weights lie side by side (`step` 1) or are one (`step` 0),
  /// with the first of these.
  @inline(__always)
  fileprivate func forEachSegment(
    of row: Int, _ body: (_ start: Int, _ count: Int, _ weight: Int, _ step: Int) -> Void
  ) {
    let (step, size) = weightStride == 1 ? (1, weightCount) : (0, weightStride)
    var start = row * length
    let end = start + length
    while start < end {
      // A row may begin in the middle of the weights, never in that of a map.
      let first = start / weightStride % weightCount
      let count = min(step == 1 ? size - first : size, end - start)
      body(start, count, first, step)
      start += count
    }
  }

  /// Mean and biased variance of a row, or 0 and the mean square where no mean is taken off.
  fileprivate func statistics(_ row: UnsafePointer<Float>) -> (mean: Double, variance: Double) {
    let mean = isCentered ? fourSums(length) { (Double(row[$0]), 0) }.0 / Double(length) : 0
    let (_, squares) = fourSums(length) {
      let distance = Double(row[$0]) - mean
      return (0, distance * distance)
    }
    return (mean, squares / Double(length))
  }

  fileprivate func inputGradient(
    _ row: Int, x: UnsafePointer<Float>, dy: UnsafePointer<Float>, weight: UnsafePointer<Float>?, mean: Float,
    inverse: Float, dx: UnsafeMutablePointer<Float>
  ) {
    var (sum, product) = (0.0, 0.0)
    forEachSegment(of: row) { start, count, first, step in
      let (x, dy) = (x + start, dy + start)
      let (a, b) = fourSums(count) {
        let g = dy[$0] * (weight?[first + step * $0] ?? 1)
        return (Double(g), Double(g * (x[$0] - mean)))
      }
      sum += a
      product += b * Double(inverse)
    }
    let meanGradient = Float(isCentered ? sum / Double(length) : 0)
    let meanProduct = Float(product / Double(length))
    forEachSegment(of: row) { start, count, first, step in
      let (x, dy, dx) = (x + start, dy + start, dx + start)
      var place = first
      for index in 0..<count {
        let normal = (x[index] - mean) * inverse
        dx[index] = (dy[index] * (weight?[place] ?? 1) - meanGradient - normal * meanProduct) * inverse
        place += step
      }
    }
  }
}

/// Two sums over 0 ..< count in double precision, four running ones each, so that additions overlap.
@inline(__always)
private func fourSums(_ count: Int, _ terms: (Int) -> (Double, Double)) -> (Double, Double) {
  var (a0, a1, a2, a3) = (0.0, 0.0, 0.0, 0.0)
  var (b0, b1, b2, b3) = (0.0, 0.0, 0.0, 0.0)
  var index = 0
  while index + 4 <= count {
    let (t0, t1, t2, t3) = (terms(index), terms(index + 1), terms(index + 2), terms(index + 3))
    (a0, a1, a2, a3) = (a0 + t0.0, a1 + t1.0, a2 + t2.0, a3 + t3.0)
    (b0, b1, b2, b3) = (b0 + t0.1, b1 + t1.1, b2 + t2.1, b3 + t3.1)
    index += 4
  }
  while index < count {
    let term = terms(index)
    (a0, b0) = (a0 + term.0, b0 + term.1)
    index += 1
  }
  return ((a0 + a1) + (a2 + a3), (b0 + b1) + (b2 + b3))
}
