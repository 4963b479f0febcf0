import NNKernelInterface
import NNShapes

// A region's part of a feature map with zeros around it, and its values at the Winograd points.

/// Copies what the tiles of `region` read to `copy`, with zeros outside the map and in the channels
/// that fill up the last vector. A map behind a pooling gets its zeros back.
func copyWinogradSource(
  _ plan: WinogradPlan, _ region: WinogradRegion, _ source: ConvolutionOutputGradient,
  to copy: UnsafeMutablePointer<Float>
) {
  let (channels, stride, step) = (plan.mapChannels, plan.mapStride, plan.vertical.sourceStep)
  let width = plan.copyColumns
  let left = min(max(plan.horizontal.before, 0), width)
  let firstColumn = max(-plan.horizontal.before, 0)
  let columns = max(0, min(width - left, plan.horizontal.sourceSize - firstColumn))
  var image = 0
  while image < region.images {
    let map =
      source.values + (region.firstImage + image) * plan.vertical.sourceSize * plan.horizontal.sourceSize
      * channels
    var row = 0
    while row < step * (4 * region.tileRows + plan.points - 4) {
      let target = copy + image * plan.copyImageStride + row * plan.copyRowStride
      let sourceRow = 4 * step * region.firstTileRow + row - plan.vertical.before
      if sourceRow < 0 || sourceRow >= plan.vertical.sourceSize {
        zero(target, width * stride)
      } else {
        let line = map + (sourceRow * plan.horizontal.sourceSize + firstColumn) * channels
        zero(target, left * stride)
        if let argmax = source.argmax {
          if channels < stride { zero(target + left * stride, columns * stride) }
          PooledMap(
            source.values, argmax, plan.vertical.sourceSize, plan.horizontal.sourceSize, channels
          ).expand(
            image: region.firstImage + image, row: sourceRow, firstColumn: firstColumn,
            columns: columns, firstChannel: 0, channels: channels, to: target + left * stride,
            step: stride)
        } else if channels == stride {
          copyFloats(line, target + left * stride, columns * channels)
        } else {
          var column = 0
          if channels < lanes {
            // A vector reaches into the pixels behind, as long as there are some.
            let keep = firstLanes(channels)
            while (column * channels + lanes) <= columns * channels {
              let value = load(line + column * channels)
              store(
                Vector(repeating: 0).replacing(with: value, where: keep),
                to: target + (left + column) * stride)
              column += 1
            }
          }
          while column < columns {
            let pixel = target + (left + column) * stride
            copyFloats(line + column * channels, pixel, channels)
            zero(pixel + channels, stride - channels)
            column += 1
          }
        }
        zero(target + (left + columns) * stride, (width - left - columns) * stride)
      }
      row += 1
    }
    image += 1
  }
}

/// True in the first `count` lanes.
@inline(__always)
private func firstLanes(_ count: Int) -> VectorMask {
  var index = IntVector(repeating: 0)
  var lane = 0
  while lane < lanes {
    index[lane] = Int32(truncatingIfNeeded: lane)
    lane += 1
  }
  return index .< IntVector(repeating: Int32(truncatingIfNeeded: count))
}

/// The values at all points of all tiles of a region: v = Bᵀ · d · B, from the padded copy to
/// (point, tile, phase, channel).
@inline(__always)
func transformWinogradSource<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ region: WinogradRegion,
  _ copy: UnsafePointer<Float>, to values: UnsafeMutablePointer<Float>,
  _ between: UnsafeMutablePointer<Float>
) {
  let step = plan.vertical.sourceStep
  let (rowStep, columnStep) = (step * plan.copyRowStride, step * plan.mapStride)
  var tile = 0
  while tile < region.tiles {
    let (image, place) = (tile / region.tilesPerImage, tile % region.tilesPerImage)
    let patch =
      copy + image * plan.copyImageStride + place / region.tileColumns * 4 * rowStep
      + place % region.tileColumns * 4 * columnStep
    var phase = 0
    while phase < step * step {
      let source = patch + phase / step * plan.copyRowStride + phase % step * plan.mapStride
      let target = values + tile * plan.sourceStride + phase * plan.mapStride
      var channel = 0
      while channel < plan.mapStride {
        var column = 0
        while column < Points {
          lines.input(
            source + column * columnStep + channel, rowStep, between + column * lanes, Points * lanes)
          column += 1
        }
        var row = 0
        while row < Points {
          lines.input(
            between + row * Points * lanes, lanes,
            target + row * Points * plan.sourcePointStride + channel, plan.sourcePointStride)
          row += 1
        }
        channel += lanes
      }
      phase += 1
    }
    tile += 1
  }
}

/// The same for all tiles, region by region. `copy` has ``WinogradPlan/copyFloats``.
@inline(__always)
func transformWholeSource<let Points: Int>(
  _ lines: WinogradLines<Points>.Type, _ plan: WinogradPlan, _ source: ConvolutionOutputGradient,
  copy: UnsafeMutablePointer<Float>, to values: UnsafeMutablePointer<Float>,
  _ between: UnsafeMutablePointer<Float>
) {
  var index = 0
  while index < plan.regions {
    let region = plan.region(index)
    copyWinogradSource(plan, region, source, to: copy)
    transformWinogradSource(
      lines, plan, region, copy, to: values + plan.firstTile(region) * plan.sourceStride, between)
    index += 1
  }
}

/// The same values, (point, tile, channel), times the scales that the weights lack, to (row, channel, point,
/// tile).
func copyRowValues(
  _ plan: WinogradPlan, _ values: UnsafePointer<Float>, to rows: UnsafeMutablePointer<Float>
) {
  let tiles = plan.allTiles
  var point = 0
  while point < plan.tilePoints {
    let (y, x) = (point / plan.points, point % plan.points)
    let row = rows + y * plan.rowValueStride + x * tiles
    let scale = WinogradLines<6>.tapScale(ofPoint: y) * WinogradLines<6>.tapScale(ofPoint: x)
    var tile = 0
    while tile < tiles {
      let source = values + point * plan.sourcePointStride + tile * plan.sourceStride
      var channel = 0
      while channel < plan.sourceChannels {
        row[channel * plan.points * tiles + tile] = scale * source[channel]
        channel += 1
      }
      tile += 1
    }
    point += 1
  }
}
