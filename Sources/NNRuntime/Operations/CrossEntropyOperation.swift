import NNKernels
import NNShapes

/// The numbers of a recorded cross-entropy; the node keeps the gradient of each line's loss.
struct CrossEntropyOperation {
  /// (N, C, d₁·…) of the input.
  let layout: AxisLayout
  let reduction: Reduction
  /// What the mean divides by: the sum of the labels' weights.
  let divisor: Float
  /// Whether there is a label that is not ignored.
  let hasLabels: Bool
}

extension Tape {
  /// l = -Σ t · log softmax(x) for labels y, where t[c] = (1 - ε) · w[y] · (c = y) + (ε/C) · w[c], and in
  /// the same pass its gradient softmax(x) · Σ t - t. Both are 0 where y is `ignoreIndex`; the mean
  /// divides by Σ w[y], and is NaN where every label is ignored.
  ///
  /// `input` (C), (N, C) or (N, C, d₁, …). Throws where the labels have another shape than
  /// ``labelShape(of:)``, or are no class.
  func crossEntropy(
    _ input: Variable, _ labels: IndexTensor, weight: Tensor?, ignoreIndex: Int, reduction: Reduction,
    labelSmoothing: Float
  ) throws(TargetError) -> Variable {
    let input = stored(input, as: .contiguous)
    let x = tensor(input)
    let layout = AxisLayout(x.shape, dim: x.shape.rank == 1 ? 0 : 1, "CrossEntropyLoss")
    try check(labels, weight: weight, ignoreIndex: ignoreIndex, of: x.shape, layout)
    let losses = pool.makeTensor(labels.shape)
    let gradient = pool.makeTensor(x.shape)
    kernels.crossEntropy(
      outer: layout.outer, axis: layout.axis, inner: layout.inner,
      step: CrossEntropyStep(ignoreIndex: ignoreIndex, smoothing: labelSmoothing), input: x.pointer,
      labels: labels.pointer, weight: weight.map { UnsafePointer($0.pointer) }, losses: losses.pointer,
      gradient: gradient.pointer, pool: threads)

    var (divisor, hasLabels) = (0.0, false)
    for line in 0..<labels.count where labels.pointer[line] != Int64(ignoreIndex) {
      divisor += Double(weight?.pointer[Int(labels.pointer[line])] ?? 1)
      hasLabels = true
    }
    let operation = CrossEntropyOperation(
      layout: layout, reduction: reduction, divisor: Float(divisor), hasLabels: hasLabels)
    let output = reduction == .none ? losses : pool.makeTensor(.scalar)
    if reduction != .none {
      let sum = kernels.sum(count: losses.count, input: losses.pointer)
      output.pointer[0] = Float(reduction == .mean ? sum / divisor : sum)
    }
    return record(
      .crossEntropy(operation), Node.Inputs(first: input.index), output, saved: gradient.storage)
  }

  func crossEntropyBackward(_ operation: CrossEntropyOperation, _ node: Node, _ outputGradient: Tensor) {
    guard let saved = node.saved else { return }
    let layout = operation.layout
    let inputGradient = pool.makeTensor(values[node.inputs.first].tensor.shape)
    if operation.reduction == .none {
      layout.forEachLine { line, start in
        for c in 0..<layout.axis {
          let position = start + c * layout.inner
          inputGradient.pointer[position] = saved.floats[position] * outputGradient.pointer[line]
        }
      }
    } else {
      // The mean of nothing has no gradient.
      let factor =
        operation.hasLabels
        ? operation.reduction.gradient(outputGradient, 0, divisor: operation.divisor) : 0
      kernels.scale(
        count: inputGradient.count, factor: factor, input: saved.floats, output: inputGradient.pointer,
        pool: threads)
    }
    addGradient(inputGradient, to: node.inputs.first)
  }
}
