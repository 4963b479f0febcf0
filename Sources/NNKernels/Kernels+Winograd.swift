import NNKernelInterface
import NNShapes

// Convolution by Winograd's method, with fewer multiplications than the definition: see
// ``ConvolutionAlgorithm``. The passes are those of `Kernels+DirectConvolution`.
extension Kernels {
  // MARK: Forward and input gradient

  func winogradWorkspaceCount(
    _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, pooling: Bool, _ pool: ThreadPool
  ) -> Int {
    let counts = gatherBuild(geometry, pass).winogradCounts(
      geometry, pass: pass, pooling: pooling, threads: pool.threadCount)
    return alignmentFloats + WorkerScratch(counts.scratchCount, pool).count + counts.packedCount
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
    let layout = WorkerScratch(counts.scratchCount, pool)
    let scratch = alignedStart(of: workspace)
    let packed = scratch + layout.count
    pool.run(tasks: counts.packingTasks) { task, worker in
      build.packWinograd(
        geometry, pass: pass, pooling: epilogue.pooling, threads: threads, task: task, weight: weight,
        packed: packed, scratch: scratch + worker * layout.stride)
    }
    layout.markUnused(scratch, pool)
    pool.run(tasks: counts.tasks) { task, worker in
      build.winograd(
        geometry, pass: pass, epilogue: epilogue, threads: threads, task: task, source: source,
        weight: weight,
        packed: packed, bias: bias, target: target, argmax: argmax,
        scratch: scratch + worker * layout.stride)
    }
  }

  // MARK: Weight gradient

  func winogradWeightGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pooled: Bool, _ pool: ThreadPool
  ) -> Int {
    let counts = build.winogradGradientCounts(geometry, pooled: pooled, threads: pool.threadCount)
    return alignmentFloats + WorkerScratch(counts.scratchCount, pool).count + counts.sharedCount
  }

  func winogradWeightGradient(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>, outputGradient: ConvolutionOutputGradient,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let pooled = outputGradient.argmax != nil
    let threads = pool.threadCount
    let counts = build.winogradGradientCounts(geometry, pooled: pooled, threads: threads)
    let layout = WorkerScratch(counts.scratchCount, pool)
    let scratch = alignedStart(of: workspace)
    let shared = scratch + layout.count
    pool.run(tasks: counts.tasks) { task, worker in
      build.winogradGradient(
        geometry, threads: threads, task: task, input: input, outputGradient: outputGradient,
        shared: shared, scratch: scratch + worker * layout.stride)
    }
    layout.markUnused(scratch, pool)
    pool.run(tasks: counts.finishingTasks) { task, worker in
      build.finishWinogradGradient(
        geometry, threads: threads, task: task, input: input, outputGradient: outputGradient,
        shared: shared, weightGradient: weightGradient, biasGradient: biasGradient, accumulate: accumulate,
        scratch: scratch + worker * layout.stride)
    }
  }
}
