import NNShapes

/// The numbers of a recorded loss on class labels; the node keeps the labels and the class weights.
struct ClassLossOperation {
  /// (N, C, d₁·…) of the log-probabilities.
  let layout: AxisLayout
  let ignoreIndex: Int
  let reduction: Reduction
  /// What the mean divides by: the sum of the labels' weights.
  let divisor: Float
}

extension Tape {
  /// l = -w[y] · x[y] for log-probabilities x and labels y, 0 where y is `ignoreIndex`; the mean divides
  /// by Σ w[y], and is NaN where every label is ignored.
  ///
  /// `input` (C), (N, C) or (N, C, d₁, …). Throws where the labels have another shape than
  /// ``labelShape(of:)``, or are no class.
  func classLoss(
    _ input: Variable, _ labels: IndexTensor, weight: Tensor?, ignoreIndex: Int,
    reduction: Reduction
  ) throws(TargetError) -> Variable {
    let input = stored(input, as: .contiguous)
    let x = tensor(input)
    let layout = AxisLayout(x.shape, dim: x.shape.rank == 1 ? 0 : 1, "class loss")
    try check(labels, weight: weight, ignoreIndex: ignoreIndex, of: x.shape, layout)
    let output = pool.makeTensor(reduction == .none ? labels.shape : .scalar)
    var (sum, divisor) = (0.0, 0.0)
    layout.forEachLine { line, start in
      let label = Int(labels.pointer[line])
      var loss: Float = 0
      if label != ignoreIndex {
        let labelWeight = weight?.pointer[label] ?? 1
        loss = -x.pointer[start + label * layout.inner] * labelWeight
        divisor += Double(labelWeight)
      }
      if reduction == .none { output.pointer[line] = loss } else { sum += Double(loss) }
    }
    switch reduction {
    case .none: break
    case .sum: output.pointer[0] = Float(sum)
    case .mean: output.pointer[0] = Float(sum / divisor)
    }
    let operation = ClassLossOperation(
      layout: layout, ignoreIndex: ignoreIndex, reduction: reduction, divisor: Float(divisor))
    return record(
      .classLoss(operation), Node.Inputs(first: input.index), output, saved: labels.storage,
      lossWeights: weight)
  }

  func classLossBackward(_ operation: ClassLossOperation, _ node: Node, _ outputGradient: Tensor) {
    guard let labels = node.saved?.int64s else { return }
    let layout = operation.layout
    let weight = node.lossWeights?.pointer
    let inputGradient = pool.makeTensor(values[node.inputs.first].tensor.shape)
    layout.forEachLine { line, start in
      let label = Int(labels[line])
      let isCounted = label != operation.ignoreIndex
      let gradient = operation.reduction.gradient(outputGradient, line, divisor: operation.divisor)
      for c in 0..<layout.axis {
        inputGradient.pointer[start + c * layout.inner] =
          isCounted && c == label ? -(weight?[c] ?? 1) * gradient : 0
      }
    }
    addGradient(inputGradient, to: node.inputs.first)
  }

  /// Throws where the labels are not of an input of shape `input`, or are no class, and where the class
  /// weights are not as many as the classes.
  func check(
    _ labels: IndexTensor, weight: Tensor?, ignoreIndex: Int, of input: Shape, _ layout: AxisLayout
  ) throws(TargetError) {
    let expected = labelShape(of: input)
    guard labels.shape == expected else {
      throw .shape(input: input, target: labels.shape, expected: expected)
    }
    try check(weight, layout)
    for index in 0..<labels.count {
      let label = labels.pointer[index]
      guard label == Int64(ignoreIndex) || (label >= 0 && label < Int64(layout.axis)) else {
        throw .classOutOfRange(index: index, value: label, classCount: layout.axis)
      }
    }
  }

  /// Throws where the class weights are not as many as the classes.
  func check(_ weight: Tensor?, _ layout: AxisLayout) throws(TargetError) {
    guard let weight, weight.shape != Shape(layout.axis) else { return }
    throw .classWeights(count: weight.count, classCount: layout.axis)
  }

  /// The shape of the labels of an input: without its class dimension.
  func labelShape(of input: Shape) -> Shape { input.removing(input.rank == 1 ? 0 : 1) }
}

extension AxisLayout {
  /// Calls `body` for each line along the axis: its number, and the position of its first element; the
  /// others follow at a distance of `inner`.
  func forEachLine(_ body: (_ line: Int, _ start: Int) -> Void) {
    for block in 0..<outer {
      for position in 0..<inner { body(block * inner + position, block * axis * inner + position) }
    }
  }
}

extension Reduction {
  /// The gradient that element `index` of a loss gets from that of the reduced loss.
  func gradient(_ outputGradient: Tensor, _ index: Int, divisor: Float) -> Float {
    switch self {
    case .none: outputGradient.pointer[index]
    case .sum: outputGradient.pointer[0]
    case .mean: outputGradient.pointer[0] / divisor
    }
  }
}
