import NNKernelInterface
import NNShapes

/// The target pixels of one task of a gathering pass, and where each has its source and its target.
///
/// Where the target is pooled, the four pixels of a window follow one another, and windows have targets.
struct GatherRegion {
  let firstImage: Int
  let images: Int
  let firstRow: Int
  let endRow: Int
  /// Pixels that are computed.
  let pixels: Int
  /// Offsets from the region's first pixel in the source.
  let sourceOffsets: UnsafePointer<Int32>
  /// Where the region starts in the target.
  let targetBase: Int
  /// Offsets from there.
  let targetOffsets: UnsafePointer<Int32>
  private let plan: GatherPlan

  /// Region `index` of a plan, with its tables at the start of `scratch`.
  @inline(__always)
  init(
    _ plan: GatherPlan, _ geometry: Conv2dGeometry, _ pass: ConvolutionPass, index: Int,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    self.plan = plan
    firstImage = index / plan.regionsPerImage * plan.imagesPerRegion
    images = min(plan.imagesPerRegion, plan.batch - firstImage)
    firstRow = index % plan.regionsPerImage * plan.rowsPerRegion
    endRow = min(firstRow + plan.rowsPerRegion, plan.vertical.positions)
    pixels = images * (endRow - firstRow) * plan.horizontal.positions

    let tables = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Int32.self)
    sourceOffsets = UnsafePointer(tables)
    targetOffsets = UnsafePointer(tables + plan.regionPixels)
    let scale = plan.pools ? 2 : 1
    let targetHeight = (pass == .forward ? geometry.outputHeight : geometry.inputHeight) / scale
    let targetWidth = (pass == .forward ? geometry.outputWidth : geometry.inputWidth) / scale
    let vertical = plan.vertical
    let horizontal = plan.horizontal
    let targetRow = vertical.targetFirst + firstRow / scale * vertical.targetStep
    targetBase =
      ((firstImage * targetHeight + targetRow) * targetWidth + horizontal.targetFirst)
      * plan.targetChannels

    let layout = plan.source
    let sourceStep = horizontal.positionStep * layout.pixelStride
    let sourceRowStep = vertical.positionStep * layout.rowStride
    var sources = tables
    var targets = tables + plan.regionPixels
    var image = 0
    while image < images {
      var row = 0
      while row < endRow - firstRow {
        var source = image * layout.imageStride + row * sourceRowStep
        var target =
          (image * targetHeight + row / scale * vertical.targetStep) * targetWidth * plan.targetChannels
        var column = 0
        while column < horizontal.positions {
          sources[0] = Int32(truncatingIfNeeded: source)
          if plan.pools {
            sources[1] = Int32(truncatingIfNeeded: source + sourceStep)
            sources[2] = Int32(truncatingIfNeeded: source + sourceRowStep)
            sources[3] = Int32(truncatingIfNeeded: source + sourceRowStep + sourceStep)
          }
          targets[0] = Int32(truncatingIfNeeded: target)
          sources += scale * scale
          targets += 1
          source += scale * sourceStep
          target += horizontal.targetStep * plan.targetChannels
          column += scale
        }
        row += scale
      }
      image += 1
    }
  }

  /// Where the region's first pixel has its first tap, in the source or in a copy made for it.
  @inline(__always)
  func source(_ operands: GatherOperands, copy: UnsafeMutablePointer<Float>) -> UnsafePointer<Float> {
    let layout = plan.source
    if plan.copies {
      layout.copy(
        operands.source, argmax: operands.sourceArgmax, plan.vertical, plan.horizontal,
        firstImage: firstImage, images: images, firstRow: firstRow, endRow: endRow, to: copy)
      return UnsafePointer(copy)
    }
    if plan.depth == 0 { return operands.source }
    return operands.source + firstImage * layout.imageStride
      + (firstRow * plan.vertical.positionStep - plan.vertical.before) * layout.rowStride
      - plan.horizontal.before * layout.pixelStride
  }
}
