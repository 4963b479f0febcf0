import NNKernelInterface
import NNShapes

// Forward and input gradient are one loop: each target pixel gathers from its taps. `GatherPlan` says
// how the work is cut, `GatherTile` computes, and here are packing and the loops around the tile.
extension VectorKernels {
  public static func gatherPhases(_ geometry: Conv2dGeometry, pass: ConvolutionPass) -> Int {
    switch pass {
    case .forward: 1
    case .inputGradient: geometry.vertical.stride * geometry.horizontal.stride
    }
  }

  public static func gatherCounts(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, phase: Int
  ) -> GatherCounts {
    GatherPlan(geometry, pass, phase).counts
  }

  /// Packs one block of target channels as [tap row][tap column][source channel][target channel], with
  /// its bias in front and zeros for the channels that a narrow block lacks.
  public static func packGather(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, phase: Int, task: Int,
    weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?, packed: UnsafeMutablePointer<Float>
  ) {
    let plan = GatherPlan(geometry, pass, phase)
    let group = task / plan.groupBlocks
    let first = task % plan.groupBlocks * BlockSizes.width
    let channels = plan.channels(ofGroupBlock: task % plan.groupBlocks)
    let width = plan.vectors(for: channels) * lanes
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
          let tap = (u * geometry.horizontal.kernel + v) * plan.groupTargets + first
          var source = weight + group * plan.groupSources * kernelFloats + tap
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
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, phase: Int, task: Int,
    source: UnsafePointer<Float>, packed: UnsafePointer<Float>,
    target: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = GatherPlan(geometry, pass, phase)
    let region = task / plan.splits
    let split = task % plan.splits
    let firstImage = region / plan.regionsPerImage * plan.imagesPerRegion
    let images = min(plan.imagesPerRegion, plan.batch - firstImage)
    let firstRow = region % plan.regionsPerImage * plan.rowsPerRegion
    let endRow = min(firstRow + plan.rowsPerRegion, plan.vertical.positions)
    let layout = plan.source
    let pixels = images * (endRow - firstRow) * plan.horizontal.positions

    // In front of the copied source lie the tables of pixel offsets and a tile for narrow targets.
    let tables = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Int32.self)
    let sourceOffsets = tables
    let targetOffsets = tables + plan.regionPixels
    let narrow = NarrowTile(scratch + 2 * plan.regionPixels)
    let targetWidth = pass == .forward ? geometry.outputWidth : geometry.inputWidth
    let targetHeight = pass == .forward ? geometry.outputHeight : geometry.inputHeight
    fillOffsets(
      plan, layout, images: images, rows: endRow - firstRow, targetHeight: targetHeight,
      targetWidth: targetWidth, sourceOffsets, targetOffsets)
    let targetRow = plan.vertical.targetFirst + firstRow * plan.vertical.targetStep
    let targetBase =
      target
      + ((firstImage * targetHeight + targetRow) * targetWidth + plan.horizontal.targetFirst)
      * plan.targetChannels

    var base = source
    if plan.copies {
      let copy = scratch + 2 * plan.regionPixels + NarrowTile.floats
      layout.copy(
        source, plan.vertical, plan.horizontal, firstImage: firstImage, images: images,
        firstRow: firstRow, endRow: endRow, to: copy)
      base = UnsafePointer(copy)
    } else if plan.depth > 0 {
      base +=
        firstImage * layout.imageStride
        + (firstRow * plan.vertical.positionStep - plan.vertical.before) * layout.rowStride
        - plan.horizontal.before * layout.pixelStride
    }

    // A row of taps is one stretch where neither dilation nor groups leave gaps in it.
    let isDense = plan.horizontal.tapStep == 1 && plan.groups == 1
    let tiles = pieces(pixels, BlockSizes.pixels)
    var block = evenStart(split, plan.splits, plan.blocks)
    let endBlock = evenStart(split + 1, plan.splits, plan.blocks)
    while block < endBlock {
      let group = block / plan.groupBlocks
      let channels = plan.channels(ofGroupBlock: block % plan.groupBlocks)
      let firstChannel = group * plan.groupTargets + block % plan.groupBlocks * BlockSizes.width
      let vectors = plan.vectors(for: channels)
      let isNarrow = channels < vectors * lanes
      var arguments = GatherTileArguments(
        source: base + group * plan.groupSources, sourceOffsets: sourceOffsets,
        rows: plan.vertical.taps, rowStep: plan.vertical.tapStep * layout.rowStride,
        runs: isDense ? min(1, plan.horizontal.taps) : plan.horizontal.taps,
        runStep: plan.horizontal.tapStep * layout.pixelStride,
        runLength: isDense ? plan.horizontal.taps * plan.groupSources : plan.groupSources,
        weights: packed + plan.packedWeights(block), bias: packed + plan.packedBias(block),
        target: isNarrow ? narrow.values : targetBase + firstChannel,
        targetOffsets: narrow.offsets)
      var tile = 0
      while tile < tiles {
        let start = evenStart(tile, tiles, pixels)
        let count = evenStart(tile + 1, tiles, pixels) - start
        arguments.sourceOffsets = UnsafePointer(sourceOffsets + start)
        if isNarrow {
          runGatherTile(pixels: count, vectors: vectors, arguments)
          narrow.copy(
            pixels: count, channels: channels, to: targetBase + firstChannel, targetOffsets + start)
        } else {
          arguments.targetOffsets = UnsafePointer(targetOffsets + start)
          runGatherTile(pixels: count, vectors: vectors, arguments)
        }
        tile += 1
      }
      block += 1
    }
  }
}

/// A tile's sums on their way to a target with fewer channels than the tile has columns.
struct NarrowTile {
  /// What a tile takes, values and offsets.
  static let floats = BlockSizes.pixels * (BlockSizes.width + 1)
  let values: UnsafeMutablePointer<Float>
  /// Where each pixel's sums go in `values`.
  let offsets: UnsafePointer<Int32>

  /// A tile in `memory`.
  init(_ memory: UnsafeMutablePointer<Float>) {
    values = memory
    let table = UnsafeMutableRawPointer(memory + BlockSizes.pixels * BlockSizes.width)
      .assumingMemoryBound(to: Int32.self)
    var pixel = 0
    while pixel < BlockSizes.pixels {
      table[pixel] = Int32(truncatingIfNeeded: pixel * BlockSizes.width)
      pixel += 1
    }
    offsets = UnsafePointer(table)
  }

  /// Copies the channels that exist.
  func copy(
    pixels: Int, channels: Int, to target: UnsafeMutablePointer<Float>,
    _ targetOffsets: UnsafePointer<Int32>
  ) {
    var pixel = 0
    while pixel < pixels {
      copyFloats(
        values + pixel * BlockSizes.width, target + Int(targetOffsets[pixel]), channels)
      pixel += 1
    }
  }
}

/// The offsets of a region's pixels from its first one, in the source and in the target.
private func fillOffsets(
  _ plan: GatherPlan, _ layout: PaddedSource, images: Int, rows: Int, targetHeight: Int,
  targetWidth: Int, _ sourceOffsets: UnsafeMutablePointer<Int32>,
  _ targetOffsets: UnsafeMutablePointer<Int32>
) {
  let columns = plan.horizontal.positions
  let sourceStep = plan.horizontal.positionStep * layout.pixelStride
  let targetStep = plan.horizontal.targetStep * plan.targetChannels
  var position = 0
  var image = 0
  while image < images {
    var row = 0
    while row < rows {
      var source =
        image * layout.imageStride + row * plan.vertical.positionStep * layout.rowStride
      var target =
        (image * targetHeight + row * plan.vertical.targetStep) * targetWidth * plan.targetChannels
      var column = 0
      while column < columns {
        sourceOffsets[position] = Int32(truncatingIfNeeded: source)
        targetOffsets[position] = Int32(truncatingIfNeeded: target)
        source += sourceStep
        target += targetStep
        position += 1
        column += 1
      }
      row += 1
    }
    image += 1
  }
}
