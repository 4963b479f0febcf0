/// The sizes that the convolution loops are cut by.
///
/// A micro-kernel's accumulators must fit the registers with two vectors and a broadcast to spare: of
/// 16 registers it takes 6 × 2, of the 32 of AVX-512 8 × 2, where the general registers that hold the
/// rows' offsets are the limit. One vector wide it takes more rows, so that enough sums are under way.
enum BlockSizes {
  /// Vectors a tile: its width is `vectors · lanes`.
  static let vectors = 2
  /// Floats a full tile is wide.
  static let width = vectors * lanes
  #if NN_AVX512
    /// Target pixels of a full tile.
    static let pixels = 8
    /// Target pixels of a tile of one vector, and the most of any.
    static let narrowPixels = 8
    /// Tiles, or output channels of a weight gradient, of a Winograd tile.
    static let winogradRows = 10
    /// Tiles of a row tile: six points of each, with registers for a column of weights to spare.
    static let winogradRowTiles = 4
    /// Output channels of a tap tile: six points of each, with registers for the taps to spare.
    static let tapTileOutputs = 4
    /// Output channels of such a weight gradient of few tiles: the products of a 3×3 kernel's points stay in
    /// the first-level cache, and those of a 5×5 kernel nearly.
    static let fewGradientRows = 5
    /// Rows and columns of a dot product tile.
    static let dotRows = 4
    static let dotColumns = 4
  #else
    /// Target pixels of a full tile.
    static let pixels = 6
    /// Target pixels of a tile of one vector, and the most of any: with 8 of 16 registers for sums the
    /// compiler runs out of them for source values.
    static let narrowPixels = 7
    /// Tiles, or output channels of a weight gradient, of a Winograd tile.
    static let winogradRows = 6
    /// Output channels of such a weight gradient of few tiles: the products of a 3×3 kernel's points stay in
    /// the first-level cache, and those of a 5×5 kernel nearly.
    static let fewGradientRows = 6
    /// Rows and columns of a dot product tile.
    static let dotRows = 4
    static let dotColumns = 3
  #endif
  /// Tasks that an operation is cut into, where its shape allows, so that threads share it evenly.
  static let wantedTasks = 16
  /// Pixels below which a task does not pay.
  static let fewPixels = 4 * pixels
  /// Pixels above which a task is cut, to bound its tables.
  static let manyPixels = 4096
  /// Pixels that are pooled, or copied because they fill no vector, at a time, while they are near:
  /// whole windows, and full tiles where a tile has two vectors.
  static let stripPixels = 16 * pixels
  /// Floats of padded source that a task may copy: half of a common second-level cache.
  static let scratchFloats = 65536
  /// Pixels that a weight gradient tile should sum over before it is stored, and whose output gradients
  /// stay in the first-level cache meanwhile.
  static let gradientPixels = 256
  /// Floats of input that a region of several images or rows may span: offsets fit 32 bits.
  static let regionFloats = 1 << 24
  /// Blocks of output channels whose gradients a weight gradient packs at a time.
  static let gradientBlocks = 8
  /// Pixels that are worth a partial weight gradient of their own.
  static let pixelsPerPartial = 256
  /// Winograd tiles that a task should at least have, so that the micro-kernel's rows are used.
  static let fewWinogradTiles = 8
  /// Winograd tiles that a task should at most have, where its values of the source then fit the cache.
  static let manyWinogradTiles = 48
  /// Floats of Winograd values of the source that a task should hold: a common second-level cache.
  static let winogradFloats = 131072
  /// Tiles that the micro-kernel of a shallow Winograd convolution takes at a time, and floats of values of
  /// the source that a task should hold: they stay in the first-level cache beside a vector's weights.
  static let shallowTiles = 2
  static let shallowFloats = 6144
  /// Target channels a tile up to which tasks of a few tiles each bring the weights to the points for
  /// themselves, on several threads.
  static let fewWeightsPerTile = 4
  /// Floats of Winograd weights that a task brings to the points at a time: they stay near.
  static let winogradWeightFloats = 12288
  /// Floats of the sums of the blocks that such a task computes together, at most: an eighth of a
  /// common second-level cache.
  static let winogradSumFloats = 16384
  /// Source channels that a row tile sums over at a time: their taps stay near for all six rows.
  static let winogradRowDepth = 64
  /// Blocks that such a task computes together, and such tasks that a pass should at least be cut into.
  static let winogradBlocks = 4
  static let fewBlockTasks = 4
  /// Tiles that a region of a Winograd weight gradient should at least have, and at most.
  static let fewGradientTiles = 32
  static let manyGradientTiles = 96
  /// Partial sums that a Winograd weight gradient should be cut into.
  static let winogradPartials = 4
  /// Floats of the sums of a slice of a Winograd weight gradient, at most.
  static let gradientSumFloats = 3 << 19
  /// Floats of all partial weight gradients together.
  static let partialFloats = 1 << 20
  /// Floats of a weight's rows that are brought into place at a time.
  static let transposedFloats = 64
  /// Floats of a cache line.
  static let lineFloats = 16

  /// Target pixels of a tile of that many vectors.
  @inline(__always)
  static func pixels(vectors: Int) -> Int { vectors == 1 ? narrowPixels : pixels }

  /// Vectors of a block of that many channels.
  @inline(__always)
  static func vectors(for channels: Int) -> Int { channels > lanes ? vectors : 1 }
}

/// The number of pieces of at most `size` that cover `count`.
@inline(__always)
func pieces(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }

/// `count` floats and what fills their last cache line, so that what follows starts on one.
@inline(__always)
func wholeLines(_ count: Int) -> Int {
  pieces(count, BlockSizes.lineFloats) * BlockSizes.lineFloats
}

/// Where piece `index` of `count` elements cut evenly into `pieces` starts.
@inline(__always)
func evenStart(_ index: Int, _ pieces: Int, _ count: Int) -> Int { index * count / pieces }

/// The next piece of `rest` elements that are cut into pieces of `size`: full ones, so that a loop over
/// them is predictable, but no small one at the end, since the last two share evenly.
@inline(__always)
func nextPiece(of rest: Int, _ size: Int) -> Int {
  rest >= 2 * size ? size : rest > size ? (rest + 1) / 2 : rest
}
