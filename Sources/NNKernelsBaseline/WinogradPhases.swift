// The phases of a Winograd convolution with a stride of 2: see ``WinogradAxis``. With a stride of 1 there is one.
extension WinogradPlan {
  /// The phase of the target that a block belongs to, and its first channel there.
  @inline(__always)
  func place(ofBlock block: Int) -> (phase: WinogradPhase, channel: Int) {
    let phase = block / phaseBlocks
    return (
      WinogradPhase(row: phase / horizontal.targetStep, column: phase % horizontal.targetStep),
      (block - phase * phaseBlocks) * width
    )
  }

  /// The phase of the source that a source channel belongs to, and its channel of the map.
  @inline(__always)
  func place(ofSource source: Int) -> (phase: WinogradPhase, channel: Int) {
    if horizontal.sourceStep == 1 { return (WinogradPhase(row: 0, column: 0), source) }
    let phase = source / mapStride
    return (
      WinogradPhase(row: phase / horizontal.sourceStep, column: phase % horizontal.sourceStep),
      source - phase * mapStride
    )
  }

  /// Calls `body` with the source channels that are summed over at a point, run by run: all, but for those of
  /// the phases whose weights are zeros there.
  @inline(__always)
  func forEachRun(atPoint point: Int, _ body: (Range<Int>) -> Void) {
    let step = vertical.sourceStep
    if step == 1 { return body(0..<sourceChannels) }
    // Of a source, the second phase may have a tap less.
    let rows = vertical.isZero(atPoint: point / points, ofPhase: 1) ? 1 : step
    let columns = horizontal.isZero(atPoint: point % points, ofPhase: 1) ? 1 : step
    if columns == step { return body(0..<rows * step * mapStride) }
    var row = 0
    while row < rows {
      let first = row * step * mapStride
      body(first..<first + columns * mapStride)
      row += 1
    }
  }

  /// The weights of a phase of the target are zeros at a point.
  @inline(__always)
  func isZero(atPoint point: Int, ofPhase phase: WinogradPhase) -> Bool {
    if vertical.targetStep == 1 { return false }
    return vertical.isZero(atPoint: point / points, ofPhase: phase.row)
      || horizontal.isZero(atPoint: point % points, ofPhase: phase.column)
  }
}

/// One phase of a map: its rows and columns.
struct WinogradPhase {
  let row: Int
  let column: Int
}
