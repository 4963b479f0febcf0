import NNKernels
import NNShapes

/// The numbers of a recorded gated linear unit; the node keeps the gate.
struct GLUOperation {
  /// (outer, axis, inner) of one half.
  let half: AxisLayout

  /// Calls `body` for each outer index with the positions of the first half, of the second half, and of
  /// the result; `count` elements follow each.
  fileprivate func forEachBlock(_ body: (_ first: Int, _ second: Int, _ result: Int, _ count: Int) -> Void) {
    let count = half.axis * half.inner
    for block in 0..<half.outer { body(2 * block * count, (2 * block + 1) * count, block * count, count) }
  }
}

extension Tape {
  /// y = a · σ(b) for the halves a and b of the input along dimension `dim`, which may count from the
  /// end; σ is the sigmoid. da = dy · σ(b), db = dy · a · σ(b) · (1 - σ(b)).
  ///
  /// (…, 2·n, …) gives (…, n, …). Traps on an odd dimension and on a scalar.
  public func glu(_ input: Variable, dim: Int) -> Variable {
    let input = stored(input, as: .contiguous)
    let x = tensor(input)
    guard let index = x.shape.resolve(dimension: dim), x.shape.rank > 0, x.shape[index] % 2 == 0 else {
      preconditionFailure("GLU(dim=\(dim)) of \(x.shape)")
    }
    let output = pool.makeTensor(x.shape.replacing(index, with: x.shape[index] / 2))
    let operation = GLUOperation(half: AxisLayout(output.shape, dim: index, "GLU"))
    let gate = pool.makeTensor(output.shape)
    operation.forEachBlock { first, second, result, count in
      kernels.sigmoid(
        count: count, input: x.pointer + second, output: gate.pointer + result, pool: threads)
      kernels.multiply(
        count: count, a: x.pointer + first, b: gate.pointer + result, output: output.pointer + result,
        pool: threads)
    }
    return record(.glu(operation), Node.Inputs(first: input.index), output, saved: gate.storage)
  }

  func gluBackward(_ operation: GLUOperation, _ node: Node, _ outputGradient: Tensor) {
    guard let gate = node.saved?.floats else { return }
    let (y, dy) = (values[node.output].tensor.pointer, outputGradient.pointer)
    let inputGradient = pool.makeTensor(values[node.inputs.first].tensor.shape)
    let dx = inputGradient.pointer
    operation.forEachBlock { first, second, result, count in
      for index in 0..<count {
        let s = gate[result + index]
        dx[first + index] = dy[result + index] * s
        dx[second + index] = dy[result + index] * y[result + index] * (1 - s)
      }
    }
    addGradient(inputGradient, to: node.inputs.first)
  }
}
