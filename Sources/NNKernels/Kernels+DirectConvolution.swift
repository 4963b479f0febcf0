import NNKernelInterface
import NNShapes

// Input (N, H, W, C), weight (O, kH, kW, C/groups), output (N, H', W', O).
extension Kernels {
  /// Floats of workspace that ``directForward`` needs.
  func directForwardWorkspaceCount(
    _ geometry: Conv2dGeometry, epilogue: ConvolutionEpilogue, pool: ThreadPool
  ) -> Int {
    gatherWorkspaceCount(geometry, .forward, epilogue, pool)
  }

  /// y[n, y', x', o] = bias[o] + Σ x[n, y'·s + u·d - p, x'·s + v·d - p, c] · w[o, u, v, c], then the
  /// epilogue. With a pooling, `argmax` gets the cell of each maximum, 2·row + column, where given.
  func directForward(
    _ geometry: Conv2dGeometry, epilogue: ConvolutionEpilogue, input: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>,
    argmax: UnsafeMutablePointer<UInt8>?, workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let operands = GatherOperands(
      source: input, sourceArgmax: nil, packed: workspace, target: output, targetArgmax: argmax)
    gather(geometry, .forward, epilogue, operands, weight, bias, workspace, pool)
  }

  /// Floats of workspace that ``directInputGradient`` needs; `pooled` where the gradient is that of a
  /// pooled output.
  func directInputGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pooled: Bool, pool: ThreadPool
  ) -> Int {
    let epilogue = ConvolutionEpilogue(relu: false, pooling: pooled)
    return gatherWorkspaceCount(geometry, .inputGradient, epilogue, pool)
  }

  /// The gradient of the input. Overwrites `inputGradient`.
  func directInputGradient(
    _ geometry: Conv2dGeometry, outputGradient: ConvolutionOutputGradient,
    weight: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let epilogue = ConvolutionEpilogue(relu: false, pooling: outputGradient.argmax != nil)
    let operands = GatherOperands(
      source: outputGradient.values, sourceArgmax: outputGradient.argmax, packed: workspace,
      target: inputGradient, targetArgmax: nil)
    gather(geometry, .inputGradient, epilogue, operands, weight, nil, workspace, pool)
  }

  /// Floats of workspace that ``directWeightGradient`` needs; `pooled` where the gradient is that of a
  /// pooled output.
  func directWeightGradientWorkspaceCount(
    _ geometry: Conv2dGeometry, pooled: Bool, pool: ThreadPool
  ) -> Int {
    let counts = build.weightGradientCounts(geometry, pooled: pooled)
    return alignmentFloats + WorkerScratch(counts.scratchCount, pool).count
      + counts.partials * counts.sumsCount + pool.threadCount
  }

  /// The gradients of the weight and, where asked for, of the bias: added to what is there when
  /// `accumulate` is set, else stored.
  func directWeightGradient(
    _ geometry: Conv2dGeometry, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, weightGradient: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>?, accumulate: Bool,
    workspace: UnsafeMutablePointer<Float>, pool: ThreadPool
  ) {
    let pooled = outputGradient.argmax != nil
    let counts = build.weightGradientCounts(geometry, pooled: pooled)
    let layout = WorkerScratch(counts.scratchCount, pool)
    let scratch = alignedStart(of: workspace)
    let sums = scratch + layout.count
    let prepared = UnsafeMutableRawPointer(sums + counts.partials * counts.sumsCount)
      .assumingMemoryBound(to: Int32.self)
    prepared.update(repeating: -1, count: pool.threadCount)

    let inPlace = counts.landsInPlace
    pool.run(tasks: counts.partials * counts.slices) { task, worker in
      let partial = task / counts.slices
      let partialSums = sums + partial * counts.sumsCount
      let biasSums = biasGradient == nil ? nil : partialSums + counts.biasSumsStart
      build.weightGradient(
        geometry, partial: partial, slice: task % counts.slices, input: input,
        outputGradient: outputGradient, weightSums: inPlace ? weightGradient : partialSums,
        biasSums: inPlace ? biasGradient : biasSums, accumulate: inPlace && accumulate,
        scratch: scratch + worker * layout.stride, preparedRegion: prepared + worker)
    }
    if inPlace { return }
    pool.run(tasks: counts.slices) { slice, worker in
      build.finishWeightGradient(
        geometry, pooled: pooled, slice: slice, sums: sums, weightGradient: weightGradient,
        biasGradient: biasGradient, accumulate: accumulate, scratch: scratch + worker * layout.stride)
    }
  }

  // MARK: The gathering passes

  private func gatherWorkspaceCount(
    _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, _ epilogue: ConvolutionEpilogue,
    _ pool: ThreadPool
  ) -> Int {
    let build = gatherBuild(geometry, pass)
    var most = 0
    for phase in 0..<build.gatherPhases(geometry, pass: pass) {
      let counts = build.gatherCounts(geometry, pass: pass, epilogue: epilogue, phase: phase)
      most = max(most, WorkerScratch(counts.scratchCount, pool).count + counts.packedCount)
    }
    return alignmentFloats + most
  }

  /// `operands` without the packed weights, which are made here.
  private func gather(
    _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, _ epilogue: ConvolutionEpilogue,
    _ operands: GatherOperands, _ weight: UnsafePointer<Float>, _ bias: UnsafePointer<Float>?,
    _ workspace: UnsafeMutablePointer<Float>, _ pool: ThreadPool
  ) {
    let build = gatherBuild(geometry, pass)
    let scratch = alignedStart(of: workspace)
    for phase in 0..<build.gatherPhases(geometry, pass: pass) {
      let counts = build.gatherCounts(geometry, pass: pass, epilogue: epilogue, phase: phase)
      let layout = WorkerScratch(counts.scratchCount, pool)
      let packed = scratch + layout.count
      pool.run(tasks: counts.packingTasks) { task, _ in
        build.packGather(
          geometry, pass: pass, epilogue: epilogue, phase: phase, task: task, weight: weight,
          bias: bias, packed: packed)
      }
      var phaseOperands = operands
      phaseOperands.packed = UnsafePointer(packed)
      pool.run(tasks: counts.tasks) { task, worker in
        build.gather(
          geometry, pass: pass, epilogue: epilogue, phase: phase, task: task, operands: phaseOperands,
          scratch: scratch + worker * layout.stride)
      }
    }
  }
}
