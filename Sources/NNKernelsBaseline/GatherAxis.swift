import NNKernelInterface
import NNShapes

/// One axis of a gathering pass: target position j takes its taps t from the source coordinates
/// j · positionStep + t · tapStep - before, where those outside the source are zeros.
struct GatherAxis {
  /// Taps of the kernel that take part; 0 where a phase has none.
  let taps: Int
  let tapStep: Int
  let positionStep: Int
  let before: Int
  /// Target positions of this phase.
  var positions: Int
  /// The size of the source along this axis.
  let sourceSize: Int
  /// The target coordinate of position j is targetFirst + j · targetStep.
  let targetFirst: Int
  let targetStep: Int
  /// Tap t is the kernel's index weightFirst + t · weightStep.
  let weightFirst: Int
  let weightStep: Int

  /// The forward pass over `size` inputs; with `pooling` without a last odd position, which a 2×2
  /// pooling drops.
  @inline(__always)
  init(forward window: WindowGeometry, size: Int, outputSize: Int, pooling: Bool = false) {
    taps = window.kernel
    tapStep = window.dilation
    positionStep = window.stride
    before = window.paddingBefore
    positions = pooling ? outputSize / 2 * 2 : outputSize
    sourceSize = size
    targetFirst = 0
    targetStep = 1
    weightFirst = 0
    weightStep = 1
  }

  /// The input gradient at the inputs i ≡ phase (mod stride). Output y sends to input
  /// i = y · stride + k · dilation - padding, so i takes tap k of output
  /// (i + padding - k · dilation) / stride where that is whole: one k in every
  /// stride / gcd(stride, dilation), the largest first since sources shall ascend.
  @inline(__always)
  init(inputGradient window: WindowGeometry, size: Int, outputSize: Int, phase: Int) {
    let stride = window.stride
    let divisor = greatestCommonDivisor(stride, window.dilation)
    let step = stride / divisor
    var first = 0
    while first < step && first < window.kernel
      && (phase + window.paddingBefore - first * window.dilation) % stride != 0
    {
      first += 1
    }
    taps = first < step && first < window.kernel ? (window.kernel - 1 - first) / step + 1 : 0
    let last = first + (taps - 1) * step
    tapStep = window.dilation / divisor
    positionStep = 1
    before = taps == 0 ? 0 : -((phase + window.paddingBefore - last * window.dilation) / stride)
    positions = size > phase ? pieces(size - phase, stride) : 0
    sourceSize = outputSize
    targetFirst = phase
    targetStep = stride
    weightFirst = last
    weightStep = -step
  }

  /// The source coordinates that `count` neighbouring positions span.
  @inline(__always)
  func extent(of count: Int) -> Int { (count - 1) * positionStep + (taps - 1) * tapStep + 1 }

  /// The positions whose tap `tap` lies inside the source.
  @inline(__always)
  func positions(inside tap: Int) -> Range<Int> {
    let start = tap * tapStep - before
    let first = start < 0 ? pieces(-start, positionStep) : 0
    let end = start < sourceSize ? pieces(sourceSize - start, positionStep) : 0
    return min(first, positions)..<max(min(first, positions), min(end, positions))
  }

  /// Some tap of some position lies outside the source.
  @inline(__always)
  var needsPadding: Bool { before > 0 || extent(of: positions) - before > sourceSize }
}

@inline(__always)
private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}

extension Conv2dGeometry {
  /// Phases of the input gradient along each axis: the places of an input within a stride, where there are
  /// inputs.
  @inline(__always)
  var verticalPhases: Int { min(vertical.stride, max(inputHeight, 1)) }
  @inline(__always)
  var horizontalPhases: Int { min(horizontal.stride, max(inputWidth, 1)) }

  /// Each channel is a group of its own, with one output.
  @inline(__always)
  var isChannelwise: Bool { groups > 1 && groups == inputChannels && groups == outputChannels }
}
