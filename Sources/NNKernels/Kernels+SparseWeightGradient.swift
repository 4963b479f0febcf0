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
    let copy = scratch + layout.scratch.count
    let partialSums = copy + layout.copyFloats
    if counts.copyCount > 0 {
      pool.run(tasks: counts.regions * counts.blocks) { task, _ in
        build.copySparseSource(
          geometry, region: task / counts.blocks, block: task % counts.blocks, input: input,
          copy: copy)
      }
    }

    let isSplit = counts.partials > 1
    pool.run(tasks: counts.partials * counts.slices) { task, worker in
      let partial = task / counts.slices
      let sums = partialSums + partial * layout.partialStride
      build.sparseWeightGradient(
        geometry, partial: partial, slice: task % counts.slices, input: input, copy: copy,
        outputGradient: outputGradient.values, argmax: argmax,
        weightGradient: isSplit ? sums : weightGradient,
        biasGradient: biasGradient == nil ? nil : isSplit ? sums + geometry.weightCount : biasGradient,
        accumulate: isSplit ? false : accumulate, scratch: scratch + worker * layout.scratch.stride)
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

/// Where the parts of the workspace lie: the workers' scratch memory, the shared copy and the partial sums,
/// each from the start of a cache line.
private struct SparseWorkspace {
  let scratch: WorkerScratch
  let copyFloats: Int
  /// Floats from one partial sum, weight and bias, to the next; 0 where there is only one.
  let partialStride: Int
  let count: Int

  init(_ geometry: Conv2dGeometry, _ counts: SparseWeightGradientCounts, _ pool: ThreadPool) {
    scratch = WorkerScratch(counts.scratchCount, pool)
    copyFloats = aligned(counts.copyCount)
    partialStride = counts.partials > 1 ? aligned(geometry.weightCount + geometry.outputChannels) : 0
    count = alignmentFloats + scratch.count + copyFloats + counts.partials * partialStride
  }
}
