import NNKernels
import NNShapes
import Testing

#if arch(x86_64)
  import NNKernelsWideTile
#endif

/// A build under test and its name in messages.
struct TestBuild: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let kernels: Kernels

  /// All builds that this machine runs, and the widest tiles in the instructions that it has, each with
  /// every method of convolution, and each faster algorithm wherever it can be used.
  static let all: [TestBuild] = {
    var sets = InstructionSet.available.map { ($0.rawValue, Kernels($0, convolution: .direct).build, $0) }
    #if arch(x86_64)
      if InstructionSet.best >= .avx2 {
        sets.append(("wide tile", NNKernelsWideTile.VectorKernels.self, .avx2))
      }
    #endif
    let methods: [(String, ConvolutionMethod, ConvolutionAlgorithm?)] = [
      ("direct", .direct, nil), ("automatic", .automatic, nil), ("winograd", .automatic, .winograd),
      ("sparse", .automatic, .sparse),
    ]
    var builds: [TestBuild] = []
    for (set, build, instructions) in sets {
      for (name, method, algorithm) in methods {
        builds.append(
          TestBuild(
            testDescription: "\(set), \(name)",
            kernels: Kernels(
              build: build, like: instructions, convolution: method, forcing: algorithm)))
      }
    }
    // As a program runs them: the build there may depend on the shape.
    for method in ConvolutionMethod.allCases {
      builds.append(
        TestBuild(
          testDescription: "as shipped, \(method.rawValue)", kernels: Kernels(.best, convolution: method)))
    }
    return builds
  }()
}

extension Kernels {
  /// The error that a convolution pass may have. Winograd's is one of the whole sum's scale, not of the
  /// value at hand: 2e-5 of it for outputs, 5e-5 for gradients, half of what the reference cases allow.
  func tolerance(_ pass: String, direct: Float, _ expected: Buffer) -> Float {
    let relative: Float = pass == "forward" ? 2e-5 : 5e-5
    return convolution == .direct
      ? direct : max(direct, relative * max(1, expected.rootMeanSquare))
  }
}

/// Memory of a test, filled with NaN: what a kernel does not write cannot go unnoticed.
final class Buffer {
  let count: Int
  let pointer: UnsafeMutablePointer<Float>
  /// Bytes of NaN behind the buffer, which no kernel may touch.
  private static let guardCount = 64

  init(_ count: Int) {
    self.count = count
    pointer = .allocate(capacity: count + Buffer.guardCount)
    pointer.initialize(repeating: .nan, count: count + Buffer.guardCount)
  }

  convenience init(_ values: [Float]) {
    self.init(values.count)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  /// Values in -1 ..< 1 that follow from the seed.
  convenience init(_ count: Int, seed: UInt64) {
    self.init(count)
    var generator = TestGenerator(seed: seed)
    for index in 0..<count { pointer[index] = generator.next() }
  }

  deinit { pointer.deallocate() }

  var values: [Float] { (0..<count).map { pointer[$0] } }
  var bits: [UInt32] { (0..<count).map { pointer[$0].bitPattern } }
  /// Nothing was written behind the end.
  var guardIsIntact: Bool {
    (count..<count + Buffer.guardCount).allSatisfy { pointer[$0].bitPattern == Float.nan.bitPattern }
  }

  /// √(Σ x² / n).
  var rootMeanSquare: Float {
    let sum = (0..<count).reduce(0.0) { $0 + Double(pointer[$1]) * Double(pointer[$1]) }
    return Float((sum / Double(max(count, 1))).squareRoot())
  }

  /// The largest |a - b| / (1 + |b|); infinite where the counts differ or a value is NaN.
  func error(against expected: Buffer) -> Float {
    guard count == expected.count else { return .infinity }
    var largest: Float = 0
    for index in 0..<count {
      let (a, b) = (pointer[index], expected.pointer[index])
      let error = abs(a - b) / (1 + abs(b))
      guard error == error else { return .infinity }
      largest = max(largest, error)
    }
    return largest
  }
}

/// A linear congruential generator (Knuth's MMIX constants): plenty for test data.
struct TestGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 2_862_933_555_777_941_757 &+ 3_037_000_493 }

  mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(state >> 40) / Float(1 << 23) - 1
  }
}

/// A convolution in the fewest words.
func conv(
  _ batch: Int, _ channels: Int, _ height: Int, _ width: Int, _ outputs: Int, kernel: (Int, Int),
  stride: (Int, Int) = (1, 1), padding: (Int, Int, Int, Int) = (0, 0, 0, 0),
  dilation: (Int, Int) = (1, 1), groups: Int = 1
) -> Conv2dGeometry {
  Conv2dGeometry(
    batch: batch, inputChannels: channels, inputHeight: height, inputWidth: width,
    outputChannels: outputs, groups: groups,
    vertical: WindowGeometry(
      kernel: kernel.0, stride: stride.0, paddingBefore: padding.0, paddingAfter: padding.1,
      dilation: dilation.0, ceilMode: false),
    horizontal: WindowGeometry(
      kernel: kernel.1, stride: stride.1, paddingBefore: padding.2, paddingAfter: padding.3,
      dilation: dilation.1, ceilMode: false))
}

/// A geometry in one line, for the message of a failing sweep.
func describe(_ g: Conv2dGeometry) -> String {
  func axis(_ w: WindowGeometry) -> String {
    "k\(w.kernel) s\(w.stride) p\(w.paddingBefore)+\(w.paddingAfter) d\(w.dilation)"
  }
  return "\(g.batch)×\(g.inputChannels)×\(g.inputHeight)×\(g.inputWidth) → \(g.outputChannels), "
    + "vertical \(axis(g.vertical)), horizontal \(axis(g.horizontal)), groups \(g.groups)"
}
