import NNShapes

/// Whether a layer slides over sequences, (N, C, L), or over images, (N, C, H, W). A sequence is
/// computed as an image of height 1.
public enum SpatialAxes: Int, Hashable, Sendable {
  case one = 1
  case two = 2

  /// `1d`, `2d`: the end of the names of such layers.
  var suffix: String { "\(rawValue)d" }

  /// The noun of messages: `sequences`, `images`.
  var inputs: String { self == .one ? "sequences" : "images" }
  /// `channels × length`, `channels × height × width`.
  var layout: String { self == .one ? "channels × length" : "channels × height × width" }
  /// What one value of a parameter stands for.
  var extent: String { self == .one ? "length" : "height and width" }

  /// A value as PyTorch prints a tuple of as many numbers as there are axes: `(3,)`, `(3, 3)`.
  func printed(_ size: Size2d) -> String { self == .one ? "(\(size.width),)" : size.description }

  /// The kind of a parameter with a value an axis.
  func kind(_ range: ClosedRange<Int>, singleton: Bool = false) -> Parameter.Kind {
    self == .one ? .tuple(.single(range)) : .pair(range, singleton: singleton)
  }

  /// The same, or one of these words.
  func kind(_ range: ClosedRange<Int>, or words: [String]) -> Parameter.Kind {
    self == .one ? .tupleOrChoice(.single(range), words) : .pairOrChoice(range, words)
  }

  /// `size` for each axis, written as one number.
  func value(_ size: Int) -> ParameterValue { self == .one ? .tuple([size], written: 0) : .both(size) }
}
