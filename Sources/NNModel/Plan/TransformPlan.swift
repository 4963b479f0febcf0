import NNDiagnostics
import NNShapes

/// One transform of a data set.
public struct TransformPlan: Hashable, Sendable {
  public var configuration: TransformConfiguration
  /// As the file has it, in `.nn` spelling: `RandomCrop(32, padding=4)`.
  public var text: String
  /// The call in the file; of a `ToTensor` that is implied, what it is implied by.
  public var span: Span
  /// True of a `ToTensor` that the file does not have.
  public var isImplied = false
}

/// What a transform is, every argument resolved and every default filled in.
///
/// Exhaustive: the trainer's builder switches over it, and ``rules`` below.
public enum TransformConfiguration: Hashable, Sendable {
  case toTensor
  case normalize(NormalizeConfiguration)
  case randomCrop(RandomCropConfiguration)
  case randomHorizontalFlip(p: Double)
  case randomVerticalFlip(p: Double)
  case centerCrop(Size2d)
  case resize(ResizeConfiguration)
  case pad(PadConfiguration)
  case randomErasing(RandomErasingConfiguration)
  case colorJitter(ColorJitterConfiguration)
  case grayscale(channels: Int)

  /// Shapes and stages of the transform.
  var rules: any TransformRules {
    switch self {
    case .toTensor: ToTensorRules()
    case .normalize(let configuration): configuration
    case .randomCrop(let configuration): configuration
    case .randomHorizontalFlip, .randomVerticalFlip: RandomFlipRules()
    case .centerCrop(let size): CenterCropRules(size: size)
    case .resize(let configuration): configuration
    case .pad(let configuration): configuration
    case .randomErasing(let configuration): configuration
    case .colorJitter(let configuration): configuration
    case .grayscale(let channels): GrayscaleRules(outputChannels: channels)
    }
  }

  /// True for those that act only while a split is trained on.
  public var isRandom: Bool { rules.isRandom }

  /// The shape of what it makes of an image (C, H, W), which the checker has found it to take.
  public func output(of image: Shape) -> Shape { rules.output(of: image) }
}

/// `Normalize(mean, std)`: one number for all channels, or one for each.
public struct NormalizeConfiguration: Hashable, Sendable {
  public var mean: [Double]
  public var std: [Double]
}

/// `RandomCrop(size, padding=None, pad_if_needed=False, fill=0, padding_mode='constant')`.
public struct RandomCropConfiguration: Hashable, Sendable {
  public var size: Size2d
  public var padding: ImageBorder?
  public var padIfNeeded: Bool
  /// One number for all channels, or one for each.
  public var fill: [Double]
  public var mode: BorderMode
}

/// `Resize(size, interpolation='bilinear', max_size=None, antialias=True)`.
public struct ResizeConfiguration: Hashable, Sendable {
  public enum Target: Hashable, Sendable {
    /// The shorter edge; the other one keeps the ratio, and is `maximum` at most.
    case shortEdge(Int, maximum: Int?)
    case size(Size2d)
  }

  public var target: Target
  public var interpolation: Interpolation
  public var antialias: Bool
}

/// `Pad(padding, fill=0, padding_mode='constant')`.
public struct PadConfiguration: Hashable, Sendable {
  public var border: ImageBorder
  /// One number for all channels, or one for each.
  public var fill: [Double]
  public var mode: BorderMode
}

/// `RandomErasing(p=0.5, scale=(0.02, 0.33), ratio=(0.3, 3.3), value=0)`.
public struct RandomErasingConfiguration: Hashable, Sendable {
  public var p: Double
  /// (smallest, largest).
  public var scale: [Double]
  public var ratio: [Double]
  /// One number for all channels, or one for each; nil for noise.
  public var value: [Double]?
}

/// `ColorJitter(brightness=0, contrast=0, saturation=0, hue=0)`: (smallest, largest) factor of each; nil
/// for what stays as it is.
public struct ColorJitterConfiguration: Hashable, Sendable {
  public var brightness: [Double]?
  public var contrast: [Double]?
  public var saturation: [Double]?
  public var hue: [Double]?
}
