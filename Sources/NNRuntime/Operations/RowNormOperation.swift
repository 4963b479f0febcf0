import NNShapes

/// The numbers of a recorded normalisation of rows; the node keeps mean and 1/σ of each row.
struct RowNormOperation {
  /// Rows, each of `length` values side by side.
  let rows: Int
  let length: Int
  /// The mean is taken off; without, σ² is the mean square.
  let isCentered: Bool
  /// The weight of element i of the whole is number i / `weightStride` mod `weightCount`.
  let weightStride: Int
  let weightCount: Int

  /// The number of the weight of element `index`.
  func weight(of index: Int) -> Int { index / weightStride % weightCount }
}

extension Tape {
  /// Each row brought to mean 0 and variance 1, then multiplied and added to by element:
  /// y = (x - mean) / √(var + eps) · weight + bias; without `isCentered` y = x / √(mean(x²) + eps) · weight.
  ///
  /// The rows are `rows` equal parts of the contiguous input: (N, G, …) of GroupNorm, (N, C, …) of
  /// InstanceNorm, everything but the last dimensions of LayerNorm. `observe` is given mean and variance of
  /// each row.
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
      let start = row * operation.length
      let statistics = operation.statistics(x.pointer + start)
      let (mean, inverse) = (
        Float(statistics.mean), Float(1 / (statistics.variance + Double(eps)).squareRoot())
      )
      saved.floats[2 * row] = mean
      saved.floats[2 * row + 1] = inverse
      for index in start..<start + operation.length {
        var y = (x.pointer[index] - mean) * inverse
        if let w { y *= w[operation.weight(of: index)] }
        if let b { y += b[operation.weight(of: index)] }
        output.pointer[index] = y
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
        let range = row * operation.length..<(row + 1) * operation.length
        let (mean, inverse) = (saved[2 * row], saved[2 * row + 1])
        var (sum, product) = (0.0, 0.0)
        for index in range {
          let g = dy[index] * (w?[operation.weight(of: index)] ?? 1)
          sum += Double(g)
          product += Double(g * (x.pointer[index] - mean) * inverse)
        }
        let length = Double(operation.length)
        let (meanGradient, meanProduct) = (
          Float(operation.isCentered ? sum / length : 0), Float(product / length)
        )
        for index in range {
          let g = dy[index] * (w?[operation.weight(of: index)] ?? 1)
          let normal = (x.pointer[index] - mean) * inverse
          inputGradient.pointer[index] = (g - meanGradient - normal * meanProduct) * inverse
        }
      }
      addGradient(inputGradient, to: node.inputs.first)
    }
    if wantsGradient(weight) {
      let gradient = makeZeros(values[weight].tensor.shape)
      for index in 0..<x.count {
        let row = index / operation.length
        gradient.pointer[operation.weight(of: index)] +=
          dy[index] * (x.pointer[index] - saved[2 * row]) * saved[2 * row + 1]
      }
      addGradient(gradient, to: weight)
    }
    if wantsGradient(bias) {
      let gradient = makeZeros(values[bias].tensor.shape)
      for index in 0..<x.count { gradient.pointer[operation.weight(of: index)] += dy[index] }
      addGradient(gradient, to: bias)
    }
  }
}

extension RowNormOperation {
  /// Mean and biased variance of a row, or 0 and the mean square where no mean is taken off.
  fileprivate func statistics(_ row: UnsafePointer<Float>) -> (mean: Double, variance: Double) {
    var mean = 0.0
    if isCentered {
      for index in 0..<length { mean += Double(row[index]) }
      mean /= Double(length)
    }
    var variance = 0.0
    for index in 0..<length {
      let distance = Double(row[index]) - mean
      variance += distance * distance
    }
    return (mean, variance / Double(length))
  }
}
