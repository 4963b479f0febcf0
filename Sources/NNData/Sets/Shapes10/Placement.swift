/// A figure at a place, in a size, turned.
struct Placement {
  /// The figure's radius in hundredths of the image's side.
  private static let radius = 28...40
  /// How far its centre may lie from the image's, either way, in hundredths of the side.
  private static let reach = 12

  private let figure: Figure
  private let centerX: Int
  private let centerY: Int
  /// No point of the figure is further from the centre, across or down.
  private let bound: Int
  /// The turn's cosine and sine over the radius, times 2^28.
  private let cosine: Int
  private let sine: Int

  /// A random placement in an image of `side` 256ths of a pixel.
  init(figure: Figure, side: Int, random: inout SplitMix64) {
    self.figure = figure
    let radius = random.within((side * Self.radius.lowerBound / 100)...(side * Self.radius.upperBound / 100))
    let reach = side * Self.reach / 100
    centerX = side / 2 + random.within(-reach...reach)
    centerY = side / 2 + random.within(-reach...reach)
    let turn = Turn(parameter: random.within(-figure.turnLimit...figure.turnLimit))
    bound = radius * Figure.extent / 1024
    cosine = (turn.cosine << 16) / radius
    sine = (turn.sine << 16) / radius
  }

  /// How many of four points of the pixel around (x, y) the figure covers.
  func coverage(_ x: Int, _ y: Int) -> Int {
    let (dx, dy) = (x - centerX, y - centerY)
    guard abs(dx) <= bound + 64, abs(dy) <= bound + 64 else { return 0 }
    return covers(dx - 64, dy - 64) + covers(dx + 64, dy - 64) + covers(dx - 64, dy + 64)
      + covers(dx + 64, dy + 64)
  }

  /// 1 where the point at this distance from the centre belongs to the figure, else 0.
  private func covers(_ dx: Int, _ dy: Int) -> Int {
    figure.contains((dx * cosine + dy * sine) >> 18, (dy * cosine - dx * sine) >> 18) ? 1 : 0
  }
}

/// A rotation without trigonometry: cos = (1 - t²)/(1 + t²), sin = 2t/(1 + t²), with t the tangent
/// of half the angle. Both times 4096.
struct Turn {
  let cosine: Int
  let sine: Int

  /// `parameter` is 1024·t; from -1024 to 1024 it runs from -90° to 90°, 128 is 14°.
  init(parameter: Int) {
    let square = parameter * parameter
    let sum = 1024 * 1024 + square
    cosine = 4096 * (1024 * 1024 - square) / sum
    sine = 4096 * 2 * 1024 * parameter / sum
  }
}
