import NNKernelInterface
import NNShapes

// The gradient (N, H'/2, W'/2, O) of a pooled output, with the cell of its window that each value belongs
// to. Input (N, H, W, C), weight (O, kH, kW, C/groups).
extension Kernels {
  /// Floats of workspace that ``sparseWeightGradient`` needs.
  func sparseWeightGradientWorkspaceCount(_ geometry: Conv2dGeometry, pool: ThreadPool) -> Int {
    SparseWorkspace(geometry, build.sparseWeightGradientCounts(geometry), pool).count
  }

  /// The gradients of the weight and, where asked for, of the bias: added to what is there when
  /// `accumulate` is set, else stored. Traps without `argmax`.
  func sparseWeightGradient(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, weightGradient: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>?, accumulate: Bool,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    guard let argmax = outputGradient.argmax else {
      preconditionFailure("Conv2d: a sparse weight gradient without argmax")
    }
    let counts = build.sparseWeightGradientCounts(geometry)
    let layout = SparseWorkspace(geometry, counts, pool)
    let scratch = alignedStart(of: workspace)
    let sharedCopy = scratch + layout.scratch.count
    let partialSums = sharedCopy + layout.sharedCopyFloats
    func copyPart(_ index: Int, to copy: UnsafeMutablePointer<Float>) {
      build.copySparseSource(
        geometry, region: index / counts.blocks, block: index % counts.blocks, input: input, copy: copy)
    }
    if layout.ownCopyStart == nil && counts.copyCount > 0 {
      pool.run(tasks: counts.regions * counts.blocks) { task, _ in copyPart(task, to: sharedCopy) }
    }
    layout.scratch.markUnused(scratch, pool)

    let isSplit = counts.partials > 1
    pool.run(tasks: counts.partials * counts.slices) { task, worker in
      let own = scratch + worker * layout.scratch.stride
      var copy = sharedCopy
      if let start = layout.ownCopyStart {
        copy = own + start
        var part = 0
        while own[0] == 0 && part < counts.regions * counts.blocks {
          copyPart(part, to: copy)
          part += 1
        }
        own[0] = 1
      }
      let partial = task / counts.slices
      let sums = partialSums + partial * layout.partialStride
      build.sparseWeightGradient(
        geometry, partial: partial, slice: task % counts.slices, input: input, copy: copy,
        outputGradient: outputGradient.values, argmax: argmax,
        weightGradient: isSplit ? sums : weightGradient,
        biasGradient: biasGradient == nil ? nil : isSplit ? sums + geometry.weightCount : biasGradient,
        accumulate: isSplit ? false : accumulate, scratch: own + alignmentFloats)
    }
    guard isSplit else { return }
    forEachPiece(of: geometry.weightCount, size: 4096, pool) { start, count in
      build.addPartialSums(
        count: count, partials: counts.partials, stride: layout.partialStride,
        sums: partialSums + start, target: weightGradient + start, accumulate: accumulate)
    }
    if let biasGradient {
      build.addPartialSums(
        count: geometry.outputChannels, partials: counts.partials, stride: layout.partialStride,
        sums: partialSums + geometry.weightCount, target: biasGradient, accumulate: accumulate)
    }
  }
}

/// Where the parts of the workspace lie: the workers' scratch memory, the copy of the input, and the partial
/// sums, each from the start of a cache line. A small copy is each worker's own: that costs less than a loop of
/// its own, and than its way from another's cache. The first float of a worker's memory is 0 until it is made.
private struct SparseWorkspace {
  let scratch: WorkerScratch
  /// Where a worker's own copy starts in its memory; nil where they share one, or none is needed.
  let ownCopyStart: Int?
  let sharedCopyFloats: Int
  /// Floats from one partial sum, weight and bias, to the next; 0 where there is only one.
  let partialStride: Int
  let count: Int

  private static let smallCopy = 1 << 14

  init(_ geometry: Conv2dGeometry, _ counts: SparseWeightGradientCounts, _ pool: ThreadPool) {
    let copyFloats = aligned(counts.copyCount)
    let isOwn = copyFloats > 0 && copyFloats <= Self.smallCopy
    let ownFloats = alignmentFloats + aligned(counts.scratchCount)
    ownCopyStart = isOwn ? ownFloats : nil
    sharedCopyFloats = isOwn ? 0 : copyFloats
    scratch = WorkerScratch(ownFloats + (isOwn ? copyFloats : 0), pool)
    partialStride = counts.partials > 1 ? aligned(geometry.weightCount + geometry.outputChannels) : 0
    count = alignmentFloats + scratch.count + sharedCopyFloats + counts.partials * partialStride
  }
}
