// The arguments of the normalisation layers.

/// `BatchNorm2d(num_features, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)`, `BatchNorm1d`
/// and `InstanceNorm2d` likewise.
public struct BatchNormConfiguration: Hashable, Sendable {
  public var features: Int
  public var eps: Double
  /// The share of a batch in the running statistics; nil for the mean over all batches.
  public var momentum: Double?
  public var affine: Bool
  public var bias: Bool
  public var trackRunningStats: Bool
  /// The numbers of dimensions of an input: 2 and 3, or 4.
  public var ranks: [Int]
}

/// `LayerNorm(normalized_shape, eps=1e-05, elementwise_affine=True, bias=True)`, and `RMSNorm`, which takes
/// no mean off and has no bias.
public struct LayerNormConfiguration: Hashable, Sendable {
  public var shape: [Int]
  public var eps: Double
  public var affine: Bool
  public var bias: Bool
  /// The mean is taken off: LayerNorm.
  public var isCentered: Bool
}

/// `GroupNorm(num_groups, num_channels, eps=1e-05, affine=True)`.
public struct GroupNormConfiguration: Hashable, Sendable {
  public var groups: Int
  public var channels: Int
  public var eps: Double
  public var affine: Bool
  public var bias: Bool
}

/// `LocalResponseNorm(size, alpha=0.0001, beta=0.75, k=1.0)`.
public struct LocalResponseNormConfiguration: Hashable, Sendable {
  public var size: Int
  public var alpha: Double
  public var beta: Double
  public var k: Double
}
