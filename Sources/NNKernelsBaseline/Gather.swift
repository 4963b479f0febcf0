import NNKernelInterface
import NNShapes

// Forward and input gradient are one loop: each target pixel gathers from its taps. `GatherPlan` says
// how the work is cut, `GatherTile` computes, and here are packing and the loops around the tile.
extension VectorKernels {
  public static func gatherPhases(_ geometry: Conv2dGeometry, pass: ConvolutionPass) -> Int {
    switch pass {
    case .forward: 1
    case .inputGradient: geometry.verticalPhases * geometry.horizontalPhases
    }
  }

  public static func gatherCounts(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, epilogue: ConvolutionEpilogue, phase: Int
  ) -> GatherCounts {
    GatherPlan(geometry, pass, epilogue, phase).counts
  }

  /// Packs the offsets of a window's floats, and one block of target channels with its bias in front as
  /// [tap row][tap column][source channel][target channel], zeros for channels that a narrow block lacks.
  public static func packGather(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, epilogue: ConvolutionEpilogue, phase: Int,
    task: Int, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    packed: UnsafeMutablePointer<Float>
  ) {
    let plan = GatherPlan(geometry, pass, epilogue, phase)
    if task == 0 {
      fillWindowOffsets(
        plan.vertical, plan.horizontal, plan.source, channels: plan.groupSources, first: 0,
        end: plan.depth, UnsafeMutableRawPointer(packed).assumingMemoryBound(to: Int32.self))
    }
    let group = task / plan.groupBlocks
    let first = task % plan.groupBlocks * plan.blockWidth
    let channels = plan.channels(ofGroupBlock: task % plan.groupBlocks)
    let width = BlockSizes.vectors(for: channels) * lanes
    let target = packed + plan.packedWeights(task)

    let packedBias = packed + plan.packedBias(task)
    zero(packedBias, width)
    if let bias { copyFloats(bias + group * plan.groupTargets + first, packedBias, channels) }
    if channels < width { zero(target, plan.depth * width) }

    let kernelFloats = geometry.multiplyAddsPerOutput
    switch pass {
    case .forward:
      transpose(
        rows: channels, columns: kernelFloats,
        input: weight + (group * plan.groupTargets + first) * kernelFloats, inputStride: kernelFloats,
        output: target, outputStride: width)
    case .inputGradient:
      var position = target
      var row = 0
      while row < plan.vertical.taps {
        let u = plan.vertical.weightFirst + row * plan.vertical.weightStep
        var column = 0
        while column < plan.horizontal.taps {
          let v = plan.horizontal.weightFirst + column * plan.horizontal.weightStep
          let tap = u * geometry.horizontal.kernel + v
          if plan.isChannelwise {
            var channel = 0
            while channel < channels {
              position[channel] = weight[(first + channel) * kernelFloats + tap]
              channel += 1
            }
            position += width
            column += 1
            continue
          }
          var source = weight + group * plan.groupSources * kernelFloats + tap * plan.groupTargets + first
          var channel = 0
          while channel < plan.groupSources {
            copyFloats(source, position, channels)
            source += kernelFloats
            position += width
            channel += 1
          }
          column += 1
        }
        row += 1
      }
    }
  }

  public static func gather(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, epilogue: ConvolutionEpilogue, phase: Int,
    task: Int, operands: GatherOperands, scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = GatherPlan(geometry, pass, epilogue, phase)
    let region = GatherRegion(plan, geometry, pass, index: task / plan.splits, scratch)
    let split = task % plan.splits
    let base = region.source(operands, copy: scratch + plan.copyStart)
    let strip = TileStrip(scratch + plan.stripStart, pixels: BlockSizes.stripPixels)
    let floor: Float = pass == .forward && epilogue.relu ? 0 : -.infinity

    var block = evenStart(split, plan.splits, plan.blocks)
    let endBlock = evenStart(split + 1, plan.splits, plan.blocks)
    while block < endBlock {
      let group = block / plan.groupBlocks
      let channels = plan.channels(ofGroupBlock: block % plan.groupBlocks)
      let firstChannel = group * plan.groupTargets + block % plan.groupBlocks * plan.blockWidth
      let vectors = BlockSizes.vectors(for: channels)
      let target = operands.target + region.targetBase + firstChannel
      let arguments = GatherTileArguments(
        source: base + (plan.isChannelwise ? firstChannel : group * plan.groupSources),
        sourceOffsets: region.sourceOffsets,
        terms: plan.depth, termOffsets: plan.termOffsets(operands.packed),
        weights: operands.packed + plan.packedWeights(block),
        weightOffsets: plan.termOffsets(operands.packed),
        initial: operands.packed + plan.packedBias(block), initialStep: 0,
        floor: plan.pools ? -.infinity : floor, target: target, targetOffsets: region.targetOffsets)
      if plan.pools {
        let argmax = operands.targetArgmax.map { $0 + region.targetBase + firstChannel }
        var start = 0
        while start < region.pixels {
          let count = min(BlockSizes.stripPixels, region.pixels - start)
          runTiles(plan, arguments, vectors, start: start, count: count, into: strip)
          strip.pool(
            windows: count / 4, channels: channels, floor: floor, to: target, argmax: argmax,
            region.targetOffsets + start / 4)
          start += count
        }
      } else if channels == vectors * lanes {
        runTiles(plan, arguments, vectors, count: region.pixels)
      } else {
        var start = 0
        while start < region.pixels {
          let count = min(BlockSizes.stripPixels, region.pixels - start)
          runTiles(plan, arguments, vectors, start: start, count: count, into: strip)
          strip.copy(
            pixels: count, channels: channels, to: target, region.targetOffsets + start)
          start += count
        }
      }
      block += 1
    }
  }
}

/// The tiles of a block, straight into the target.
@inline(__always)
private func runTiles(
  _ plan: GatherPlan, _ shared: GatherTileArguments, _ vectors: Int, count: Int
) {
  var arguments = shared
  let size = BlockSizes.pixels(vectors: vectors)
  var rest = count
  while rest > 0 {
    let pixels = nextPiece(of: rest, size)
    runTile(plan, pixels: pixels, vectors: vectors, arguments)
    arguments.sourceOffsets += pixels
    arguments.targetOffsets += pixels
    rest -= pixels
  }
}

/// The tiles of `count` pixels of a block, into the strip from its start on.
@inline(__always)
private func runTiles(
  _ plan: GatherPlan, _ shared: GatherTileArguments, _ vectors: Int, start: Int, count: Int,
  into strip: TileStrip
) {
  var arguments = shared
  arguments.sourceOffsets += start
  arguments.target = strip.values
  arguments.targetOffsets = strip.offsets
  let size = BlockSizes.pixels(vectors: vectors)
  var rest = count
  while rest > 0 {
    let pixels = nextPiece(of: rest, size)
    runTile(plan, pixels: pixels, vectors: vectors, arguments)
    arguments.sourceOffsets += pixels
    arguments.target += pixels * BlockSizes.width
    rest -= pixels
  }
}

@inline(__always)
private func runTile(_ plan: GatherPlan, pixels: Int, vectors: Int, _ arguments: GatherTileArguments) {
  if plan.isChannelwise {
    runChannelwiseTile(pixels: pixels, arguments)
  } else {
    runGatherTile(pixels: pixels, vectors: vectors, arguments)
  }
}
