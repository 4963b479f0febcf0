import NNKernelInterface

// Sums over the rows of (rows, channels), and maps of it that differ by channel: what batch normalisation is
// made of. Four running sums a vector, so that additions overlap; their order depends on `rows` alone.
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
    rows: Int, channels: Int, gradient: UnsafePointer<Float>, input: UnsafePointer<Float>,
    mean: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>, products: UnsafeMutablePointer<Float>
  ) {
    var channel = 0
    while channel < channels {
      let width = min(lanes, channels - channel)
      let center = load(mean + channel, upTo: width)
      var (s0, s1) = (Vector(repeating: 0), Vector(repeating: 0))
      var (p0, p1) = (s0, s1)
      var (dy, x) = (gradient + channel, input + channel)
      let end = dy + rows * channels
      while dy + channels < end {
        let (a, b) = (load(dy, upTo: width), load(dy + channels, upTo: width))
        s0 += a
        s1 += b
        p0 = multiplyAdd(a, load(x, upTo: width) - center, p0)
        p1 = multiplyAdd(b, load(x + channels, upTo: width) - center, p1)
        dy += 2 * channels
        x += 2 * channels
      }
      if dy < end {
        let a = load(dy, upTo: width)
        s0 += a
        p0 = multiplyAdd(a, load(x, upTo: width) - center, p0)
      }
      store(s0 + s1, to: sums + channel, upTo: width)
      store(p0 + p1, to: products + channel, upTo: width)
      channel += lanes
    }
  }

  public static func channelNormalize(
    rows: Int, channels: Int, map: ChannelMap, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    var row = 0
    while row < rows {
      let (x, y) = (input + row * channels, output + row * channels)
      var channel = 0
      while channel + lanes <= channels {
        let distance = load(x + channel) - load(map.mean + channel)
        store(
          multiplyAdd(distance, load(map.scale + channel), load(map.shift + channel)), to: y + channel)
        channel += lanes
      }
      while channel < channels {
        y[channel] = (x[channel] - map.mean[channel]) * map.scale[channel] + map.shift[channel]
        channel += 1
      }
      row += 1
    }
  }

  public static func channelNormalizeBackward(
    rows: Int, channels: Int, map: ChannelMap, factor: UnsafePointer<Float>, gradient: UnsafePointer<Float>,
    input: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
  ) {
    var row = 0
    while row < rows {
      let (dy, x, dx) = (gradient + row * channels, input + row * channels, inputGradient + row * channels)
      var channel = 0
      while channel + lanes <= channels {
        let distance = load(x + channel) - load(map.mean + channel)
        let inner = multiplyAdd(
          distance, load(factor + channel), load(dy + channel) - load(map.shift + channel))
        store(inner * load(map.scale + channel), to: dx + channel)
        channel += lanes
      }
      while channel < channels {
        let inner = dy[channel] - map.shift[channel] + (x[channel] - map.mean[channel]) * factor[channel]
        dx[channel] = inner * map.scale[channel]
        channel += 1
      }
      row += 1
    }
  }
}
