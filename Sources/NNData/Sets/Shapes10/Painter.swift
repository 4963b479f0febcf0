/// Draws one image: ground, distractors, figure, noise. Integers throughout.
///
/// Positions count in 256ths of a pixel, colours 0 to 255, 0 black.
///
/// The ranges below set the difficulty. Dark ground and small contrasts keep the input's energy low:
/// a net without activations, trained an image at a time at a rate of 0.01, otherwise diverges.
struct Painter {
  /// The grey of the ground in the upper left corner, and its change to the other corners.
  private static let groundGray = 15...40
  private static let groundSlope = -10...10
  /// What is added to or taken from each channel of a grey, and of the ground's change.
  private static let tint = 10
  private static let slopeTint = 5
  /// How much brighter than the middle of the ground the figure is, and the distractors.
  private static let figureContrast = 35...55
  private static let distractorContrast = -15...25
  /// How many distractors there are.
  private static let distractors = 1...3
  /// The widest noise, either way.
  private static let noise = 10

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
    let corner = Color(gray: random.within(Self.groundGray), tint: Self.tint, random: &random)
    let across = Color(gray: random.within(Self.groundSlope), tint: Self.slopeTint, random: &random)
    let down = Color(gray: random.within(Self.groundSlope), tint: Self.slopeTint, random: &random)
    let ground = Ground(corner: corner, across: across, down: down, size: size)
    let middle = ground.middle.luminance
    let distractors = (0..<random.within(Self.distractors)).map { _ in
      Distractor(
        side: size * 256, gray: middle + random.within(Self.distractorContrast), tint: Self.tint,
        random: &random)
    }
    let placement = Placement(figure: figure, side: size * 256, random: &random)
    let color = Color(
      gray: middle + random.within(Self.figureContrast), tint: Self.tint, random: &random)
    for row in 0..<size {
      for column in 0..<size {
        let (x, y) = (column * 256 + 128, row * 256 + 128)
        var pixel = ground.color(row: row, column: column)
        for distractor in distractors where distractor.contains(x, y) { pixel = distractor.color }
        let coverage = placement.coverage(x, y)
        if coverage > 0 { pixel = pixel.mixed(with: color, quarters: coverage) }
        store(pixel, at: row * size + column, in: image)
      }
    }
  }

  /// Writes a pixel with noise of its own on each channel.
  private mutating func store(
    _ color: Color, at position: Int, in image: UnsafeMutableBufferPointer<UInt8>
  ) {
    let bits = random.next()
    // The sum of two numbers of 0 ... 31 less their mean, -31 ... 31, brought to the width.
    func noise(_ shift: UInt64) -> Int {
      (Int(bits >> shift & 31) + Int(bits >> (shift + 5) & 31) - 31) * Self.noise / 31
    }
    if channels == 1 {
      image[position] = clamped(color.luminance + noise(0))
    } else {
      let plane = size * size
      image[position] = clamped(color.red + noise(0))
      image[position + plane] = clamped(color.green + noise(10))
      image[position + 2 * plane] = clamped(color.blue + noise(20))
    }
  }
}

private func clamped(_ value: Int) -> UInt8 { UInt8(max(0, min(255, value))) }

/// A colour, or a difference of two: the channels may leave 0 ... 255 until they are stored.
private struct Color {
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

  /// This colour where `other` covers so many quarters of it.
  func mixed(with other: Color, quarters: Int) -> Color {
    Color(
      red: (red * (4 - quarters) + other.red * quarters) >> 2,
      green: (green * (4 - quarters) + other.green * quarters) >> 2,
      blue: (blue * (4 - quarters) + other.blue * quarters) >> 2)
  }
}

/// The background: a colour that changes evenly across and down.
private struct Ground {
  private let size: Int
  private let corner: Color
  /// The changes from one pixel to the next, times 65536.
  private let across: Color
  private let down: Color

  /// `across` and `down` are the changes over the whole image.
  init(corner: Color, across: Color, down: Color, size: Int) {
    func step(_ change: Color) -> Color {
      Color(
        red: change.red * 65536 / size, green: change.green * 65536 / size,
        blue: change.blue * 65536 / size)
    }
    self.size = size
    self.corner = corner
    self.across = step(across)
    self.down = step(down)
  }

  func color(row: Int, column: Int) -> Color {
    Color(
      red: corner.red + (across.red * column + down.red * row) >> 16,
      green: corner.green + (across.green * column + down.green * row) >> 16,
      blue: corner.blue + (across.blue * column + down.blue * row) >> 16)
  }

  /// The colour in the middle of the image.
  var middle: Color { color(row: size / 2, column: size / 2) }
}

/// A small rectangle behind the figure, which means nothing.
private struct Distractor {
  private let x: ClosedRange<Int>
  private let y: ClosedRange<Int>
  let color: Color

  init(side: Int, gray: Int, tint: Int, random: inout SplitMix64) {
    let left = random.below(side)
    let top = random.below(side)
    x = left...(left + random.within((side / 16)...(side / 5)))
    y = top...(top + random.within((side / 16)...(side / 5)))
    color = Color(gray: gray, tint: tint, random: &random)
  }

  func contains(_ x: Int, _ y: Int) -> Bool { self.x.contains(x) && self.y.contains(y) }
}
