import NNShapes

extension Tape {
  /// Runs a kernel that computes the gradients of a node's weight (its second input) and bias (its
  /// third) together, straight into the parameters' own memory where that is possible: where both
  /// are parameters in the same state, and the weight's order is the kernel's.
  func writeWeightGradients(
    of node: Node,
    _ compute: (
      _ weight: UnsafeMutablePointer<Float>, _ bias: UnsafeMutablePointer<Float>?, _ accumulate: Bool
    ) -> Void
  ) {
    let (weight, bias) = (node.inputs.second, node.inputs.third)
    let (wantsWeight, wantsBias) = (wantsGradient(weight), wantsGradient(bias))
    guard wantsWeight || wantsBias else { return }
    if let weightParameter = values[weight].parameter, wantsWeight {
      if !wantsBias {
        compute(weightParameter.gradient.pointer, nil, weightParameter.hasGradient)
        weightParameter.hasGradient = true
        return
      }
      if let biasParameter = values[bias].parameter,
        biasParameter.hasGradient == weightParameter.hasGradient
      {
        compute(
          weightParameter.gradient.pointer, biasParameter.gradient.pointer,
          weightParameter.hasGradient)
        weightParameter.hasGradient = true
        biasParameter.hasGradient = true
        return
      }
    }
    let w = values[weight].tensor
    let weightGradient = pool.makeTensor(w.shape, w.format)
    let biasGradient = wantsBias ? pool.makeTensor(values[bias].tensor.shape) : nil
    compute(weightGradient.pointer, biasGradient?.pointer, false)
    if wantsWeight { addGradient(weightGradient, to: weight) }
    if let biasGradient { addGradient(biasGradient, to: bias) }
  }
}
