/// The two passes of a convolution that gather: each target value is a sum over a window of sources.
public enum ConvolutionPass: Sendable {
  /// Source: the input; target: the output.
  case forward
  /// Source: the output gradient; target: the input gradient. With a stride it falls into phases,
  /// one for each remainder of the target's position, that use different taps of the kernel.
  case inputGradient
}

/// How a build cuts one phase of a gathering pass, with Winograd's method all phases. A function of the geometry,
/// and with Winograd's method of the number of threads.
public struct GatherCounts: Sendable {
  /// Tasks that pack the weights that the others share; all come before the first task that computes.
  public var packingTasks: Int
  /// Floats of what they pack.
  public var packedCount: Int
  /// Tasks that compute.
  public var tasks: Int
  /// Floats of scratch memory that each worker needs.
  public var scratchCount: Int

  public init(packingTasks: Int, packedCount: Int, tasks: Int, scratchCount: Int) {
    self.packingTasks = packingTasks
    self.packedCount = packedCount
    self.tasks = tasks
    self.scratchCount = scratchCount
  }
}

/// What a gathering pass reads and writes.
public struct GatherOperands {
  /// The whole batch of sources.
  public var source: UnsafePointer<Float>
  /// Where the source is the gradient of a pooled output: which cells its values belong to.
  public var sourceArgmax: UnsafePointer<UInt8>?
  /// The packed weights and bias of the phase.
  public var packed: UnsafePointer<Float>
  /// The whole batch of targets.
  public var target: UnsafeMutablePointer<Float>
  /// Where the target is pooled and the cells of its maxima are wanted: they go there.
  public var targetArgmax: UnsafeMutablePointer<UInt8>?

  public init(
    source: UnsafePointer<Float>, sourceArgmax: UnsafePointer<UInt8>?, packed: UnsafePointer<Float>,
    target: UnsafeMutablePointer<Float>, targetArgmax: UnsafeMutablePointer<UInt8>?
  ) {
    self.source = source
    self.sourceArgmax = sourceArgmax
    self.packed = packed
    self.target = target
    self.targetArgmax = targetArgmax
  }
}

/// How a build cuts a weight gradient. A function of the geometry alone.
public struct WeightGradientCounts: Sendable {
  /// Partial sums over parts of the batch, to be added in order.
  public var partials: Int
  /// Parts of the weight. The tasks are all pairs, task = partial · slices + slice.
  public var slices: Int
  /// Floats of a partial sum, and from one to the next.
  public var sumsCount: Int
  /// Where the sums for the biases start in it.
  public var biasSumsStart: Int
  /// The only partial sum lies like the gradient, so that it can be the gradient.
  public var landsInPlace: Bool
  /// Floats of scratch memory that each worker needs.
  public var scratchCount: Int
  /// Multiply-adds of all tasks: those of the definition, or fewer where zeros of a padding are left out.
  public var multiplyAdds: Double

  public init(
    partials: Int, slices: Int, sumsCount: Int, biasSumsStart: Int, landsInPlace: Bool,
    scratchCount: Int, multiplyAdds: Double
  ) {
    self.partials = partials
    self.slices = slices
    self.sumsCount = sumsCount
    self.biasSumsStart = biasSumsStart
    self.landsInPlace = landsInPlace
    self.scratchCount = scratchCount
    self.multiplyAdds = multiplyAdds
  }
}

/// How a build cuts a sparse weight gradient. A function of the geometry alone.
public struct SparseWeightGradientCounts: Sendable {
  /// Partial sums over parts of the batch, to be added in order. Where there is only one, it is the
  /// gradient itself.
  public var partials: Int
  /// Parts of the weight. The tasks are all pairs, task = partial · slices + slice.
  public var slices: Int
  /// The parts that the shared copy of the input is made in: all pairs of a region and a block.
  public var regions: Int
  public var blocks: Int
  /// Floats of the shared copy; 0 where each task copies what it needs.
  public var copyCount: Int
  /// Floats of scratch memory that each worker needs.
  public var scratchCount: Int

  public init(
    partials: Int, slices: Int, regions: Int, blocks: Int, copyCount: Int, scratchCount: Int
  ) {
    self.partials = partials
    self.slices = slices
    self.regions = regions
    self.blocks = blocks
    self.copyCount = copyCount
    self.scratchCount = scratchCount
  }
}

/// How a build cuts a weight gradient by Winograd's method. A function of the geometry and of the number of
/// threads.
public struct WinogradGradientCounts: Sendable {
  /// Tasks that come first.
  public var tasks: Int
  /// Floats of what they hand to the others.
  public var sharedCount: Int
  /// Tasks that then write parts of the gradient.
  public var finishingTasks: Int
  /// Floats of scratch memory that each worker needs.
  public var scratchCount: Int

  public init(tasks: Int, sharedCount: Int, finishingTasks: Int, scratchCount: Int) {
    self.tasks = tasks
    self.sharedCount = sharedCount
    self.finishingTasks = finishingTasks
    self.scratchCount = scratchCount
  }
}

/// Up to how many tiles of 4×4 targets, of the whole batch, Winograd's method works a block of channels at a
/// time: what belongs to the tiles is brought to the points first, by each thread that needs it, and what
/// belongs to the weights only where it is used.
public enum FewWinogradTiles {
  /// For the forward pass and the input gradient.
  public static let gathered = 64
  /// For the weight gradient.
  public static let gradient = 24
}

/// Up to how many source channels, those of images, a forward pass or an input gradient by Winograd's method is
/// a shallow one, with a micro-kernel of its own.
public enum ShallowWinograd {
  public static let channels = 4
}
