import NNKernelInterface
import NNKernelsBaseline
import NNShapes

#if arch(x86_64)
  import NNKernelsAVX2
  import NNKernelsAVX512
#endif

/// How convolutions are computed.
public enum ConvolutionMethod: String, CaseIterable, Sendable {
  /// The way that takes least time, by a rule on the shapes alone.
  case automatic
  /// One multiply-add for each product of the definition.
  case direct
}

/// The numeric kernels on raw buffers: one call an operation a batch.
///
/// Feature maps are channels-last: (N, H, W, C); convolution weights are (O, kH, kW, C/groups), those
/// of a linear layer (out, in). Buffers hold `Float`, need no alignment, and do not overlap unless a
/// call says otherwise. Calls neither allocate nor throw nor print: who needs scratch memory says how
/// much by a `…WorkspaceCount` and gets it from the caller. Results depend on the instruction set
/// alone, bit for bit, never on the number of threads.
public final class Kernels: Sendable {
  /// Those of ``InstructionSet/current``.
  public static let current = Kernels(.current, convolution: .automatic)

  /// The widest instructions that the kernels use.
  public let instructionSet: InstructionSet
  /// How convolutions are computed.
  public let convolution: ConvolutionMethod
  package let build: any KernelBuild.Type
  /// What convolutions with at most ``narrowChannels`` target channels run on: of 16 lanes half would idle.
  let narrowBuild: any KernelBuild.Type
  /// What a test wants wherever it computes the pass, whatever the rule says.
  let forced: ConvolutionAlgorithm?

  /// The kernels built for `instructionSet`, which must be one of ``InstructionSet/available``.
  public init(_ instructionSet: InstructionSet, convolution: ConvolutionMethod) {
    precondition(
      instructionSet <= .best, "Kernels: this processor lacks \(instructionSet.rawValue)")
    self.instructionSet = instructionSet
    self.convolution = convolution
    forced = nil
    #if arch(x86_64)
      switch instructionSet {
      case .baseline: build = NNKernelsBaseline.VectorKernels.self
      case .avx2: build = NNKernelsAVX2.VectorKernels.self
      case .avx512: build = NNKernelsAVX512.VectorKernels.self
      }
      narrowBuild = instructionSet == .avx512 ? NNKernelsAVX2.VectorKernels.self : build
    #else
      build = NNKernelsBaseline.VectorKernels.self
      narrowBuild = build
    #endif
  }

  /// Kernels of a build that no instruction set stands for: a test's.
  package init(
    build: any KernelBuild.Type, like instructionSet: InstructionSet, convolution: ConvolutionMethod,
    forcing forced: ConvolutionAlgorithm?
  ) {
    self.convolution = convolution
    self.forced = forced
    self.build = build
    narrowBuild = build
    self.instructionSet = instructionSet
  }

  /// The most target channels that ``narrowBuild`` computes.
  private static let narrowChannels = 8

  /// What the forward pass or the input gradient of a convolution runs on.
  func gatherBuild(_ geometry: Conv2dGeometry, _ pass: ConvolutionPass) -> any KernelBuild.Type {
    let channels = pass == .forward ? geometry.outputChannels : geometry.inputChannels
    return channels <= Self.narrowChannels ? narrowBuild : build
  }

  /// Cuts 0 ..< `count` into pieces of `size`, a number that must not depend on the threads, and
  /// calls `body(start, length)` for each.
  @inline(__always)
  func forEachPiece(
    of count: Int, size: Int, _ pool: ThreadPool, _ body: (_ start: Int, _ length: Int) -> Void
  ) {
    if count <= size {
      if count > 0 { body(0, count) }
      return
    }
    pool.run(tasks: (count + size - 1) / size) { task, _ in
      body(task * size, min(size, count - task * size))
    }
  }
}
