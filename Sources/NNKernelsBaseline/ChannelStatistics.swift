import NNKernelInterface

// Sums over the rows of (rows, channels). Four running sums a vector, so that additions overlap; their order
// depends on `rows` alone.
extension VectorKernels {
  public static func channelSums(
    rows: Int, channels: Int, input: UnsafePointer<Float>, shift: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel < channels {
      let width = min(lanes, channels - channel)
      let offset = load(shift + channel, upTo: width)
      var (s0, s1) = (Vector(repeating: 0), Vector(repeating: 0))
      var (s2, s3) = (s0, s1)
      var row = input + channel
      let end = row + rows * channels
      while row + 3 * channels < end {
        s0 += load(row, upTo: width) - offset
        s1 += load(row + channels, upTo: width) - offset
        s2 += load(row + 2 * channels, upTo: width) - offset
        s3 += load(row + 3 * channels, upTo: width) - offset
        row += 4 * channels
      }
      while row < end {
        s0 += load(row, upTo: width) - offset
        row += channels
      }
      store((s0 + s1) + (s2 + s3), to: output + channel, upTo: width)
      channel += lanes
    }
  }

  public static func channelSquares(
    rows: Int, channels: Int, input: UnsafePointer<Float>, mean: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    @inline(__always) func square(_ row: UnsafePointer<Float>, _ width: Int, _ mean: Vector, _ sum: Vector)
      -> Vector
    {
      let distance = load(row, upTo: width) - mean
      return multiplyAdd(distance, distance, sum)
    }
    var channel = 0
    while channel < channels {
      let width = min(lanes, channels - channel)
      let center = load(mean + channel, upTo: width)
      var (s0, s1) = (Vector(repeating: 0), Vector(repeating: 0))
      var (s2, s3) = (s0, s1)
      var row = input + channel
      let end = row + rows * channels
      while row + 3 * channels < end {
        s0 = square(row, width, center, s0)
        s1 = square(row + channels, width, center, s1)
        s2 = square(row + 2 * channels, width, center, s2)
        s3 = square(row + 3 * channels, width, center, s3)
        row += 4 * channels
      }
      while row < end {
        s0 = square(row, width, center, s0)
        row += channels
      }
      store((s0 + s1) + (s2 + s3), to: output + channel, upTo: width)
      channel += lanes
    }
  }

  public static func channelProducts(
    rows: Int, channels: Int, map: ChannelMap, relu: Bool, gradient: UnsafePointer<Float>,
    input: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>, products: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel < channels {
      let width = min(lanes, channels - channel)
      let center = load(map.mean + channel, upTo: width)
      let scale = load(map.scale + channel, upTo: width)
      let shift = load(map.shift + channel, upTo: width)
      var (s0, s1) = (Vector(repeating: 0), Vector(repeating: 0))
      var (p0, p1) = (s0, s1)
      var (dy, x) = (gradient + channel, input + channel)
      let end = dy + rows * channels
      // Of values alone: a captured variable would be an object on the heap where the compiler calls this.
      @inline(__always) func take(
        _ gradient: Vector, _ value: Vector, _ sum: inout Vector, _ product: inout Vector
      ) {
        let distance = value - center
        let isOff = multiplyAdd(distance, scale, shift) .<= 0
        let g = relu ? gradient.replacing(with: 0, where: isOff) : gradient
        sum += g
        product = multiplyAdd(g, distance, product)
      }
      while dy + channels < end {
        take(load(dy, upTo: width), load(x, upTo: width), &s0, &p0)
        take(load(dy + channels, upTo: width), load(x + channels, upTo: width), &s1, &p1)
        dy += 2 * channels
        x += 2 * channels
      }
      if dy < end { take(load(dy, upTo: width), load(x, upTo: width), &s0, &p0) }
      store(s0 + s1, to: sums + channel, upTo: width)
      store(p0 + p1, to: products + channel, upTo: width)
      channel += lanes
    }
  }
}
