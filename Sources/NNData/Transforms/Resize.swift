import NNShapes

/// `Resize(size, interpolation='bilinear', max_size=None, antialias=True)`: the image in another size,
/// (C, H, W) to (C, size), along the rows first, then along the columns.
///
/// Bytes are resized as Pillow does, always antialiased and rounded after each axis; floats as PyTorch's
/// `interpolate`.
public struct Resize: ImageTransform {
  private enum Method {
    /// Pixels are copied.
    case copy(PixelMap)
    case bytes(columns: ResampleAxis<Int32>, rows: ResampleAxis<Int32>)
    case floats(columns: ResampleAxis<Float>, rows: ResampleAxis<Float>)
  }

  private let method: Method
  private let input: Shape
  public let outputShape: Shape
  public var scratchCount: Int { input[0] * input[1] * outputShape[2] }

  /// Of images of `shape`, before `ToTensor` or after it.
  public init(
    to size: Size2d, _ interpolation: Interpolation, antialias: Bool, isTensor: Bool, of shape: Shape
  ) {
    input = shape
    outputShape = [shape[0], size.height, size.width]
    if isTensor {
      method = .floats(
        columns: ResampleAxis(interpolation, antialias: antialias, from: shape[2], to: size.width),
        rows: ResampleAxis(interpolation, antialias: antialias, from: shape[1], to: size.height))
    } else if interpolation == .nearest || interpolation == .nearestExact {
      var map = PixelMap(shape)
      map.rows = Resize.nearest(from: shape[1], to: size.height)
      map.columns = Resize.nearest(from: shape[2], to: size.width)
      method = .copy(map)
    } else {
      method = .bytes(
        columns: ResampleAxis(interpolation, from: shape[2], to: size.width),
        rows: ResampleAxis(interpolation, from: shape[1], to: size.height))
    }
  }

  /// Pillow's nearest pixels: it adds the scale up, index by index.
  private static func nearest(from input: Int, to output: Int) -> AxisMap {
    let scale = Double(input) / Double(output)
    var position = scale * 0.5
    var sources: [Int32] = []
    for _ in 0..<output {
      sources.append(Int32(min(Int(position), input - 1)))
      position += scale
    }
    return AxisMap(sources)
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<UInt8>) -> Bool {
    guard outputShape != input else { return false }
    switch method {
    case .copy(let map): map.apply(to: image)
    case .bytes(let columns, let rows):
      resample(image, columns, rows, from: Int32(1) << (ResampleAxis<Int32>.precision - 1)) {
        sum, pixel, weight in
        sum &+ Int32(pixel) &* weight
      } finish: {
        UInt8(min(max($0 >> ResampleAxis<Int32>.precision, 0), 255))
      }
    case .floats: preconditionFailure("Resize: bytes after ToTensor")
    }
    return true
  }

  public func apply(_ draw: TransformDraw, to image: PixelBuffers<Float>, noise: UnsafePointer<Float>)
    -> Bool
  {
    guard outputShape != input else { return false }
    guard case .floats(let columns, let rows) = method else {
      preconditionFailure("Resize: floats before ToTensor")
    }
    resample(image, columns, rows, from: Float(0)) { sum, pixel, weight in
      sum + pixel * weight
    } finish: {
      $0
    }
    return true
  }

  /// Both passes; one that leaves its axis as it is is left out. A sum begins at `start`.
  @inline(__always)
  private func resample<Pixel, Weight, Sum>(
    _ image: PixelBuffers<Pixel>, _ columns: ResampleAxis<Weight>, _ rows: ResampleAxis<Weight>,
    from start: Sum, add: (Sum, Pixel, Weight) -> Sum, finish: (Sum) -> Pixel
  ) {
    let (height, width, newWidth) = (input[1], input[2], outputShape[2])
    var source = image.source
    if newWidth != width {
      let target = height == outputShape[1] ? image.target : image.scratch
      columns.withRuns { starts, counts, weights in
        for line in 0..<input[0] * height {
          for column in 0..<newWidth {
            let (first, taps) = (line * width + starts[column], column * columns.reach)
            var sum = start
            for tap in 0..<counts[column] {
              sum = add(sum, source[first + tap], weights[taps + tap])
            }
            target[line * newWidth + column] = finish(sum)
          }
        }
      }
      source = UnsafePointer(target)
    }
    guard height != outputShape[1] else { return }
    rows.withRuns { starts, counts, weights in
      for channel in 0..<input[0] {
        for row in 0..<outputShape[1] {
          let (first, taps) = (channel * height + starts[row], row * rows.reach)
          let target = image.target + (channel * outputShape[1] + row) * newWidth
          for column in 0..<newWidth {
            var sum = start
            for tap in 0..<counts[row] {
              sum = add(sum, source[(first + tap) * newWidth + column], weights[taps + tap])
            }
            target[column] = finish(sum)
          }
        }
      }
    }
  }
}
