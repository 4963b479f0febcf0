/// Draws one image: ground, distractors, figure, noise. Integers throughout.
///
/// Positions count in 256ths of a pixel, colours 0 to 255.
struct Painter {
  private let size: Int
  private let channels: Int
  private var random: SplitMix64

  init(size: Int, channels: Int, random: SplitMix64) {
    self.size = size
    self.channels = channels
    self.random = random
  }

  /// Fills `image`, C·H·W bytes, plane after plane.
  mutating func paint(_ figure: Figure, into image: UnsafeMutableBufferPointer<UInt8>) {
    let side = size * 256
    let ground = Ground(random: &random)
    let distractors = (0..<random.within(Style.patches)).map { _ in
      Patch(side: side, ground: ground, random: &random)
    }
    let placement = Placement(figure: figure, side: side, random: &random)
    let brighter = random.below(100) < Style.brighterPercent
    let contrast = random.within(Style.contrast)
    let color = Color(
      gray: ground.middle + (brighter ? contrast : -contrast), tint: Style.tint, random: &random)
    for row in 0..<size {
      for column in 0..<size {
        var pixel = ground.color(row: row, column: column, size: size)
        let (x, y) = (column * 256 + 128, row * 256 + 128)
        for patch in distractors where patch.contains(x, y) { pixel = patch.color }
        let coverage = placement.coverage(x, y)
        if coverage > 0 { pixel = pixel.mixed(with: color, parts: coverage, of: 4) }
        store(pixel, at: row * size + column, in: image)
      }
    }
  }

  /// Writes a pixel with noise on each channel.
  private mutating func store(_ color: Color, at position: Int, in image: UnsafeMutableBufferPointer<UInt8>) {
    let bits = random.next()
    func noise(_ shift: UInt64) -> Int {
      (Int(bits >> shift & 31) + Int(bits >> (shift + 5) & 31) - 31) * Style.noise / 32
    }
    if channels == 1 {
      image[position] = clamped(color.luminance + noise(0))
    } else {
      image[position] = clamped(color.red + noise(0))
      image[position + size * size] = clamped(color.green + noise(10))
      image[position + 2 * size * size] = clamped(color.blue + noise(20))
    }
  }
}

private func clamped(_ value: Int) -> UInt8 { UInt8(max(0, min(255, value))) }

struct Color {
  var red: Int
  var green: Int
  var blue: Int

  init(red: Int, green: Int, blue: Int) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A grey with up to `tint` added to or taken from each channel.
  init(gray: Int, tint: Int, random: inout SplitMix64) {
    red = gray + random.within(-tint...tint)
    green = gray + random.within(-tint...tint)
    blue = gray + random.within(-tint...tint)
  }

  /// ITU-R BT.601: 0.299 R + 0.587 G + 0.114 B.
  var luminance: Int { (77 * red + 150 * green + 29 * blue) >> 8 }

  func mixed(with other: Color, parts: Int, of whole: Int) -> Color {
    Color(
      red: (red * (whole - parts) + other.red * parts) / whole,
      green: (green * (whole - parts) + other.green * parts) / whole,
      blue: (blue * (whole - parts) + other.blue * parts) / whole)
  }
}

/// The background: a colour that changes evenly from one corner of the image to the others.
private struct Ground {
  private let corner: Color
  private let slopeX: Color
  private let slopeY: Color

  init(random: inout SplitMix64) {
    corner = Color(gray: random.within(Style.groundGray), tint: Style.tint, random: &random)
    slopeX = Color(gray: random.within(Style.groundSlope), tint: Style.slopeTint, random: &random)
    slopeY = Color(gray: random.within(Style.groundSlope), tint: Style.slopeTint, random: &random)
  }

  func color(row: Int, column: Int, size: Int) -> Color {
    func value(_ base: Int, _ x: Int, _ y: Int) -> Int { base + (x * column + y * row) / size }
    return Color(
      red: value(corner.red, slopeX.red, slopeY.red), green: value(corner.green, slopeX.green, slopeY.green),
      blue: value(corner.blue, slopeX.blue, slopeY.blue))
  }

  /// The luminance in the middle of the image.
  var middle: Int { color(row: 1, column: 1, size: 2).luminance }
}

/// A distractor: a small rectangle of any colour, behind the figure.
private struct Patch {
  private let x: ClosedRange<Int>
  private let y: ClosedRange<Int>
  let color: Color

  init(side: Int, ground: Ground, random: inout SplitMix64) {
    let left = random.below(side)
    let top = random.below(side)
    x = left...(left + random.within((side / 16)...(side / 5)))
    y = top...(top + random.within((side / 16)...(side / 5)))
    color = Color(
      gray: ground.middle + random.within(Style.patchContrast), tint: Style.tint, random: &random)
  }

  func contains(_ x: Int, _ y: Int) -> Bool { self.x.contains(x) && self.y.contains(y) }
}

/// A figure at a place, in a size, turned.
private struct Placement {
  private let figure: Figure
  private let centerX: Int
  private let centerY: Int
  /// The turn's cosine and sine over the radius: 2^28 · cos / radius.
  private let cosine: Int
  private let sine: Int

  init(figure: Figure, side: Int, random: inout SplitMix64) {
    self.figure = figure
    let radius = max(
      64, random.within((side * Style.radius.lowerBound / 100)...(side * Style.radius.upperBound / 100)))
    let reach = side * Style.reach / 100
    centerX = side / 2 + random.within(-reach...reach)
    centerY = side / 2 + random.within(-reach...reach)
    let turn = Turn(parameter: random.within(-figure.turnLimit...figure.turnLimit))
    cosine = (turn.cosine << 16) / radius
    sine = (turn.sine << 16) / radius
  }

  /// How many of four points of the pixel around (x, y) the figure covers.
  func coverage(_ x: Int, _ y: Int) -> Int {
    var count = 0
    for (offsetX, offsetY) in [(-64, -64), (64, -64), (-64, 64), (64, 64)] {
      let (dx, dy) = (x + offsetX - centerX, y + offsetY - centerY)
      if figure.contains((dx * cosine + dy * sine) >> 18, (dy * cosine - dx * sine) >> 18) { count += 1 }
    }
    return count
  }
}
