import NNShapes

/// The order in which a tensor's values lie in memory. The shape is (N, C, H, W) either way.
public enum MemoryFormat: Sendable {
  /// The last dimension varies fastest: PyTorch's default.
  case contiguous
  /// (N, C, H, W) lies as (N, H, W, C), and (C, H, W) as (H, W, C). Other ranks are contiguous.
  case channelsLast
}

/// A shape seen as (N, C, plane): what the two memory formats order differently.
struct ChannelLayout {
  /// N; 1 without a batch dimension.
  let batch: Int
  /// C.
  let channels: Int
  /// H·W.
  let plane: Int

  /// The layout of a shape with 3 or 4 dimensions; others count as one channel.
  init(_ shape: Shape) {
    switch shape.rank {
    case 4: (batch, channels, plane) = (shape[0], shape[1], shape[2] * shape[3])
    case 3: (batch, channels, plane) = (1, shape[0], shape[1] * shape[2])
    default: (batch, channels, plane) = (1, 1, shape.elementCount)
    }
  }

  /// Both formats order the values alike.
  var isTheSameInBothFormats: Bool { channels <= 1 || plane <= 1 }

  /// Calls `body` with the position in channels-last order of each value, in contiguous order.
  func forEachChannelsLastOffset(_ body: (Int) -> Void) {
    for image in 0..<batch {
      for channel in 0..<channels {
        for pixel in 0..<plane { body((image * plane + pixel) * channels + channel) }
      }
    }
  }
}
