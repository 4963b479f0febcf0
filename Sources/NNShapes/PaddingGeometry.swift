/// What stands around a map that a layer makes larger, as `padding_mode` and the padding layers say.
public enum PaddingMode: String, Hashable, Sendable, CaseIterable {
  /// A constant, 0 unless the layer says another.
  case zeros
  /// The map mirrored at its first and last element, which are not repeated.
  case reflect
  /// The nearest element of the edge.
  case replicate
  /// The map over and over again.
  case circular
}

/// One axis of a padded map: output position o holds input position o - before, or what ``mode`` puts
/// there. Negative amounts cut elements off.
///
/// Source: PyTorch, `aten/src/ATen/native/PadNd.cpp`, `ReflectionPad.cpp`.
public struct PaddingGeometry: Hashable, Sendable {
  /// Elements added in front (left, top); negative ones are cut off.
  public var before: Int
  /// Elements added behind (right, bottom); negative ones are cut off.
  public var after: Int
  public var mode: PaddingMode

  public init(before: Int, after: Int, mode: PaddingMode) {
    self.before = before
    self.after = after
    self.mode = mode
  }

  /// No change.
  public static let none = PaddingGeometry(before: 0, after: 0, mode: .zeros)

  /// before + size + after; below 0 where more is cut off than there is.
  public func outputSize(of size: Int) -> Int { before + size + after }

  /// The largest amount on either side that `mode` can fill from `size` elements: size - 1 mirrored,
  /// what is not cut off in a circle, any from the edge.
  public func limit(of size: Int) -> Int {
    switch mode {
    case .zeros: .max
    case .reflect: size - 1
    case .replicate: size > 0 ? .max : 0
    case .circular: size + min(before, 0) + min(after, 0)
    }
  }

  /// The input position of output position `output`, 0 ..< outputSize; nil where the constant stands.
  @inlinable
  public func source(of output: Int, size: Int) -> Int? {
    if mode == .circular {
      // What is cut off does not come round again.
      let (first, count) = (max(-before, 0), size + min(before, 0) + min(after, 0))
      let position = output - max(before, 0)
      return first + (position < 0 ? position + count : position < count ? position : position - count)
    }
    let position = output - before
    if position >= 0 && position < size { return position }
    switch mode {
    case .zeros, .circular: return nil
    case .reflect: return position < 0 ? -position : 2 * (size - 1) - position
    case .replicate: return position < 0 ? 0 : size - 1
    }
  }
}
