import NNKernelInterface
import NNShapes

extension VectorKernels {
  public static func sparseWeightGradientCounts(
    _ geometry: Conv2dGeometry
  ) -> SparseWeightGradientCounts {
    SparseWeightGradientPlan(geometry).counts
  }

  public static func copySparseSource(
    _ geometry: Conv2dGeometry, region: Int, block: Int, input: UnsafePointer<Float>,
    copy: UnsafeMutablePointer<Float>
  ) {
    let plan = SparseWeightGradientPlan(geometry)
    plan.copyBlock(
      block, of: SparseRegion(region, plan, batch: geometry.batch), geometry, input: input,
      to: copy + region * plan.regionStride + block * plan.blockStride)
  }

  public static func sparseWeightGradient(
    _ geometry: Conv2dGeometry, partial: Int, slice: Int, input: UnsafePointer<Float>,
    copy: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, argmax: UnsafePointer<UInt8>,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, scratch: UnsafeMutablePointer<Float>
  ) {
    let plan = SparseWeightGradientPlan(geometry)
    let memory = SparseScratch(plan, scratch)
    let firstChannel = evenStart(slice, plan.slices, geometry.outputChannels)
    let endChannel = evenStart(slice + 1, plan.slices, geometry.outputChannels)
    let firstRegion = evenStart(partial, plan.partials, plan.regions)
    let endRegion = evenStart(partial + 1, plan.partials, plan.regions)
    let target =
      plan.padsWeights
      ? memory.paddedWeights - firstChannel * plan.channelStep : weightGradient
    plan.placeVectors(in: memory.targetOffsets)

    var index = firstRegion
    while index < endRegion {
      let region = SparseRegion(index, plan, batch: geometry.batch)
      var source = copy + index * plan.regionStride
      if !plan.sharesCopy {
        var block = 0
        while block < plan.blocks {
          plan.copyBlock(
            block, of: region, geometry, input: input, to: memory.copy + block * plan.blockStride)
          block += 1
        }
        source = UnsafePointer(memory.copy)
      }
      let isLater = index > firstRegion
      var channel = firstChannel
      while channel < endChannel {
        let listEnd = min(channel + SparseBlockSizes.listedChannels, endChannel)
        plan.listGradients(
          of: region, geometry, firstChannel: channel, endChannel: listEnd, gradient: outputGradient,
          argmax: argmax, to: memory)
        let arguments = SparseGradientTileArguments(
          source: source, rowStep: plan.vertical.tapStep * plan.rowStride, channels: 0,
          listStride: plan.listStride, targetStep: plan.channelStep,
          count: region.images * (region.endRow - region.firstRow) * plan.pooledColumns,
          values: memory.values, offsets: memory.offsets, target: target,
          targetOffsets: memory.targetOffsets,
          accumulate: isLater || accumulate && !plan.padsWeights)
        plan.addListed(arguments, geometry, firstChannel: channel, endChannel: listEnd)
        if let biasGradient {
          addSums(
            arguments, channels: listEnd - channel, to: biasGradient + channel,
            accumulate: accumulate || isLater)
        }
        channel = listEnd
      }
      index += 1
    }
    if plan.padsWeights {
      plan.unpad(
        memory.paddedWeights, geometry, channels: endChannel - firstChannel,
        to: weightGradient + firstChannel * geometry.multiplyAddsPerOutput, accumulate: accumulate)
    }
  }

  public static func addPartialSums(
    count: Int, partials: Int, stride: Int, sums: UnsafePointer<Float>,
    target: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    var index = 0
    while index < count {
      let width = min(lanes, count - index)
      var sum = load(sums + index, upTo: width)
      if accumulate { sum += load(UnsafePointer(target) + index, upTo: width) }
      var partial = 1
      while partial < partials {
        sum += load(sums + partial * stride + index, upTo: width)
        partial += 1
      }
      store(sum, to: target + index, upTo: width)
      index += lanes
    }
  }
}

extension SparseWeightGradientPlan {
  /// Adds the products of the listed gradients of some output channels to their weights.
  ///
  /// A block of the input stays in the first-level cache while all of the channels go over it.
  fileprivate func addListed(
    _ shared: SparseGradientTileArguments, _ geometry: Conv2dGeometry, firstChannel: Int,
    endChannel: Int
  ) {
    let groupChannels = geometry.groupOutputChannels
    var group = firstChannel / groupChannels
    while group * groupChannels < endChannel {
      let first = max(firstChannel, group * groupChannels)
      let end = min(endChannel, (group + 1) * groupChannels)
      var block = 0
      while block < groupBlocks {
        var arguments = shared
        let list = (first - firstChannel) * listStride
        arguments.channels = end - first
        arguments.values = shared.values + list
        arguments.offsets = shared.offsets + list
        runTiles(
          arguments, source: shared.source + (group * groupBlocks + block) * blockStride,
          target: shared.target + first * channelStep + block * blockChannels)
        block += 1
      }
      group += 1
    }
  }

  /// All tiles of a block.
  @inline(__always)
  private func runTiles(
    _ shared: SparseGradientTileArguments, source: UnsafePointer<Float>,
    target: UnsafeMutablePointer<Float>
  ) {
    var arguments = shared
    var tile = 0
    while tile < tiles {
      let row = evenStart(tile, tiles, vertical.taps)
      let rows = evenStart(tile + 1, tiles, vertical.taps) - row
      var run = 0
      while run < runs {
        arguments.source = source + row * shared.rowStep + run * horizontal.tapStep * pixelStride
        arguments.target = target + row * tapRowStep + run * tapStep
        runSparseGradientTile(rows: rows, vectors: vectors, arguments)
        run += 1
      }
      tile += 1
    }
  }

  /// Where the vectors of a tile of the most rows lie from its first weight.
  fileprivate func placeVectors(in offsets: UnsafeMutablePointer<Int32>) {
    let tapVectors = expandsTaps ? vectors : blockChannels / lanes
    var row = 0
    while row < tileRows {
      var vector = 0
      while vector < vectors {
        offsets[row * vectors + vector] = Int32(
          truncatingIfNeeded: row * tapRowStep + vector / tapVectors * tapStep
            + vector % tapVectors * lanes)
        vector += 1
      }
      row += 1
    }
  }

  /// Brings padded sums to where the weights of `channels` output channels lie.
  fileprivate func unpad(
    _ padded: UnsafePointer<Float>, _ geometry: Conv2dGeometry, channels: Int,
    to target: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    let width = expandsTaps ? horizontal.taps * blockChannels : geometry.groupInputChannels
    let stretches = expandsTaps ? vertical.taps : vertical.taps * horizontal.taps
    let paddedWidth = expandsTaps ? tapRowStep : tapStep
    let count = channels * stretches * width
    var source = padded
    var position = 0
    while position < count {
      let stretch = target + position
      if !accumulate && position + pieces(width, lanes) * lanes <= count {
        // What is written past a stretch is overwritten by those that follow.
        var column = 0
        while column < width {
          store(load(source + column), to: stretch + column)
          column += lanes
        }
      } else {
        var column = 0
        while column < width {
          stretch[column] = accumulate ? stretch[column] + source[column] : source[column]
          column += 1
        }
      }
      source += paddedWidth
      position += width
    }
  }
}

/// The sums of listed values, stored, or added to what is there.
private func addSums(
  _ a: SparseGradientTileArguments, channels: Int, to target: UnsafeMutablePointer<Float>,
  accumulate: Bool
) {
  var channel = 0
  while channel < channels {
    let values = a.values + channel * a.listStride
    var (even, odd) = (Vector(repeating: 0), Vector(repeating: 0))
    var index = 0
    while index + 2 * lanes <= a.count {
      even += load(values + index)
      odd += load(values + index + lanes)
      index += 2 * lanes
    }
    while index < a.count {
      even += load(values + index, upTo: min(lanes, a.count - index))
      index += lanes
    }
    let sum = horizontalSum(even + odd)
    target[channel] = accumulate ? target[channel] + sum : sum
    channel += 1
  }
}
