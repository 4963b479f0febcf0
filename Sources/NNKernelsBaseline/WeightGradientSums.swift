/// One slice of a partial sum whose tiles' columns run along the output channels, and the tables that
/// they go by.
struct WeightGradientSums {
  private let plan: WeightGradientPlan
  private let part: WeightGradientSlice
  private let panel: GradientPanel
  private let weights: UnsafeMutablePointer<Float>
  private let biases: UnsafeMutablePointer<Float>?
  private let tables: WeightGradientTables

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
    tables = WeightGradientTables(plan, part, scratch)
  }

  /// Adds a region's products, or stores them.
  func add(_ region: WeightGradientRegion, _ input: UnsafePointer<Float>, adds: Bool) {
    var block = part.firstBlock
    while block < part.endBlock {
      let channels = plan.channels(ofBlock: block)
      let vectors = BlockSizes.vectors(for: channels)
      let gradients = panel.gradients(
        firstChannel: plan.firstChannel(ofBlock: block), channels: channels, step: vectors * lanes,
        region)
      if let biases {
        addUpVectors(
          gradients, pixels: region.pixels, vectors: vectors, adds: adds,
          biases + block * BlockSizes.width)
      }
      let firstInput =
        plan.isChannelwise
        ? plan.firstChannel(ofBlock: block) : block / plan.groupBlocks * plan.groupInputs
      let target = weights + plan.sums(block) + part.firstFloat * BlockSizes.width
      var arguments = GatherTileArguments(
        source: input + firstInput, sourceOffsets: tables.window,
        terms: region.pixels, termOffsets: tables.pixels, weights: gradients,
        weightOffsets: tables.pixels, initial: tables.zeros,
        initialStep: adds ? BlockSizes.width : 0, floor: -.infinity, target: target,
        targetOffsets: tables.rows)
      let size = BlockSizes.pixels(vectors: vectors)
      var rest = part.endFloat - part.firstFloat
      while rest > 0 {
        let floats = nextPiece(of: rest, size)
        if adds { arguments.initial = UnsafePointer(arguments.target) }
        if plan.isChannelwise {
          runChannelwiseTile(pixels: floats, arguments)
        } else {
          runGatherTile(pixels: floats, vectors: vectors, arguments)
        }
        arguments.sourceOffsets += floats
        arguments.target += floats * BlockSizes.width
        rest -= floats
      }
      block += 1
    }
  }

  /// The sum over all pixels, the gradient of the bias, of whole vectors. Stored or added.
  private func addUpVectors(
    _ values: UnsafePointer<Float>, pixels: Int, vectors: Int, adds: Bool,
    _ sums: UnsafeMutablePointer<Float>
  ) {
    let step = vectors * lanes
    var channel = 0
    while channel < step {
      var (even, odd) = (Vector(repeating: 0), Vector(repeating: 0))
      var position = values + channel
      var pixel = 0
      while pixel + 2 <= pixels {
        even += load(position)
        odd += load(position + step)
        position += 2 * step
        pixel += 2
      }
      if pixel < pixels { even += load(position) }
      let sum = even + odd
      store(adds ? load(sums + channel) + sum : sum, to: sums + channel)
      channel += lanes
    }
  }

  /// Stores zeros: the sums of no pixels.
  func clear() {
    var block = part.firstBlock
    while block < part.endBlock {
      zero(
        weights + plan.sums(block) + part.firstFloat * BlockSizes.width,
        (part.endFloat - part.firstFloat) * BlockSizes.width)
      if let biases { zero(biases + block * BlockSizes.width, BlockSizes.width) }
      block += 1
    }
  }
}

/// The tables of such tiles, in a worker's scratch memory.
struct WeightGradientTables {
  /// Where the slice's floats of a window lie from its first one.
  let window: UnsafePointer<Int32>
  /// Where the pixels of a region lie from its first one. Only whole images or rows may be missing at
  /// its end, so one table serves all regions.
  let pixels: UnsafePointer<Int32>
  /// Where the rows of a tile lie in the sums.
  let rows: UnsafePointer<Int32>
  /// What sums start from.
  let zeros: UnsafePointer<Float>

  /// Floats of scratch memory that the tables take.
  static func floats(_ plan: WeightGradientPlan) -> Int {
    wholeLines(plan.depth) + wholeLines(plan.regionPixels) + BlockSizes.lineFloats + BlockSizes.width
  }

  init(_ plan: WeightGradientPlan, _ part: WeightGradientSlice, _ scratch: UnsafeMutablePointer<Float>) {
    let zeroRow = scratch
    zero(zeroRow, BlockSizes.width)
    zeros = UnsafePointer(zeroRow)
    var table = UnsafeMutableRawPointer(scratch + BlockSizes.width)
      .assumingMemoryBound(to: Int32.self)
    fillMultiples(BlockSizes.narrowPixels, of: BlockSizes.width, table)
    rows = UnsafePointer(table)
    table += BlockSizes.lineFloats
    fillPixelOffsets(plan, table)
    pixels = UnsafePointer(table)
    table += wholeLines(plan.regionPixels)
    fillWindowOffsets(
      plan.vertical, plan.horizontal, plan.source, channels: plan.groupInputs,
      first: part.firstFloat, end: part.endFloat, table)
    window = UnsafePointer(table)
  }
}

/// 0, step, 2 · step …
func fillMultiples(_ count: Int, of step: Int, _ table: UnsafeMutablePointer<Int32>) {
  var index = 0
  while index < count {
    table[index] = Int32(truncatingIfNeeded: index * step)
    index += 1
  }
}

private func fillPixelOffsets(_ plan: WeightGradientPlan, _ table: UnsafeMutablePointer<Int32>) {
  var position = 0
  var image = 0
  while image < plan.imagesPerRegion {
    var row = 0
    while row < plan.rowsPerRegion {
      var offset =
        image * plan.source.imageStride + row * plan.vertical.positionStep * plan.source.rowStride
      var column = 0
      while column < plan.horizontal.positions {
        table[position] = Int32(truncatingIfNeeded: offset)
        offset += plan.horizontal.positionStep * plan.source.pixelStride
        position += 1
        column += 1
      }
      row += 1
    }
    image += 1
  }
}
