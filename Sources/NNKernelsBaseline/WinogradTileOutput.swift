import NNKernelInterface

/// The second pass back from the points, y = t · A, with the epilogue: of the tiles of one phase, a vector of
/// target channels at a time.
struct WinogradTileOutput {
  let places: WinogradTilePlaces
  private let output: BlockOutput
  /// Sums below this become this: 0 for a ReLU, -∞ for none. NaN stays.
  private let floor: Float
  /// Where a tile goes whose pixels or channels are not all wanted: here first.
  private let edge: UnsafeMutablePointer<Float>

  /// Floats of scratch memory: the pixels of a tile, and then the cells of its maxima.
  static let floats = (16 + 4) * lanes

  @inline(__always)
  init(
    _ plan: WinogradPlan, phase: WinogradPhase, _ output: BlockOutput, scratch: UnsafeMutablePointer<Float>
  ) {
    places = WinogradTilePlaces(plan, phase: phase, pooling: output.epilogue.pooling)
    self.output = output
    floor = output.epilogue.relu ? 0 : -.infinity
    edge = scratch
  }

  /// Copies the biases of `count` channels from `channel` on, zeros where there are none, to whole vectors.
  func copyBias(_ channel: Int, _ count: Int, to vectors: UnsafeMutablePointer<Float>) {
    var done = 0
    while done < count {
      let values = output.bias.map { load($0 + channel + done, upTo: min(lanes, count - done)) }
      store(values ?? Vector(repeating: 0), to: vectors + done)
      done += lanes
    }
  }

  /// From `sums`, (pixel row, point column, lane), to `count` channels of a tile; `bias` is whole.
  @inline(__always)
  func put<let Points: Int>(
    _ lines: WinogradLines<Points>.Type, _ sums: UnsafePointer<Float>, at place: WinogradTilePlace,
    _ channel: Int, _ count: Int, bias: UnsafePointer<Float>
  ) {
    let offset = place.offset + channel
    let target = WinogradTileTarget(
      values: output.target + offset, argmax: output.argmax.map { $0 + offset },
      rowStride: places.rowStride, columnStride: places.columnStride)
    if place.isWhole && count == lanes {
      write(lines, sums, bias, to: target)
    } else {
      let whole = WinogradTileTarget(
        values: edge, argmax: output.argmax == nil ? nil : edgeCells, rowStride: 4 * lanes,
        columnStride: lanes)
      write(lines, sums, bias, to: whole)
      copyEdge(place, count: count, to: target)
    }
  }

  private var edgeCells: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(edge + 16 * lanes).assumingMemoryBound(to: UInt8.self)
  }

  /// A whole tile. In one piece: the compiler does not always inline what takes this many vectors, and a call
  /// would take them through memory.
  @inline(never)
  private func write<let Points: Int>(
    _ lines: WinogradLines<Points>.Type, _ sums: UnsafePointer<Float>, _ bias: UnsafePointer<Float>,
    to target: WinogradTileTarget
  ) {
    let (bias, floor) = (load(bias), Vector(repeating: floor))
    let step = target.columnStride
    var pair = 0
    while pair < 2 {
      let (a, b, c, d) = lines.output(sums + 2 * pair * Points * lanes, lanes)
      let (e, f, g, h) = lines.output(sums + (2 * pair + 1) * Points * lanes, lanes)
      if output.epilogue.pooling {
        // The cells have the bias before they are compared, as without a pooling.
        let (left, leftCell) = maximumOfWindow(a + bias, b + bias, e + bias, f + bias)
        let (right, rightCell) = maximumOfWindow(c + bias, d + bias, g + bias, h + bias)
        let row = target.values + pair * target.rowStride
        store(atLeast(floor, left), to: row)
        store(atLeast(floor, right), to: row + step)
        if let argmax = target.argmax {
          storeBytes(leftCell, to: argmax + pair * target.rowStride, upTo: lanes)
          storeBytes(rightCell, to: argmax + pair * target.rowStride + step, upTo: lanes)
        }
      } else {
        let upper = target.values + 2 * pair * target.rowStride
        let lower = upper + target.rowStride
        store(atLeast(floor, a + bias), to: upper)
        store(atLeast(floor, b + bias), to: upper + step)
        store(atLeast(floor, c + bias), to: upper + 2 * step)
        store(atLeast(floor, d + bias), to: upper + 3 * step)
        store(atLeast(floor, e + bias), to: lower)
        store(atLeast(floor, f + bias), to: lower + step)
        store(atLeast(floor, g + bias), to: lower + 2 * step)
        store(atLeast(floor, h + bias), to: lower + 3 * step)
      }
      pair += 1
    }
  }

  /// Copies `count` channels of what is wanted of a tile.
  @inline(never)
  private func copyEdge(_ place: WinogradTilePlace, count: Int, to target: WinogradTileTarget) {
    var row = 0
    while row < place.rows {
      var column = 0
      while column < place.columns {
        let source = (row * 4 + column) * lanes
        let offset = row * target.rowStride + column * target.columnStride
        if count == lanes {
          store(load(edge + source), to: target.values + offset)
        } else {
          copyFloats(edge + source, target.values + offset, count)
        }
        if let argmax = target.argmax {
          var lane = 0
          while lane < count {
            argmax[offset + lane] = edgeCells[source + lane]
            lane += 1
          }
        }
        column += 1
      }
      row += 1
    }
  }
}

/// Where a whole tile's values of one vector of channels go.
private struct WinogradTileTarget {
  let values: UnsafeMutablePointer<Float>
  /// Of a pooling, where it is wanted.
  let argmax: UnsafeMutablePointer<UInt8>?
  let rowStride: Int
  let columnStride: Int
}

/// max(x, floor); NaN stays.
@inline(__always)
private func atLeast(_ floor: Vector, _ x: Vector) -> Vector { select(x .< floor, floor, x) }
