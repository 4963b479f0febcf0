/// One slice of a partial sum whose tiles' columns are the channels of a tap.
///
/// A tap's sums run over the pixels whose tap lies inside the input: nothing is copied, and nothing
/// multiplied by the zeros of a padding.
struct WeightGradientTapSums {
  private let plan: WeightGradientPlan
  private let part: WeightGradientSlice
  private let panel: GradientPanel
  private let weights: UnsafeMutablePointer<Float>
  private let biases: UnsafeMutablePointer<Float>?
  private let scratch: UnsafeMutablePointer<Float>
  private var tables: WeightGradientTapTables

  init(
    _ plan: WeightGradientPlan, _ part: WeightGradientSlice, _ panel: GradientPanel,
    _ weights: UnsafeMutablePointer<Float>, _ biases: UnsafeMutablePointer<Float>?,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    self.plan = plan
    self.part = part
    self.panel = panel
    self.weights = weights
    // Slices that share blocks share their biases: the first one computes them.
    self.biases = part.firstFloat == 0 ? biases : nil
    self.scratch = scratch
    tables = WeightGradientTapTables(plan, images: plan.imagesPerRegion, scratch)
  }

  /// Adds a region's products, or stores them.
  mutating func add(_ region: WeightGradientRegion, _ input: UnsafePointer<Float>, adds: Bool) {
    if tables.images != region.images {
      tables = WeightGradientTapTables(plan, images: region.images, scratch)
    }
    var first = part.firstBlock
    while first < part.endBlock {
      let group = first / plan.groupBlocks
      let end = min(
        first + BlockSizes.gradientBlocks, part.endBlock, (group + 1) * plan.groupBlocks)
      panel.fill(
        blocks: first..<end, plan, region, rowOfPooledMap: scratch + plan.copyStart)
      if let biases { addBiases(first..<end, region, adds: adds, biases) }
      addProducts(first..<end, region, input + group * plan.groupInputs, adds: adds)
      first = end
    }
  }

  private func addBiases(
    _ blocks: Range<Int>, _ region: WeightGradientRegion, adds: Bool,
    _ biases: UnsafeMutablePointer<Float>
  ) {
    var block = blocks.lowerBound
    while block < blocks.upperBound {
      panel.part(block - blocks.lowerBound).addUpRows(
        pixels: region.pixels, channels: plan.channels(ofBlock: block), adds: adds,
        biases + plan.firstChannel(ofBlock: block))
      block += 1
    }
  }

  /// The inputs of one column are read for all blocks while they are near.
  private func addProducts(
    _ blocks: Range<Int>, _ region: WeightGradientRegion, _ input: UnsafePointer<Float>, adds: Bool
  ) {
    var arguments = GatherTileArguments(
      source: panel.values, sourceOffsets: tables.units, terms: 0, termOffsets: tables.panel,
      weights: input, weightOffsets: tables.inputs, initial: tables.zeros,
      initialStep: adds ? plan.depth : 0, floor: -.infinity, target: weights,
      targetOffsets: tables.rows)
    var float = part.firstFloat
    while float < part.endFloat {
      let tap = float / plan.groupInputs
      let row = tap / plan.horizontal.taps
      let column = tap % plan.horizontal.taps
      let inside = plan.vertical.positions(inside: row)
      let firstRow = max(inside.lowerBound, region.firstRow)
      let rows = max(0, min(inside.upperBound, region.endRow) - firstRow)
      let rowPixels = region.images * plan.horizontal.positions(inside: column).count
      let start = column * plan.regionPixels + (firstRow - region.firstRow) * rowPixels
      arguments.terms = rows * rowPixels
      arguments.termOffsets = tables.panel + start
      arguments.weightOffsets = tables.inputs + start
      arguments.weights =
        input + row * plan.vertical.tapStep * plan.source.rowStride
        + column * plan.horizontal.tapStep * plan.source.pixelStride + float % plan.groupInputs
      var block = blocks.lowerBound
      while block < blocks.upperBound {
        arguments.source = UnsafePointer(panel.part(block - blocks.lowerBound).values)
        arguments.target = weights + plan.firstChannel(ofBlock: block) * plan.depth + float
        if adds { arguments.initial = UnsafePointer(arguments.target) }
        runScatteredTile(pixels: plan.channels(ofBlock: block), arguments)
        block += 1
      }
      float += BlockSizes.width
    }
  }

  /// Stores zeros: the sums of no pixels.
  func clear() {
    var channel = plan.firstChannel(ofBlock: part.firstBlock)
    let end = plan.firstChannel(ofBlock: part.endBlock)
    while channel < end {
      zero(weights + channel * plan.depth + part.firstFloat, part.endFloat - part.firstFloat)
      biases?[channel] = 0
      channel += 1
    }
  }
}

/// The tables of such tiles, in a worker's scratch memory.
struct WeightGradientTapTables {
  /// Images that they are for.
  let images: Int
  /// For each column of taps the pixels of a region whose tap lies inside the input's columns, in the order
  /// (row, image, column), so that the rows inside follow each other: where they lie in a panel, and
  /// where their windows start from the region's first one. Lists are `regionPixels` apart.
  let panel: UnsafePointer<Int32>
  let inputs: UnsafePointer<Int32>
  /// Where the rows of a tile lie in the weight.
  let rows: UnsafePointer<Int32>
  /// 0, 1, 2 …
  let units: UnsafePointer<Int32>
  /// What sums start from.
  let zeros: UnsafePointer<Float>

  /// Floats of scratch memory that the tables take.
  static func floats(_ plan: WeightGradientPlan) -> Int {
    2 * plan.horizontal.taps * plan.regionPixels + 2 * BlockSizes.lineFloats + BlockSizes.width
  }

  init(_ plan: WeightGradientPlan, images: Int, _ scratch: UnsafeMutablePointer<Float>) {
    self.images = images
    zero(scratch, BlockSizes.width)
    zeros = UnsafePointer(scratch)
    var table = UnsafeMutableRawPointer(scratch + BlockSizes.width)
      .assumingMemoryBound(to: Int32.self)
    fillMultiples(BlockSizes.narrowPixels, of: 1, table)
    units = UnsafePointer(table)
    table += BlockSizes.lineFloats
    fillMultiples(BlockSizes.narrowPixels, of: plan.depth, table)
    rows = UnsafePointer(table)
    table += BlockSizes.lineFloats
    panel = UnsafePointer(table)
    let panel = table
    let inputs = table + plan.horizontal.taps * plan.regionPixels
    self.inputs = UnsafePointer(inputs)
    var tap = 0
    while tap < plan.horizontal.taps {
      let list = tap * plan.regionPixels
      fillList(plan, tap, images, panel + list, inputs + list)
      tap += 1
    }
  }
}

private func fillList(
  _ plan: WeightGradientPlan, _ tap: Int, _ images: Int, _ panel: UnsafeMutablePointer<Int32>,
  _ inputs: UnsafeMutablePointer<Int32>
) {
  let columns = plan.horizontal.positions(inside: tap)
  var position = 0
  var row = 0
  while row < plan.rowsPerRegion {
    var image = 0
    while image < images {
      let panelRow = (image * plan.rowsPerRegion + row) * plan.horizontal.positions
      let inputRow =
        image * plan.source.imageStride + row * plan.vertical.positionStep * plan.source.rowStride
      var column = columns.lowerBound
      while column < columns.upperBound {
        panel[position] = Int32(truncatingIfNeeded: (panelRow + column) * BlockSizes.pixels)
        inputs[position] = Int32(
          truncatingIfNeeded: inputRow
            + column * plan.horizontal.positionStep * plan.source.pixelStride)
        position += 1
        column += 1
      }
      image += 1
    }
    row += 1
  }
}
