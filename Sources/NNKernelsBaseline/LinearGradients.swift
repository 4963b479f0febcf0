import NNKernelInterface

/// The longest sum for which writing the target, not arithmetic, takes the time.
private let shallowDepth = 4
/// Vectors of a tile that follows the order of memory, and rows of the right operand that it reads at once.
private let streamVectors = 4
private let streamDepth = 8
/// Columns that are copied together: rows of an operand may lie a page apart, where each line is waited for.
private let panelWidth = 2 * BlockSizes.width

/// A product of two matrices, of which the right one and the target lie along the same axis:
/// target[m][n] (+)= Σ_k left[m][k] · right[k][n].
private struct MatrixProduct {
  var rows: Int
  var columns: Int
  var depth: Int
  var left: UnsafePointer<Float>
  var leftRowStep: Int
  var leftStep: Int
  var right: UnsafePointer<Float>
  var target: UnsafeMutablePointer<Float>
  var accumulate: Bool
}

extension VectorKernels {
  public static func linearScratchCount(rows: Int, outFeatures: Int) -> Int {
    max(rows, outFeatures) * panelWidth
  }

  public static func linearInputGradient(
    rows: Int, inFeatures: Int, outFeatures: Int, firstInput: Int, endInput: Int,
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    let product = MatrixProduct(
      rows: rows, columns: inFeatures, depth: outFeatures, left: outputGradient,
      leftRowStep: outFeatures, leftStep: 1, right: weight, target: inputGradient, accumulate: false)
    product.compute(firstColumn: firstInput, endColumn: endInput, scratch: scratch)
  }

  public static func linearWeightGradient(
    rows: Int, inFeatures: Int, outFeatures: Int, firstInput: Int, endInput: Int,
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, accumulate: Bool, scratch: UnsafeMutablePointer<Float>
  ) {
    let product = MatrixProduct(
      rows: outFeatures, columns: inFeatures, depth: rows, left: outputGradient, leftRowStep: 1,
      leftStep: outFeatures, right: input, target: weightGradient, accumulate: accumulate)
    product.compute(firstColumn: firstInput, endColumn: endInput, scratch: scratch)
  }

  public static func linearBiasGradient(
    rows: Int, outFeatures: Int, outputGradient: UnsafePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>, accumulate: Bool
  ) {
    addPartialSums(
      count: outFeatures, partials: rows, stride: outFeatures, sums: outputGradient,
      target: biasGradient, accumulate: accumulate)
  }
}

extension MatrixProduct {
  /// Columns `firstColumn` ..< `endColumn`.
  @inline(__always)
  func compute(firstColumn: Int, endColumn: Int, scratch: UnsafeMutablePointer<Float>) {
    var column = firstColumn
    if rows == 1 || depth <= shallowDepth {
      column = computeInOrder(firstColumn, endColumn)
    }
    while column < endColumn {
      computePanel(column, width: min(panelWidth, endColumn - column), scratch: scratch)
      column += panelWidth
    }
  }

  /// Whole vectors, in the order of memory: for products that touch the right operand or the target only
  /// once, so that memory is the limit. Returns the first column that is left over.
  @inline(__always)
  private func computeInOrder(_ firstColumn: Int, _ endColumn: Int) -> Int {
    let end = firstColumn + (endColumn - firstColumn) / lanes * lanes
    var k = 0
    while k < depth {
      var arguments = tile(column: 0, width: streamVectors * lanes)
      arguments.depth = min(streamDepth, depth - k)
      arguments.accumulate = accumulate || k > 0
      var row = 0
      while row < rows {
        var column = firstColumn
        while column < end {
          arguments.left = left + row * leftRowStep + k * leftStep
          arguments.right = right + k * columns + column
          arguments.target = target + row * columns + column
          if end - column >= streamVectors * lanes {
            ProductTile<1, 4>.run(arguments)
            column += streamVectors * lanes
          } else {
            ProductTile<1, 1>.run(arguments)
            column += lanes
          }
        }
        row += 1
      }
      k += streamDepth
    }
    return end
  }

  /// All rows of some columns. What many rows share, and what is too narrow for vectors, is copied first,
  /// so that it lies close together.
  @inline(__always)
  private func computePanel(_ column: Int, width: Int, scratch: UnsafeMutablePointer<Float>) {
    var arguments = tile(column: column, width: width)
    var source = arguments.right
    if width % BlockSizes.width != 0 || rows > 2 * productRows {
      copyPanel(source, width: width, to: scratch)
      source = UnsafePointer(scratch)
      arguments.rightStep = panelWidth
    }
    let tiles = pieces(rows, productRows)
    var index = 0
    while index < tiles {
      let row = evenStart(index, tiles, rows)
      arguments.left = left + row * leftRowStep
      var start = 0
      while start < width {
        arguments.right = source + start
        arguments.target = target + row * columns + column + start
        arguments.width = min(BlockSizes.width, width - start)
        runProductTile(rows: evenStart(index + 1, tiles, rows) - row, arguments)
        start += BlockSizes.width
      }
      index += 1
    }
  }

  /// Columns of the right operand, filled up with zeros to ``panelWidth``.
  @inline(__always)
  private func copyPanel(
    _ source: UnsafePointer<Float>, width: Int, to scratch: UnsafeMutablePointer<Float>
  ) {
    var k = 0
    while k < depth {
      let line = source + k * columns
      let copy = scratch + k * panelWidth
      if width == panelWidth {
        var position = 0
        while position < panelWidth {
          store(load(line + position), to: copy + position)
          position += lanes
        }
      } else {
        copyFloats(line, copy, width)
        zero(copy + width, panelWidth - width)
      }
      k += 1
    }
  }

  @inline(__always)
  private func tile(column: Int, width: Int) -> ProductTileArguments {
    ProductTileArguments(
      left: left, leftRowStep: leftRowStep, leftStep: leftStep, right: right + column,
      rightStep: columns, depth: depth, target: target + column, targetRowStep: columns, width: width,
      accumulate: accumulate)
  }
}
