/// A map that differs by channel, (x - mean) · scale + shift: three rows of as many floats as there are
/// channels.
public struct ChannelMap {
  public let mean: UnsafePointer<Float>
  public let scale: UnsafePointer<Float>
  public let shift: UnsafePointer<Float>

  public init(mean: UnsafePointer<Float>, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>) {
    self.mean = mean
    self.scale = scale
    self.shift = shift
  }
}
