import NNKernelInterface

extension VectorKernels {
  /// Twelve independent chains: enough to cover the latency of any current core's multiply-add, and
  /// few enough for 16 registers.
  public static func multiplyAdds(iterations: Int, sink: UnsafeMutablePointer<Float>) -> Int {
    typealias Chains = InlineArray<12, Vector>
    var sums = Chains(repeating: load(sink))
    var chain = 0
    while chain < 12 {
      // Different values, or the compiler would compute one chain for all.
      sums[chain] += Vector(repeating: Float(chain))
      chain += 1
    }
    let factor = Vector(repeating: 0.999)
    let addend = Vector(repeating: 0.001)
    var iteration = 0
    while iteration < iterations {
      chain = 0
      while chain < 12 {
        sums[chain] = multiplyAdd(sums[chain], factor, addend)
        chain += 1
      }
      iteration += 1
    }
    var total = Vector(repeating: 0)
    chain = 0
    while chain < 12 {
      total += sums[chain]
      chain += 1
    }
    store(total, to: sink)
    return iterations * 12 * lanes * 2
  }
}
