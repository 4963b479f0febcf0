import NNShapes

/// The numbers of a recorded loss on class probabilities; the node keeps the class weights, and its
/// second input is the target.
struct ProbabilityLossOperation {
  /// (N, C, d₁·…) of the log-probabilities.
  let layout: AxisLayout
  let reduction: Reduction
  let labelSmoothing: Float
}

extension Tape {
  /// l = -Σ_c w[c] · (t[c] · (1 - ε) + ε/C) · x[c] for log-probabilities x and probabilities t of the
  /// same shape; the mean divides by N·d₁·…. Throws where the class weights are not as many as the classes.
  func probabilityLoss(
    _ input: Variable, _ target: Tensor, weight: Tensor?, reduction: Reduction, labelSmoothing: Float
  ) throws(TargetError) -> Variable {
    let (input, target) = (stored(input, as: .contiguous), variable(stored(target, as: .contiguous)))
    let (x, t) = (tensor(input), tensor(target))
    let layout = AxisLayout(x.shape, dim: x.shape.rank == 1 ? 0 : 1, "class loss")
    precondition(x.shape == t.shape, "a loss of \(x.shape) against probabilities \(t.shape)")
    try check(weight, layout)
    let operation = ProbabilityLossOperation(
      layout: layout, reduction: reduction, labelSmoothing: labelSmoothing)
    let output = pool.makeTensor(reduction == .none ? labelShape(of: x.shape) : .scalar)
    var sum = 0.0
    layout.forEachLine { line, start in
      var loss: Float = 0
      for c in 0..<layout.axis {
        let position = start + c * layout.inner
        loss -= x.pointer[position] * operation.smoothed(t.pointer[position]) * (weight?.pointer[c] ?? 1)
      }
      if reduction == .none { output.pointer[line] = loss } else { sum += Double(loss) }
    }
    switch reduction {
    case .none: break
    case .sum: output.pointer[0] = Float(sum)
    case .mean: output.pointer[0] = Float(sum / Double(operation.divisor))
    }
    return record(
      .probabilityLoss(operation), Node.Inputs(first: input.index, second: target.index), output,
      lossWeights: weight)
  }

  func probabilityLossBackward(
    _ operation: ProbabilityLossOperation, _ node: Node, _ outputGradient: Tensor
  ) {
    let layout = operation.layout
    let t = values[node.inputs.second].tensor
    let inputGradient = pool.makeTensor(t.shape)
    layout.forEachLine { line, start in
      let gradient = operation.reduction.gradient(outputGradient, line, divisor: operation.divisor)
      for c in 0..<layout.axis {
        let position = start + c * layout.inner
        let weight = node.lossWeights?.pointer[c] ?? 1
        inputGradient.pointer[position] = -operation.smoothed(t.pointer[position]) * weight * gradient
      }
    }
    addGradient(inputGradient, to: node.inputs.first)
  }
}

extension ProbabilityLossOperation {
  /// t · (1 - ε) + ε/C; t itself without smoothing.
  func smoothed(_ probability: Float) -> Float {
    labelSmoothing > 0
      ? probability * (1 - labelSmoothing) + labelSmoothing / Float(layout.axis) : probability
  }

  /// What the mean divides by: N·d₁·….
  var divisor: Float { Float(layout.outer * layout.inner) }
}
