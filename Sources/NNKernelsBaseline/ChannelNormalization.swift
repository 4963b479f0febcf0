import NNKernelInterface

// Maps of (rows, channels) that differ by channel: what batch normalisation makes of a value, and of its
// gradient.
extension VectorKernels {
  public static func channelNormalize(
    rows: Int, channels: Int, map: ChannelMap, relu: Bool, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    var row = 0
    while row < rows {
      let (x, y) = (input + row * channels, output + row * channels)
      var channel = 0
      while channel < channels {
        let width = min(lanes, channels - channel)
        let distance = load(x + channel, upTo: width) - load(map.mean + channel, upTo: width)
        var value = multiplyAdd(
          distance, load(map.scale + channel, upTo: width), load(map.shift + channel, upTo: width))
        if relu { value = value.replacing(with: 0, where: value .< 0) }
        store(value, to: y + channel, upTo: width)
        channel += lanes
      }
      row += 1
    }
  }

  public static func channelNormalizeBackward(
    rows: Int, channels: Int, map: ChannelMap, relu: Bool, factor: UnsafePointer<Float>,
    offset: UnsafePointer<Float>, gradient: UnsafePointer<Float>, input: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>
  ) {
    var row = 0
    while row < rows {
      let (dy, x, dx) = (gradient + row * channels, input + row * channels, inputGradient + row * channels)
      var channel = 0
      while channel < channels {
        let width = min(lanes, channels - channel)
        let distance = load(x + channel, upTo: width) - load(map.mean + channel, upTo: width)
        let scale = load(map.scale + channel, upTo: width)
        var g = load(dy + channel, upTo: width)
        if relu {
          let value = multiplyAdd(distance, scale, load(map.shift + channel, upTo: width))
          g = g.replacing(with: 0, where: value .<= 0)
        }
        let inner = multiplyAdd(
          distance, load(factor + channel, upTo: width), g - load(offset + channel, upTo: width))
        store(inner * scale, to: dx + channel, upTo: width)
        channel += lanes
      }
      row += 1
    }
  }
}
