import NNKernelInterface
import NNShapes

/// One axis of a Winograd pass: windows of `taps` sources, one for each target.
///
/// A stride of 2 falls into two phases of stride 1. In the forward pass y[j] = Σ_k x[2j + k - p] · w[k], the
/// even and the odd k take every other source: k = 2t + f takes position j + t of phase f, which is source
/// 2 · (j + t) + f - p. In the input gradient the even and the odd targets are phases, which use other taps.
/// A phase with one tap less than a window has a zero in its place, in the input gradient the first or the last,
/// by the padding.
struct WinogradAxis {
  /// Sources from one position to the next, and phases of the source: 1 or the stride.
  let sourceStep: Int
  /// The same of the target.
  let targetStep: Int
  /// Sources of a window.
  let taps: Int
  /// Position j starts at source coordinate j · sourceStep - before; those outside the source are zeros.
  let before: Int
  /// The axis as the direct passes know it, of the first phase, its positions those of whole tiles.
  private(set) var gather: GatherAxis
  /// Targets that are wanted: not one that a pooling drops.
  let targetSize: Int
  /// Tiles of 4 targets of a phase, and how many there would be without a pooling.
  let tiles: Int
  let unpooledTiles: Int

  /// Taps of the kernel.
  let kernel: Int
  /// The kernel's index at the start of a window, for each phase, and from one source to the next.
  private let firstIndex: (Int, Int)
  private let indexStep: Int

  /// The forward pass over `size` inputs.
  @inline(__always)
  init(forward window: WindowGeometry, size: Int, outputSize: Int, pooling: Bool) {
    kernel = window.kernel
    sourceStep = window.stride
    targetStep = 1
    taps = pieces(window.kernel, window.stride)
    before = window.paddingBefore
    gather = GatherAxis(forward: window, size: size, outputSize: outputSize)
    targetSize = pooling ? outputSize / 2 * 2 : outputSize
    tiles = pieces(targetSize, 4)
    unpooledTiles = pieces(outputSize, 4)
    gather.positions = 4 * tiles
    firstIndex = (0, 1)
    indexStep = window.stride
  }

  /// The input gradient: the windows of the phases, laid over each other where they start.
  @inline(__always)
  init(inputGradient window: WindowGeometry, size: Int, outputSize: Int) {
    kernel = window.kernel
    sourceStep = 1
    targetStep = window.stride
    taps = pieces(window.kernel, window.stride)
    let even = GatherAxis(inputGradient: window, size: size, outputSize: outputSize, phase: 0)
    let odd = GatherAxis(
      inputGradient: window, size: size, outputSize: outputSize, phase: window.stride - 1)
    before = max(even.before, odd.before)
    gather = even
    targetSize = size
    tiles = pieces(pieces(size, window.stride), 4)
    unpooledTiles = tiles
    gather.positions = 4 * tiles
    indexStep = even.weightStep
    firstIndex = (
      even.weightFirst - (before - even.before) * even.weightStep,
      odd.weightFirst - (before - odd.before) * odd.weightStep
    )
  }

  var sourceSize: Int { gather.sourceSize }

  /// The kernel's index at place `tap` of the windows of a phase; nil where it has none there.
  @inline(__always)
  func kernelIndex(phase: Int, tap: Int) -> Int? {
    let index = (phase == 0 ? firstIndex.0 : firstIndex.1) + tap * indexStep
    return index >= 0 && index < kernel ? index : nil
  }

  /// The weights of a phase are zeros at a point: at ∞, the last, where the windows lack the last tap, at 0,
  /// which is there where the number of points is even, where they lack the first.
  @inline(__always)
  func isZero(atPoint point: Int, ofPhase phase: Int) -> Bool {
    if point == taps + 2 { return kernelIndex(phase: phase, tap: taps - 1) == nil }
    return point == 0 && taps % 2 == 1 && kernelIndex(phase: phase, tap: 0) == nil
  }

  /// Targets of a phase.
  @inline(__always)
  func targets(ofPhase phase: Int) -> Int { pieces(targetSize - phase, targetStep) }
}
