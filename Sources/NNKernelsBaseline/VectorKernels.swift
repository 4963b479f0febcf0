import CPlatform
import NNKernelInterface

/// The kernels of this build. The extensions hold them, one group a file.
///
/// Four roles, each in files of its own: plans cut the work (`GatherPlan`, `WeightGradientPlan`,
/// `WinogradPlan`, `SparseWeightGradientPlan`) by the numbers of `BlockSizes`; loops bring the operands
/// into place and walk over tiles (`Gather`, `WeightGradient`, `WinogradGather`, `WinogradGradient`, …);
/// micro-kernels keep a tile's sums in registers (`GatherTile`, `WinogradTile`, `WinogradShallowTile`,
/// `SparseWeightGradientTile`, `LinearTile`); and `NNKernels/Reference` says by definition what they compute.
///
/// The folders of the other builds link to these files, and differ in their compiler flags and in
/// one definition: `NN_AVX2`, `NN_AVX512` or none. Code here must leave nothing in the object file
/// that another module could pick up, or a program might run AVX-512 code on a machine without it:
/// pointers, `while` loops and concrete types, no collections and no generics of other modules.
/// `scripts/check-kernel-symbols` checks the result.
public enum VectorKernels: KernelBuild {}

#if NN_AVX512
  /// The widest vector of floats that one instruction works on.
  typealias Vector = SIMD16<Float>
  typealias IntVector = SIMD16<Int32>
  typealias VectorMask = SIMDMask<SIMD16<Int32>>
  /// Floats a vector.
  let lanes = 16
#elseif NN_AVX2
  /// The widest vector of floats that one instruction works on.
  typealias Vector = SIMD8<Float>
  typealias IntVector = SIMD8<Int32>
  typealias VectorMask = SIMDMask<SIMD8<Int32>>
  /// Floats a vector.
  let lanes = 8
#else
  /// The widest vector of floats that one instruction works on.
  typealias Vector = SIMD4<Float>
  typealias IntVector = SIMD4<Int32>
  typealias VectorMask = SIMDMask<SIMD4<Int32>>
  /// Floats a vector.
  let lanes = 4
#endif

/// The vector at `pointer`, which needs no alignment.
@inline(__always)
func load(_ pointer: UnsafePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

/// The vector at `pointer`, which needs no alignment.
@inline(__always)
func load(_ pointer: UnsafeMutablePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

/// Writes a vector to `pointer`, which needs no alignment.
@inline(__always)
func store(_ vector: Vector, to pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Vector.self)
}

/// The vector with every lane set to `number`.
@inline(__always)
func splat(_ number: Float) -> Vector { Vector(repeating: number) }

/// a · b + c: one instruction and one rounding where the build has it. On x86-64 without FMA the
/// fused form would be a library call a lane, so the baseline rounds twice.
@inline(__always)
func multiplyAdd(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
  #if NN_AVX512 || NN_AVX2 || arch(arm64)
    c.addingProduct(a, b)
  #else
    c + a * b
  #endif
}

/// a where `mask` is true, else b. Bitwise, as masks: these are instructions on whole vectors, where SIMD's own
/// `replacing` is a branch a lane until the code generator sees it, so many that no function with it is
/// inlined.
@inline(__always)
func select(_ mask: VectorMask, _ a: IntVector, _ b: IntVector) -> IntVector {
  unsafeBitCast(
    (mask .& unsafeBitCast(a, to: VectorMask.self)) .| (.!mask .& unsafeBitCast(b, to: VectorMask.self)),
    to: IntVector.self)
}

/// a where `mask` is true, else b.
@inline(__always)
func select(_ mask: VectorMask, _ a: Vector, _ b: Vector) -> Vector {
  unsafeBitCast(
    (mask .& unsafeBitCast(a, to: VectorMask.self)) .| (.!mask .& unsafeBitCast(b, to: VectorMask.self)),
    to: Vector.self)
}

/// The first `count` < `lanes` floats at `pointer`, the other lanes `filler`.
@inline(__always)
func load(_ pointer: UnsafePointer<Float>, count: Int, filler: Float = 0) -> Vector {
  var vector = Vector(repeating: filler)
  var lane = 0
  while lane < count {
    vector[lane] = pointer[lane]
    lane += 1
  }
  return vector
}

/// The first `count` ≤ `lanes` floats at `pointer`, the other lanes 0.
@inline(__always)
func load(_ pointer: UnsafePointer<Float>, upTo count: Int) -> Vector {
  count == lanes ? load(pointer) : load(pointer, count: count)
}

/// Writes the first `count` ≤ `lanes` lanes to `pointer`.
@inline(__always)
func store(_ vector: Vector, to pointer: UnsafeMutablePointer<Float>, upTo count: Int) {
  if count == lanes {
    store(vector, to: pointer)
  } else {
    store(vector, to: pointer, count: count)
  }
}

/// Writes the first `count` < `lanes` lanes to `pointer`.
///
/// Never inlined: a lane that is chosen at run time needs its vector in memory, and in a micro-kernel
/// that would keep every accumulator there.
@inline(never)
func store(_ vector: Vector, to pointer: UnsafeMutablePointer<Float>, count: Int) {
  var lane = 0
  while lane < count {
    pointer[lane] = vector[lane]
    lane += 1
  }
}

/// The sum of all lanes, halves first.
@inline(__always)
func horizontalSum(_ vector: Vector) -> Float {
  #if NN_AVX512
    let eight = vector.lowHalf + vector.highHalf
    let four = eight.lowHalf + eight.highHalf
  #elseif NN_AVX2
    let four = vector.lowHalf + vector.highHalf
  #else
    let four = vector
  #endif
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

/// The sums of a micro-kernel at 0, at most 512 floats, in registers.
///
/// Loaded from memory: `InlineArray(repeating:)` is inlined only where it is small, and one call to it
/// would keep the sums in memory.
@inline(__always)
func zeroSums<Sums: BitwiseCopyable>() -> Sums {
  UnsafeRawPointer(nn_zeros()).loadUnaligned(as: Sums.self)
}

/// `lanes` bytes as integers.
@inline(__always)
func loadBytes(_ p: UnsafePointer<UInt8>) -> IntVector {
  @inline(__always) func at(_ lane: Int) -> Int32 { Int32(truncatingIfNeeded: p[lane]) }
  #if NN_AVX512
    return IntVector(
      at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), at(8), at(9), at(10), at(11), at(12),
      at(13), at(14), at(15))
  #elseif NN_AVX2
    return IntVector(at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7))
  #else
    return IntVector(at(0), at(1), at(2), at(3))
  #endif
}

/// The first `count` ≤ `lanes` bytes as integers, the other lanes 0.
@inline(__always)
func loadBytes(_ pointer: UnsafePointer<UInt8>, upTo count: Int) -> IntVector {
  if count == lanes { return loadBytes(pointer) }
  var vector = IntVector(repeating: 0)
  var lane = 0
  while lane < count {
    vector[lane] = Int32(truncatingIfNeeded: pointer[lane])
    lane += 1
  }
  return vector
}

/// The lowest byte of each of the first `count` ≤ `lanes` lanes.
@inline(__always)
func storeBytes(_ vector: IntVector, to pointer: UnsafeMutablePointer<UInt8>, upTo count: Int) {
  if count == lanes {
    var lane = 0
    while lane < lanes {
      pointer[lane] = UInt8(truncatingIfNeeded: vector[lane])
      lane += 1
    }
  } else {
    storeBytes(vector, to: pointer, count: count)
  }
}

@inline(never)
private func storeBytes(
  _ vector: IntVector, to pointer: UnsafeMutablePointer<UInt8>, count: Int
) {
  var lane = 0
  while lane < count {
    pointer[lane] = UInt8(truncatingIfNeeded: vector[lane])
    lane += 1
  }
}
