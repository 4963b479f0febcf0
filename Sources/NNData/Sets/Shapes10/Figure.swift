/// The ten figures, as regions of the plane around the origin.
///
/// Coordinates are integers, 1024 to the figure's radius; y points down, as rows do.
enum Figure: CaseIterable {
  case circle, square, triangle, diamond, cross, ring, star, horizontalStripes, verticalStripes,
    checkerboard

  /// The largest distance of a figure's point from the origin: that of the larger squares' corners.
  static let extent = 1217

  var name: String {
    switch self {
    case .circle: "circle"
    case .square: "square"
    case .triangle: "triangle"
    case .diamond: "diamond"
    case .cross: "cross"
    case .ring: "ring"
    case .star: "star"
    case .horizontalStripes: "horizontal stripes"
    case .verticalStripes: "vertical stripes"
    case .checkerboard: "checkerboard"
    }
  }

  /// How far the figure may be turned either way, as a ``Turn``'s parameter: a turned square would be
  /// a diamond, and turned stripes the other kind of stripes; a circle has no angle.
  var turnLimit: Int {
    switch self {
    case .circle, .ring: 0
    case .square, .diamond, .horizontalStripes, .verticalStripes, .checkerboard, .cross: 128
    case .triangle, .star: 1024
    }
  }

  /// Whether the point (x, y) belongs to the figure.
  func contains(_ x: Int, _ y: Int) -> Bool {
    switch self {
    case .circle:
      return x * x + y * y <= 900 * 900
    case .square:
      return max(abs(x), abs(y)) <= 800
    case .triangle:
      // Equilateral, a corner up: the lower side at half the radius, the slopes at √3.
      return y <= 512 && 1774 * abs(x) <= 1024 * (y + 1024)
    case .diamond:
      return 3 * abs(x) + 2 * abs(y) <= 2 * 1024
    case .cross:
      return min(abs(x), abs(y)) <= 260 && max(abs(x), abs(y)) <= 960
    case .ring:
      let square = x * x + y * y
      return square <= 960 * 960 && square >= 560 * 560
    case .star:
      return isInStar(x, y)
    case .horizontalStripes:
      return max(abs(x), abs(y)) <= 860 && isEvenBand(y)
    case .verticalStripes:
      return max(abs(x), abs(y)) <= 860 && isEvenBand(x)
    case .checkerboard:
      return max(abs(x), abs(y)) <= 860 && isEvenBand(x) == isEvenBand(y)
    }
  }

  /// Five bands over the width of a figure, the first, third and fifth of them even.
  private func isEvenBand(_ coordinate: Int) -> Bool { (coordinate + 860) / 344 & 1 == 0 }

  /// A five-pointed star: the points on the inner side of at least four of the five lines through
  /// the pentagram. The lines lie at cos 72° of the radius from the centre.
  private func isInStar(_ x: Int, _ y: Int) -> Bool {
    var inside = 0
    for (normalX, normalY) in Figure.starNormals where x * normalX + y * normalY <= 316 * 1024 {
      inside += 1
    }
    return inside >= 4
  }

  /// Unit vectors at 90° + 72°·k, times 1024.
  private static let starNormals = [(0, 1024), (-974, 316), (-602, -828), (602, -828), (974, 316)]
}
