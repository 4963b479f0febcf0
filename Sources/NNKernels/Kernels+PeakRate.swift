import NNKernelInterface

extension Kernels {
  /// The floating-point operations a second that one core reaches with independent multiply-adds, two
  /// operations each: the bound for every kernel. The best of many short runs over about `seconds`.
  public func peakRate(seconds: Double) -> Double {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 16) { buffer in
      buffer.initialize(repeating: 1)
      guard let sink = buffer.baseAddress else { return 0 }
      let clock = ContinuousClock()
      let start = clock.now
      var best = 0.0
      repeat {
        var operations = 0
        let time = clock.measure { operations = build.multiplyAdds(iterations: 50_000, sink: sink) }
        best = max(best, Double(operations) / (time / .seconds(1)))
      } while (clock.now - start) / .seconds(1) < seconds
      return best
    }
  }
}
