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
    let counts = build.winogradCounts(geometry, pass: pass, pooling: pooling)
    return alignmentFloats + aligned(counts.packedCount) + pool.threadCount * aligned(counts.scratchCount)
  }

  func winograd(
    _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, epilogue: ConvolutionEpilogue,
    source: ConvolutionOutputGradient, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    target: UnsafeMutablePointer<Float>, argmax: UnsafeMutablePointer<UInt8>?,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let counts = build.winogradCounts(geometry, pass: pass, pooling: epilogue.pooling)
    let packed = alignedStart(of: workspace)
    let scratch = packed + aligned(counts.packedCount)
    let scratchStride = aligned(counts.scratchCount)
    pool.run(tasks: counts.packingTasks) { task, worker in
      build.packWinograd(
        geometry, pass: pass, task: task, weight: weight, packed: packed,
        scratch: scratch + worker * scratchStride)
    }
    pool.run(tasks: counts.tasks) { task, worker in
      build.winograd(
        geometry, pass: pass, epilogue: epilogue, task: task, source: source, packed: packed,
        bias: bias, target: target, argmax: argmax, scratch: scratch + worker * scratchStride)
    }
  }

  // MARK: Weight gradient

  func winogradWeightGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pooled: Bool, _ pool: ThreadPool
  ) -> Int {
    let counts = build.winogradGradientCounts(geometry, pooled: pooled)
    return alignmentFloats + counts.partials * counts.sumsCount
      + pool.threadCount * aligned(counts.scratchCount) + alignmentFloats
  }

  func winogradWeightGradient(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>, outputGradient: ConvolutionOutputGradient,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let pooled = outputGradient.argmax != nil
    let counts = build.winogradGradientCounts(geometry, pooled: pooled)
    let sums = alignedStart(of: workspace)
    let partialFloats = counts.sumsCount
    let scratch = sums + aligned(counts.partials * partialFloats)
    let scratchStride = aligned(counts.scratchCount)
    pool.run(tasks: counts.partials * counts.slices) { task, worker in
      let partial = task / counts.slices
      build.winogradGradient(
        geometry, partial: partial, slice: task % counts.slices, input: input,
        outputGradient: outputGradient, sums: sums + partial * partialFloats,
        scratch: scratch + worker * scratchStride)
    }
    pool.run(tasks: geometry.outputChannels) { channel, worker in
      build.finishWinogradGradient(
        geometry, pooled: pooled, outputChannel: channel, sums: sums, weightGradient: weightGradient,
        biasGradient: biasGradient, accumulate: accumulate, scratch: scratch + worker * scratchStride)
    }
  }
}
