import NNKernelInterface

extension VectorKernels {
  /// Twelve independent chains: enough to cover the latency of any current core's multiply-add, and
  /// few enough for 16 registers.
  public static func multiplyAdds(iterations: Int, sink: UnsafeMutablePointer<Float>) -> Int {
    let start = load(sink)
    let factor = Vector(repeating: 0.999)
    let addend = Vector(repeating: 0.001)
    // Different values, or the compiler would compute one chain for all.
    var (a, b, c, d) = (start, start + factor, start + addend, start - factor)
    var (e, f, g, h) = (a + b, a - addend, b + addend, a * factor)
    var (i, j, k, l) = (e + factor, e + addend, f * factor, g * factor)
    var iteration = 0
    while iteration < iterations {
      a = multiplyAdd(a, factor, addend)
      b = multiplyAdd(b, factor, addend)
      c = multiplyAdd(c, factor, addend)
      d = multiplyAdd(d, factor, addend)
      e = multiplyAdd(e, factor, addend)
      f = multiplyAdd(f, factor, addend)
      g = multiplyAdd(g, factor, addend)
      h = multiplyAdd(h, factor, addend)
      i = multiplyAdd(i, factor, addend)
      j = multiplyAdd(j, factor, addend)
      k = multiplyAdd(k, factor, addend)
      l = multiplyAdd(l, factor, addend)
      iteration += 1
    }
    let total = ((a + b) + (c + d)) + ((e + f) + (g + h)) + ((i + j) + (k + l))
    store(total, to: sink)
    return iterations * 12 * lanes * 2
  }
}
