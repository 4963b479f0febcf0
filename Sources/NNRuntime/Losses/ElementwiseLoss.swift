/// A loss l(x, t) of one number of the output, x, against one of the target, t.
///
/// What conforms is a few numbers and goes onto the tape as it is: 24 bytes at most, so that nothing is
/// allocated. The two loops are requirements so that each conforming type has its own of them, with its
/// formula compiled in.
protocol ElementwiseLoss: Sendable {
  /// l(x, t). `p` is the `pos_weight` of the element, 1 where there is none.
  func value(_ x: Float, _ t: Float, _ p: Float) -> Float
  /// ∂l/∂x and ∂l/∂t.
  func derivatives(_ x: Float, _ t: Float, _ p: Float) -> (input: Float, target: Float)

  /// The sum of all losses; each of them goes to `losses` where that is wanted.
  func sum(of elements: LossElements, losses: UnsafeMutablePointer<Float>?) -> Double
  /// Adds the gradients, those of the losses being `outputGradient(index)`.
  func addGradients(
    of elements: LossElements, from outputGradient: (Int) -> Float, input: UnsafeMutablePointer<Float>?,
    target: UnsafeMutablePointer<Float>?)
}

/// The numbers that a loss is computed from, an element of the output at a time.
struct LossElements {
  let input: UnsafePointer<Float>
  let target: UnsafePointer<Float>
  /// Where the target's numbers are.
  let broadcast: Broadcast
  /// What each loss is multiplied by; 1 where there is none.
  let weight: UnsafePointer<Float>?
  /// `pos_weight`; 1 where there is none.
  let positiveWeight: UnsafePointer<Float>?
}

extension ElementwiseLoss {
  func sum(of elements: LossElements, losses: UnsafeMutablePointer<Float>?) -> Double {
    var sum = 0.0
    elements.broadcast.forEach { index, position in
      let loss = value(
        elements.input[index], elements.target[position], elements.positiveWeight?[index] ?? 1)
      let weighted = loss * (elements.weight?[index] ?? 1)
      if let losses { losses[index] = weighted } else { sum += Double(weighted) }
    }
    return sum
  }

  func addGradients(
    of elements: LossElements, from outputGradient: (Int) -> Float, input: UnsafeMutablePointer<Float>?,
    target: UnsafeMutablePointer<Float>?
  ) {
    elements.broadcast.forEach { index, position in
      let slopes = derivatives(
        elements.input[index], elements.target[position], elements.positiveWeight?[index] ?? 1)
      let dl = outputGradient(index) * (elements.weight?[index] ?? 1)
      if let input { input[index] += slopes.input * dl }
      if let target { target[position] += slopes.target * dl }
    }
  }
}
