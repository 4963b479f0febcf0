import NNKernelInterface
import NNShapes

extension VectorKernels {
  public static func weightGradientCounts(_ geometry: Conv2dGeometry) -> WeightGradientCounts {
    WeightGradientPlan(geometry).counts
  }

  public static func weightGradient(
    _ geometry: Conv2dGeometry, partial: Int, slice: Int, input: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, weightGradient: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>?, accumulate: Bool,
    scratch: UnsafeMutablePointer<Float>, preparedRegion: UnsafeMutablePointer<Int32>
  ) {
    let plan = WeightGradientPlan(geometry)
    let layout = plan.source
    let tileSlice = slice / plan.tapSlices
    let tapSlice = slice % plan.tapSlices
    let firstTile = evenStart(tileSlice, plan.tileSlices, plan.tiles)
    let endTile = evenStart(tileSlice + 1, plan.tileSlices, plan.tiles)
    let firstTap = evenStart(tapSlice, plan.tapSlices, plan.vertical.taps)
    let endTap = evenStart(tapSlice + 1, plan.tapSlices, plan.vertical.taps)
    let outputChannels = geometry.outputChannels
    let firstRegion = evenStart(partial, plan.partials, plan.regions)
    let endRegion = evenStart(partial + 1, plan.partials, plan.regions)

    var region = firstRegion
    while region < endRegion {
      let firstImage = region / plan.regionsPerImage * plan.imagesPerRegion
      let images = min(plan.imagesPerRegion, geometry.batch - firstImage)
      let firstRow = region % plan.regionsPerImage * plan.rowsPerRegion
      let endRow = min(firstRow + plan.rowsPerRegion, plan.vertical.positions)
      var base = input
      if plan.copies {
        if preparedRegion.pointee != Int32(truncatingIfNeeded: region) {
          layout.copy(
            input, plan.vertical, plan.horizontal, firstImage: firstImage, images: images,
            firstRow: firstRow, endRow: endRow, to: scratch)
          preparedRegion.pointee = Int32(truncatingIfNeeded: region)
        }
        base = UnsafePointer(scratch)
      } else {
        base +=
          firstImage * layout.imageStride
          + (firstRow * plan.vertical.positionStep - plan.vertical.before) * layout.rowStride
          - plan.horizontal.before * layout.pixelStride
      }
      let gradient =
        outputGradient + (firstImage * geometry.outputHeight + firstRow) * geometry.outputWidth
        * outputChannels
      var arguments = WeightGradientTileArguments(
        input: base, outputGradient: gradient, planes: images, rows: endRow - firstRow,
        columns: geometry.outputWidth, inputPlaneStep: layout.imageStride,
        inputRowStep: plan.vertical.positionStep * layout.rowStride,
        inputColumnStep: plan.horizontal.positionStep * layout.pixelStride,
        gradientPlaneStep: geometry.outputHeight * geometry.outputWidth * outputChannels,
        gradientRowStep: geometry.outputWidth * outputChannels, gradientColumnStep: outputChannels,
        target: weightGradient, targetRowStep: geometry.multiplyAddsPerOutput, width: 0,
        accumulate: accumulate || region > firstRegion)
      arguments.joinLoops()

      var tile = firstTile
      while tile < endTile {
        let group = tile / plan.groupTiles
        let channel = plan.firstChannel(ofTile: tile, geometry)
        let rows = plan.firstChannel(ofTile: tile + 1, geometry) - channel
        arguments.outputGradient = gradient + channel
        runTapRows(
          plan, arguments, rows: rows, taps: firstTap..<endTap,
          input: base + group * geometry.groupInputChannels,
          target: weightGradient + channel * geometry.multiplyAddsPerOutput)
        tile += 1
      }
      if let biasGradient, tapSlice == 0 {
        arguments.outputGradient = gradient
        addBiasGradient(
          arguments,
          channels: plan.firstChannel(
            ofTile: firstTile, geometry)..<plan.firstChannel(
              ofTile: endTile, geometry), biasGradient)
      }
      region += 1
    }
  }
}

/// All column tiles of some rows of taps, for one row tile.
private func runTapRows(
  _ plan: WeightGradientPlan, _ shared: WeightGradientTileArguments, rows: Int, taps: Range<Int>,
  input: UnsafePointer<Float>, target: UnsafeMutablePointer<Float>
) {
  var arguments = shared
  var tap = taps.lowerBound
  while tap < taps.upperBound {
    var run = 0
    while run < plan.runs {
      let source =
        input + tap * plan.vertical.tapStep * plan.source.rowStride
        + run * plan.horizontal.tapStep * plan.source.pixelStride
      let destination = target + (tap * plan.runs + run) * plan.runLength
      var start = 0
      while start < plan.runLength {
        arguments.input = source + start
        arguments.target = destination + start
        arguments.width = min(BlockSizes.width, plan.runLength - start)
        runWeightGradientTile(
          rows: rows, vectors: arguments.width > lanes ? BlockSizes.vectors : 1, arguments)
        start += BlockSizes.width
      }
      run += 1
    }
    tap += 1
  }
}

/// db[o] = Σ_pixel dy[pixel][o], stored or added like the weight gradient.
private func addBiasGradient(
  _ a: WeightGradientTileArguments, channels: Range<Int>,
  _ biasGradient: UnsafeMutablePointer<Float>
) {
  var channel = channels.lowerBound
  while channel < channels.upperBound {
    let width = min(lanes, channels.upperBound - channel)
    var (even, odd) = (Vector(repeating: 0), Vector(repeating: 0))
    var plane = 0
    while plane < a.planes {
      var row = 0
      while row < a.rows {
        var gradient =
          a.outputGradient + plane * a.gradientPlaneStep + row * a.gradientRowStep + channel
        var column = 0
        if width == lanes {
          while column + 2 <= a.columns {
            even += load(gradient)
            odd += load(gradient + a.gradientColumnStep)
            gradient += 2 * a.gradientColumnStep
            column += 2
          }
        }
        while column < a.columns {
          even += load(gradient, upTo: width)
          gradient += a.gradientColumnStep
          column += 1
        }
        row += 1
      }
      plane += 1
    }
    let sum = even + odd
    let target = biasGradient + channel
    store(a.accumulate ? load(UnsafePointer(target), upTo: width) + sum : sum, to: target, upTo: width)
    channel += lanes
  }
}
