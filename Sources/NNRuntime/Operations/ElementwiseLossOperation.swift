import NNShapes

/// The numbers of a recorded elementwise loss; its second input is the target, and the node keeps the
/// weights, one an element.
struct ElementwiseLossOperation {
  let loss: any ElementwiseLoss
  /// The target repeated to the input's shape.
  let broadcast: Broadcast
  let reduction: Reduction
  /// What the mean divides by.
  let divisor: Float
}

extension Tape {
  /// w · l(x, t) for each element x of the input, reduced. Input and target get a gradient where they
  /// want one.
  ///
  /// `target` has the input's shape, or its rank with dimensions of 1 that are repeated. PyTorch repeats
  /// the input too, (4, 1) against (4) to 4×4 losses, with a warning: no sense is made of that here, and
  /// it throws. `weight` and `positiveWeight` are repeated to the input's shape, and throw where they
  /// cannot be. `divisor` nil is the number of elements.
  func elementwiseLoss(
    _ loss: some ElementwiseLoss, _ input: Variable, _ target: Variable, reduction: Reduction,
    weight: Tensor? = nil, positiveWeight: Tensor? = nil, divisor: Float? = nil
  ) throws(TargetError) -> Variable {
    let (input, target) = (stored(input, as: .contiguous), stored(target, as: .contiguous))
    let (x, t) = (tensor(input), tensor(target))
    guard x.shape.rank == t.shape.rank, let broadcast = Broadcast(t.shape, to: x.shape) else {
      throw .shape(input: x.shape, target: t.shape, expected: x.shape)
    }
    let operation = ElementwiseLossOperation(
      loss: loss, broadcast: broadcast, reduction: reduction, divisor: divisor ?? Float(x.count))
    let weights = try repeated(weight, "weight", to: x.shape)
    let positiveWeights = try repeated(positiveWeight, "pos_weight", to: x.shape)
    let elements = LossElements(
      input: x.pointer, target: t.pointer, broadcast: broadcast,
      weight: weights.map { UnsafePointer($0.pointer) },
      positiveWeight: positiveWeights.map { UnsafePointer($0.pointer) })
    let output = pool.makeTensor(reduction == .none ? x.shape : .scalar)
    let sum = loss.sum(of: elements, losses: reduction == .none ? output.pointer : nil)
    switch reduction {
    case .none: break
    case .sum: output.pointer[0] = Float(sum)
    case .mean: output.pointer[0] = Float(sum / Double(operation.divisor))
    }
    return record(
      .elementwiseLoss(operation), Node.Inputs(first: input.index, second: target.index), output,
      saved: positiveWeights?.storage, lossWeights: weights)
  }

  func elementwiseLossBackward(
    _ operation: ElementwiseLossOperation, _ node: Node, _ outputGradient: Tensor
  ) {
    let (x, t) = (values[node.inputs.first].tensor, values[node.inputs.second].tensor)
    let elements = LossElements(
      input: x.pointer, target: t.pointer, broadcast: operation.broadcast,
      weight: node.lossWeights.map { UnsafePointer($0.pointer) },
      positiveWeight: node.saved.map { UnsafePointer($0.floats) })
    let inputGradient = wantsGradient(node.inputs.first) ? makeZeros(x.shape) : nil
    let targetGradient = wantsGradient(node.inputs.second) ? makeZeros(t.shape) : nil
    operation.loss.addGradients(
      of: elements,
      from: { operation.reduction.gradient(outputGradient, $0, divisor: operation.divisor) },
      input: inputGradient?.pointer, target: targetGradient?.pointer)
    if let inputGradient { addGradient(inputGradient, to: node.inputs.first) }
    if let targetGradient { addGradient(targetGradient, to: node.inputs.second) }
  }

  /// The weights of a loss called `name` in the shape of the output; nil for none.
  private func repeated(
    _ weight: Tensor?, _ name: StaticString, to shape: Shape
  ) throws(TargetError) -> Tensor? {
    guard let weight else { return nil }
    guard let broadcast = Broadcast(weight.shape, to: shape) else {
      throw .weight(name: "\(name)", shape: weight.shape, input: shape)
    }
    let result = pool.makeTensor(shape)
    broadcast.forEach { index, position in result.pointer[index] = weight.pointer[position] }
    return result
  }

  private func makeZeros(_ shape: Shape) -> Tensor {
    let zeros = pool.makeTensor(shape)
    zeros.pointer.update(repeating: 0, count: zeros.count)
    return zeros
  }
}
