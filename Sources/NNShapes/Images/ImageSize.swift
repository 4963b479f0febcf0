// The sizes of transformed images, as torchvision works them out.

extension Shape {
  /// Height and width of an image (C, H, W).
  public var imageSize: Size2d { Size2d(self[1], self[2]) }
}

extension Size2d {
  /// The size with a border around it; nil where it does not fit in an `Int`.
  public func padded(by border: ImageBorder) -> Size2d? {
    guard let width = sum(width, border.left, border.right),
      let height = sum(height, border.top, border.bottom)
    else { return nil }
    return Size2d(height, width)
  }

  /// `Resize(size, max_size=…)`: the shorter edge becomes `shortEdge` and the other keeps the ratio,
  /// ⌊shortEdge · long / short⌋, unless it would be longer than `maximum`: then that becomes `maximum`.
  /// Nil where it does not fit in an `Int`.
  public func resized(shortEdge: Int, maximum: Int?) -> Size2d? {
    let (short, long) = (min(width, height), max(width, height))
    guard short > 0, let other = quotient(shortEdge, long, short) else { return nil }
    var edges = (short: shortEdge, long: other)
    if let maximum, edges.long > maximum {
      guard let shorter = quotient(maximum, edges.short, edges.long) else { return nil }
      edges = (shorter, maximum)
    }
    return width <= height ? Size2d(edges.long, edges.short) : Size2d(edges.short, edges.long)
  }

  /// The border that `pad_if_needed` puts around an image that is smaller than a crop: what is missing
  /// on an axis, on both of its sides.
  public func missing(for crop: Size2d) -> ImageBorder {
    let (x, y) = (max(crop.width - width, 0), max(crop.height - height, 0))
    return ImageBorder(left: x, top: y, right: x, bottom: y)
  }

  /// The border that `CenterCrop` puts around an image that is smaller than the crop: an odd pixel goes
  /// right and below.
  public func centered(for crop: Size2d) -> ImageBorder {
    let (x, y) = (max(crop.width - width, 0), max(crop.height - height, 0))
    return ImageBorder(left: x / 2, top: y / 2, right: (x + 1) / 2, bottom: (y + 1) / 2)
  }
}

private func sum(_ a: Int, _ b: Int, _ c: Int) -> Int? {
  let (first, overflow) = a.addingReportingOverflow(b)
  let (second, overflowAgain) = first.addingReportingOverflow(c)
  return overflow || overflowAgain ? nil : second
}

/// Python's `int(a * b / c)`.
private func quotient(_ a: Int, _ b: Int, _ c: Int) -> Int? {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  return overflow ? nil : Int(exactly: (Double(product) / Double(c)).rounded(.towardZero))
}
