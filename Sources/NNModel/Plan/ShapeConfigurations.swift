import NNShapes

// The arguments of layers that move values, and of those that look them up.

/// `Linear(in_features, out_features, bias=True)`.
public struct LinearConfiguration: Hashable, Sendable {
  public var inFeatures: Int
  public var outFeatures: Int
  public var bias: Bool
}

/// `PReLU(num_parameters=1, init=0.25)`.
public struct PReLUConfiguration: Hashable, Sendable {
  public var numParameters: Int
  public var initialValue: Double
}

/// `Embedding(num_embeddings, embedding_dim, padding_idx=None)`.
public struct EmbeddingConfiguration: Hashable, Sendable {
  public var count: Int
  public var dimension: Int
  /// The row of zeros that is not trained, counted from 0.
  public var paddingIndex: Int?
}

/// `Unflatten(dim, unflattened_size)`.
public struct UnflattenConfiguration: Hashable, Sendable {
  public var dim: Int
  /// One of them may be -1: what is left.
  public var sizes: [Int]
}

/// `ZeroPad2d(padding)`, `ConstantPad2d(padding, value)`, `ReflectionPad2d`, `ReplicationPad2d`,
/// `CircularPad2d`.
public struct PaddingConfiguration: Hashable, Sendable {
  public var vertical: PaddingGeometry
  public var horizontal: PaddingGeometry
  /// What stands there in mode zeros.
  public var value: Double
}

/// `PixelShuffle(upscale_factor)`, or with `isInverse` `PixelUnshuffle(downscale_factor)`.
public struct PixelShuffleConfiguration: Hashable, Sendable {
  public var factor: Int
  public var isInverse: Bool
}

/// `Upsample(size=None, scale_factor=None, mode='nearest', align_corners=None)`.
public struct UpsampleConfiguration: Hashable, Sendable {
  public enum Target: Hashable, Sendable {
    case size(Size2d)
    case factor(height: Double, width: Double)
  }

  public enum Mode: String, Hashable, Sendable, CaseIterable { case nearest, bilinear }

  public var target: Target
  /// How many numbers the target was written with; 0 for one that stands for all axes.
  public var written: Int
  public var mode: Mode
  public var alignCorners: Bool
}

/// `Dropout1d(p)`, `Dropout2d(p)`: whole channels.
public struct ChannelDropoutConfiguration: Hashable, Sendable {
  public var axes: SpatialAxes
  public var p: Double
}
