import NNKernelInterface
import NNShapes

// Convolution by Winograd's method: 16 outputs of a 5×5 kernel with 64 multiplications where the
// definition takes 400, of a 3×3 kernel with 36 where it takes 144. The passes are those of
// `Kernels+DirectConvolution`.
extension Kernels {
  // MARK: Forward and input gradient

  func winogradWorkspaceCount(
    _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, pooling: Bool, _ pool: ThreadPool
  ) -> Int {
    let counts = gatherBuild(geometry, pass).winogradCounts(
      geometry, pass: pass, pooling: pooling, threads: pool.threadCount)
    return alignmentFloats + aligned(counts.packedCount) + pool.threadCount * aligned(counts.scratchCount)
  }

  func winograd(
    _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, epilogue: ConvolutionEpilogue,
    source: ConvolutionOutputGradient, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    target: UnsafeMutablePointer<Float>, argmax: UnsafeMutablePointer<UInt8>?,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let build = gatherBuild(geometry, pass)
    let threads = pool.threadCount
    let counts = build.winogradCounts(
      geometry, pass: pass, pooling: epilogue.pooling, threads: threads)
    let packed = alignedStart(of: workspace)
    let scratch = packed + aligned(counts.packedCount)
    let scratchStride = aligned(counts.scratchCount)
    pool.run(tasks: counts.packingTasks) { task, worker in
      build.packWinograd(
        geometry, pass: pass, pooling: epilogue.pooling, threads: threads, task: task, weight: weight,
        packed: packed, scratch: scratch + worker * scratchStride)
    }
    markUnused(scratch, scratchStride, pool)
    pool.run(tasks: counts.tasks) { task, worker in
      build.winograd(
        geometry, pass: pass, epilogue: epilogue, threads: threads, task: task, source: source,
        weight: weight,
        packed: packed, bias: bias, target: target, argmax: argmax,
        scratch: scratch + worker * scratchStride)
    }
  }

  /// Clears the first float of each worker's scratch memory: nothing is in it yet.
  private func markUnused(_ scratch: UnsafeMutablePointer<Float>, _ stride: Int, _ pool: ThreadPool) {
    var worker = 0
    while worker < pool.threadCount {
      scratch[worker * stride] = 0
      worker += 1
    }
  }

  // MARK: Weight gradient

  func winogradWeightGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pooled: Bool, _ pool: ThreadPool
  ) -> Int {
    let counts = build.winogradGradientCounts(geometry, pooled: pooled)
    return alignmentFloats + aligned(counts.sharedCount) + pool.threadCount * aligned(counts.scratchCount)
  }

  func winogradWeightGradient(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>, outputGradient: ConvolutionOutputGradient,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let pooled = outputGradient.argmax != nil
    let counts = build.winogradGradientCounts(geometry, pooled: pooled)
    let shared = alignedStart(of: workspace)
    let scratch = shared + aligned(counts.sharedCount)
    let scratchStride = aligned(counts.scratchCount)
    pool.run(tasks: counts.tasks) { task, worker in
      build.winogradGradient(
        geometry, task: task, input: input, outputGradient: outputGradient, shared: shared,
        scratch: scratch + worker * scratchStride)
    }
    markUnused(scratch, scratchStride, pool)
    pool.run(tasks: counts.finishingTasks) { task, worker in
      build.finishWinogradGradient(
        geometry, pooled: pooled, task: task, input: input, shared: shared, weightGradient: weightGradient,
        biasGradient: biasGradient, accumulate: accumulate, scratch: scratch + worker * scratchStride)
    }
  }
}
