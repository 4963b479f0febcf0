/// The sizes that the convolution loops are cut by.
///
/// A micro-kernel's accumulators must fit the registers with two vectors and a broadcast to spare: of
/// 16 registers it takes 6 × 2, of the 32 of AVX-512 8 × 2 where every row has a pointer of its own
/// (the general registers are the limit there) and 12 × 2 where none has.
enum BlockSizes {
  /// Vectors a tile: its width is `vectors · lanes`.
  static let vectors = 2
  /// Floats a full tile is wide.
  static let width = vectors * lanes
  #if NN_AVX512
    /// Target pixels of a gathering tile.
    static let pixels = 8
    /// Output channels of a weight gradient tile.
    static let gradientRows = 12
    /// Tiles, or output channels of a weight gradient, of a Winograd tile.
    static let winogradRows = 10
    /// Rows and columns of a dot product tile.
    static let dotRows = 4
    static let dotColumns = 4
  #else
    /// Target pixels of a gathering tile.
    static let pixels = 6
    /// Output channels of a weight gradient tile.
    static let gradientRows = 6
    /// Tiles, or output channels of a weight gradient, of a Winograd tile.
    static let winogradRows = 6
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
  /// Floats of padded source that a task may copy: half of a common second-level cache.
  static let scratchFloats = 65536
  /// Pixels that a weight gradient tile should sum over before it is stored.
  static let gradientPixels = 256
  /// Pixels that are worth a partial weight gradient of their own.
  static let pixelsPerPartial = 1024
  /// Winograd tiles that a task should at least have, so that the micro-kernel's rows are used.
  static let fewWinogradTiles = 8
  /// Winograd tiles that a task should at most have, where its values of the source then fit the cache.
  static let manyWinogradTiles = 48
  /// Floats of Winograd values of the source that a task should hold: half of a second-level cache.
  static let winogradFloats = 65536
  /// The same for the tiles of a Winograd weight gradient's region.
  static let fewGradientTiles = 24
  static let manyGradientTiles = 96
  /// Partial sums that a Winograd weight gradient should be cut into.
  static let winogradPartials = 4
  /// Floats of all partial weight gradients together.
  static let partialFloats = 1 << 20
}

/// The number of pieces of at most `size` that cover `count`.
@inline(__always)
func pieces(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }

/// Where piece `index` of `count` elements cut evenly into `pieces` starts.
@inline(__always)
func evenStart(_ index: Int, _ pieces: Int, _ count: Int) -> Int { index * count / pieces }
