import NNKernelInterface
import NNShapes

// Input (N, H, W, C), weight (O, kH, kW, C/groups), output (N, H', W', O).
extension Kernels {
  /// Floats of workspace that ``directForward`` needs.
  func directForwardWorkspaceCount(_ geometry: Conv2dGeometry, pool: ThreadPool) -> Int {
    gatherWorkspaceCount(geometry, .forward, pool)
  }

  /// y[n, y', x', o] = bias[o] + Σ x[n, y'·s + u·d - p, x'·s + v·d - p, c] · w[o, u, v, c].
  func directForward(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    gather(geometry, .forward, input, weight, bias, output, workspace, pool)
  }

  /// Floats of workspace that ``directInputGradient`` needs.
  func directInputGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pool: ThreadPool
  ) -> Int {
    gatherWorkspaceCount(geometry, .inputGradient, pool)
  }

  /// The gradient of the input. Overwrites `inputGradient`.
  func directInputGradient(
    _ geometry: Conv2dGeometry, outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, workspace: UnsafeMutablePointer<Float>,
    pool: ThreadPool
  ) {
    gather(
      geometry, .inputGradient, outputGradient, weight, nil, inputGradient, workspace, pool)
  }

  /// Floats of workspace that ``directWeightGradient`` needs.
  func directWeightGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pool: ThreadPool
  ) -> Int {
    let counts = build.weightGradientCounts(geometry)
    let partialSums = counts.partials > 1 ? counts.partials * partialStride(geometry) : 0
    return pool.threadCount + alignmentFloats + partialSums
      + pool.threadCount * aligned(counts.scratchCount)
  }

  /// The gradients of the weight and, where asked for, of the bias: added to what is there when
  /// `accumulate` is set, else stored.
  func directWeightGradient(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let counts = build.weightGradientCounts(geometry)
    guard geometry.batch > 0 else {
      if !accumulate {
        build.fill(count: geometry.weightCount, value: 0, output: weightGradient)
        if let biasGradient {
          build.fill(count: geometry.outputChannels, value: 0, output: biasGradient)
        }
      }
      return
    }
    let stride = partialStride(geometry)
    let isSplit = counts.partials > 1
    let partialSums = alignedStart(of: workspace)
    let scratch = partialSums + (isSplit ? counts.partials * stride : 0)
    let scratchStride = aligned(counts.scratchCount)
    let prepared = UnsafeMutableRawPointer(scratch + pool.threadCount * scratchStride)
      .assumingMemoryBound(to: Int32.self)
    prepared.update(repeating: -1, count: pool.threadCount)

    pool.run(tasks: counts.partials * counts.slices) { task, worker in
      let partial = task / counts.slices
      let sums = partialSums + partial * stride
      build.weightGradient(
        geometry, partial: partial, slice: task % counts.slices, input: input,
        outputGradient: outputGradient, weightGradient: isSplit ? sums : weightGradient,
        biasGradient: biasGradient == nil ? nil : isSplit ? sums + geometry.weightCount : biasGradient,
        accumulate: isSplit ? false : accumulate, scratch: scratch + worker * scratchStride,
        preparedRegion: prepared + worker)
    }
    guard isSplit else { return }
    forEachPiece(of: geometry.weightCount, size: 4096, pool) { start, count in
      addUp(partialSums + start, counts.partials, stride, weightGradient + start, count, accumulate)
    }
    if let biasGradient {
      addUp(
        partialSums + geometry.weightCount, counts.partials, stride, biasGradient,
        geometry.outputChannels, accumulate)
    }
  }

  // MARK: The gathering passes

  private func gatherWorkspaceCount(
    _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, _ pool: ThreadPool
  ) -> Int {
    var packed = 0
    var scratch = 0
    for phase in 0..<build.gatherPhases(geometry, pass: pass) {
      let counts = build.gatherCounts(geometry, pass: pass, phase: phase)
      packed += aligned(counts.packedCount)
      scratch = max(scratch, aligned(counts.scratchCount))
    }
    return alignmentFloats + packed + pool.threadCount * scratch
  }

  private func gather(
    _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, _ source: UnsafePointer<Float>,
    _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ target: UnsafeMutablePointer<Float>, _ workspace: UnsafeMutablePointer<Float>,
    _ pool: ThreadPool
  ) {
    var start = alignedStart(of: workspace)
    for phase in 0..<build.gatherPhases(geometry, pass: pass) {
      let counts = build.gatherCounts(geometry, pass: pass, phase: phase)
      let packed = start
      start += aligned(counts.packedCount)
      pool.run(tasks: counts.packingTasks) { task, _ in
        build.packGather(
          geometry, pass: pass, phase: phase, task: task, weight: weight, bias: bias, packed: packed)
      }
      let scratch = start
      let scratchStride = aligned(counts.scratchCount)
      pool.run(tasks: counts.tasks) { task, worker in
        build.gather(
          geometry, pass: pass, phase: phase, task: task, source: source, packed: packed,
          target: target, scratch: scratch + worker * scratchStride)
      }
    }
  }

  // MARK: Partial sums and alignment

  /// target (+)= Σ of `partials` buffers that lie `stride` apart, in order.
  private func addUp(
    _ sums: UnsafeMutablePointer<Float>, _ partials: Int, _ stride: Int,
    _ target: UnsafeMutablePointer<Float>, _ count: Int, _ accumulate: Bool
  ) {
    if accumulate {
      build.addScaled(count: count, factor: 1, input: sums, output: target)
    } else {
      target.update(from: sums, count: count)
    }
    for partial in 1..<partials {
      build.addScaled(count: count, factor: 1, input: sums + partial * stride, output: target)
    }
  }

  /// Floats from one partial sum, weight and bias, to the next.
  private func partialStride(_ geometry: Conv2dGeometry) -> Int {
    aligned(geometry.weightCount + geometry.outputChannels)
  }
}
