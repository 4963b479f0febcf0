import CPlatform

/// Rows of memory that are wanted soon, fetched a few cache lines at a time while something else is
/// computed: what is far, as large weights are in a training step, then arrives in time. Processors fetch
/// what lies in sequence by themselves, but not short pieces of long rows.
struct RowsAhead {
  private var line: UnsafePointer<Float>
  private var linesLeftInRow: Int
  private var rowsLeft: Int
  private let linesPerRow: Int
  /// Floats from the end of a row's last line to the next row.
  private let gap: Int
  private let linesPerStep: Int

  /// `rows` rows of `floats` floats, `stride` apart, in `steps` steps. A row that does not start with a cache
  /// line goes without its last one.
  init(_ first: UnsafePointer<Float>, rows: Int, stride: Int, floats: Int, steps: Int) {
    line = first
    linesPerRow = pieces(floats, BlockSizes.lineFloats)
    linesLeftInRow = linesPerRow
    rowsLeft = rows
    gap = stride - linesPerRow * BlockSizes.lineFloats
    linesPerStep = pieces(rows * linesPerRow, max(1, steps))
  }

  /// Nothing.
  static var none: RowsAhead { RowsAhead(UnsafePointer(nn_zeros()), rows: 0, stride: 0, floats: 0, steps: 1) }

  /// The next step.
  @inline(__always)
  mutating func fetch() {
    var count = 0
    while count < linesPerStep && rowsLeft > 0 {
      nn_prefetch(line)
      line += BlockSizes.lineFloats
      linesLeftInRow -= 1
      if linesLeftInRow == 0 {
        line += gap
        linesLeftInRow = linesPerRow
        rowsLeft -= 1
      }
      count += 1
    }
  }
}
