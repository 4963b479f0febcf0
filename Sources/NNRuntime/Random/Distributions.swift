#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

// Distributions as PyTorch draws them. Source: `aten/src/ATen/core/TransformationHelper.h`,
// `DistributionsHelper.h`, `native/cpu/DistributionTemplates.h`.

extension Generator {
  /// A float of U(0, 1): 24 bits of one draw.
  public func uniform() -> Float { Float(next32() & 0xff_ffff) * 0x1p-24 }

  /// A float of U(low, high): u · (high - low) + low with one rounding.
  public func uniform(_ low: Float, _ high: Float) -> Float {
    low.addingProduct(uniform(), high - low)
  }

  /// A double of U(0, 1): 53 bits of two draws.
  public func uniformDouble() -> Double { Double(next64() & (1 << 53 - 1)) * 0x1p-53 }

  /// What `torch.empty((), dtype=torch.int64).random_()` gives: 63 bits of two draws.
  public func randomInt64() -> Int64 { Int64(next64() % (1 << 63)) }

  /// An integer of `low` ..< `high`, as `torch.randint` draws one. Traps on an empty range.
  public func randint(_ low: Int, _ high: Int) -> Int {
    precondition(low < high, "randint: \(low) ..< \(high) is empty")
    let range = UInt64(high - low)
    return low + Int(range < 1 << 28 ? UInt64(next32()) % range : next64() % range)
  }

  /// A permutation of 0 ..< `count`, as `torch.randperm(count)`.
  public func randperm(_ count: Int) -> [Int] {
    precondition(count >= 0, "randperm: \(count)")
    var order = Array(0..<count)
    guard count > 1 else { return order }
    for index in 0..<count - 1 {
      order.swapAt(index, index + Int(next32() % UInt32(count - index)))
    }
    return order
  }

  /// Fills `values` with standard normal values, as `torch.randn` does.
  ///
  /// From 16 elements on: uniform floats first, then each block of 16 becomes 8 pairs by the
  /// Box-Muller transform; a rest is made by drawing the last 16 elements anew. Equal to PyTorch's up
  /// to the last digits of the logarithm and the cosine. Below 16 elements: pairs in double
  /// precision, whose second value waits for the next call.
  public func fillNormal(_ values: UnsafeMutableBufferPointer<Float>) {
    guard values.count >= 16 else {
      for index in values.indices { values[index] = Float(normal()) }
      return
    }
    for index in values.indices { values[index] = uniform() }
    for start in stride(from: 0, through: values.count - 16, by: 16) {
      transformToNormal(UnsafeMutableBufferPointer(rebasing: values[start..<start + 16]))
    }
    if values.count % 16 != 0 {
      let tail = UnsafeMutableBufferPointer(rebasing: values[(values.count - 16)...])
      for index in tail.indices { tail[index] = uniform() }
      transformToNormal(tail)
    }
  }

  /// `count` standard normal values, as `torch.randn(count)`.
  public func randn(_ count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      let values = UnsafeMutableBufferPointer(rebasing: buffer[0..<count])
      values.initialize(repeating: 0)
      fillNormal(values)
      initialized = count
    }
  }

  /// One standard normal value in double precision.
  private func normal() -> Double {
    if let cached = cachedNormal {
      cachedNormal = nil
      return cached
    }
    let (angle, depth) = (2 * Double.pi * uniformDouble(), uniformDouble())
    let radius = (-2 * log1p(-depth)).squareRoot()
    cachedNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// Elements j and j + 8 of 16 uniform values become √(-2 ln(1 - u₁)) · cos 2πu₂ and … · sin 2πu₂.
  private func transformToNormal(_ block: UnsafeMutableBufferPointer<Float>) {
    for j in 0..<8 {
      let radius = (-2 * logf(1 - block[j])).squareRoot()
      let angle = 2 * Float.pi * block[j + 8]
      block[j] = radius * cosf(angle)
      block[j + 8] = radius * sinf(angle)
    }
  }
}
