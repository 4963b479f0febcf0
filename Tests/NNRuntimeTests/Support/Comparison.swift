import NNKernels
import NNRuntime
import NNShapes

/// How far two numbers may be apart: |a - b| ≤ absolute + relative · |b|. NaN equals NaN, and
/// infinities equal themselves.
struct Tolerance {
  let absolute: Double
  let relative: Double

  /// That of the reference cases.
  static let reference = Tolerance(absolute: 2e-5, relative: 2e-5)

  func accepts(_ a: Double, _ b: Double) -> Bool {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN }
    return a == b || abs(a - b) <= absolute + relative * abs(b)
  }
}

/// What is wrong with `found`, or nil: the counts first, then the first value out of tolerance.
func difference<A: BinaryFloatingPoint, B: BinaryFloatingPoint>(
  _ name: String, _ found: [A], _ expected: [B], _ tolerance: Tolerance
) -> String? {
  guard found.count == expected.count else {
    return "\(name): \(found.count) values, expected \(expected.count)"
  }
  for index in found.indices
  where !tolerance.accepts(Double(found[index]), Double(expected[index])) {
    return "\(name)[\(index)] is \(found[index]), expected \(expected[index])"
  }
  return nil
}

/// A tape on `threads` threads, its memory poisoned so that a read of unwritten memory shows.
func makeTape(threads: Int = 1, seed: UInt64 = 0) -> Tape {
  Tape(
    threads: ThreadPool(threads: threads), generator: Generator(seed: seed),
    pool: StoragePool(poison: true))
}

/// A tensor of normal values.
func randomTensor(_ shape: Shape, _ generator: Generator, _ format: MemoryFormat = .contiguous) -> Tensor {
  Tensor(generator.randn(shape.elementCount), shape, format)
}

/// A tensor of well separated values in random order, none near 0: for operations with kinks.
func separatedTensor(_ shape: Shape, _ generator: Generator) -> Tensor {
  let count = shape.elementCount
  let values = generator.randperm(count).map { (Float($0) - Float(count) / 2 + 0.25) * 0.25 }
  return Tensor(values, shape)
}
