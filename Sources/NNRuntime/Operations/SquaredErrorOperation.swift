import NNShapes

/// The numbers of a recorded squared error.
struct SquaredErrorOperation {
  let broadcast: Broadcast
  let reduction: Reduction
}

extension Tape {
  /// (x - y)² with PyTorch's broadcasting, reduced. Both inputs get a gradient where they want one.
  /// Throws where the shapes do not broadcast.
  func squaredError(
    _ input: Variable, _ target: Variable, reduction: Reduction
  ) throws(TargetError) -> Variable {
    let (input, target) = (stored(input, as: .contiguous), stored(target, as: .contiguous))
    let (x, y) = (tensor(input), tensor(target))
    guard let broadcast = Broadcast(x.shape, y.shape) else {
      throw .shape(input: x.shape, target: y.shape, expected: x.shape)
    }
    let output = pool.makeTensor(reduction == .none ? broadcast.shape : .scalar)
    var sum = 0.0
    broadcast.forEach { index, a, b in
      let difference = x.pointer[a] - y.pointer[b]
      let square = difference * difference
      if reduction == .none { output.pointer[index] = square } else { sum += Double(square) }
    }
    switch reduction {
    case .none: break
    case .sum: output.pointer[0] = Float(sum)
    case .mean: output.pointer[0] = Float(sum / Double(broadcast.shape.elementCount))
    }
    return record(
      .squaredError(SquaredErrorOperation(broadcast: broadcast, reduction: reduction)),
      Node.Inputs(first: input.index, second: target.index), output)
  }

  /// d/dx = 2 · (x - y) · dl, d/dy the negative, each summed over what it was broadcast to.
  func squaredErrorBackward(
    _ operation: SquaredErrorOperation, _ node: Node, _ outputGradient: Tensor
  ) {
    let (x, y) = (values[node.inputs.first].tensor, values[node.inputs.second].tensor)
    let divisor = Float(operation.broadcast.shape.elementCount)
    if wantsGradient(node.inputs.first) {
      let gradient = makeZeros(x.shape)
      operation.broadcast.forEach { index, a, b in
        let dl = operation.reduction.gradient(outputGradient, index, divisor: divisor)
        gradient.pointer[a] += 2 * (x.pointer[a] - y.pointer[b]) * dl
      }
      addGradient(gradient, to: node.inputs.first)
    }
    if wantsGradient(node.inputs.second) {
      let gradient = makeZeros(y.shape)
      operation.broadcast.forEach { index, a, b in
        let dl = operation.reduction.gradient(outputGradient, index, divisor: divisor)
        gradient.pointer[b] -= 2 * (x.pointer[a] - y.pointer[b]) * dl
      }
      addGradient(gradient, to: node.inputs.second)
    }
  }
}
