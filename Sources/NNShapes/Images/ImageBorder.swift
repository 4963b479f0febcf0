/// How many pixels are added on each side of an image, in torchvision's order.
public struct ImageBorder: Hashable, Sendable {
  public var left: Int
  public var top: Int
  public var right: Int
  public var bottom: Int

  public init(left: Int, top: Int, right: Int, bottom: Int) {
    self.left = left
    self.top = top
    self.right = right
    self.bottom = bottom
  }

  /// torchvision's `padding`: one number for all sides, two for (left and right, top and bottom), four
  /// for (left, top, right, bottom). Nil for any other count.
  public init?(_ padding: [Int]) {
    switch padding.count {
    case 1: self.init(left: padding[0], top: padding[0], right: padding[0], bottom: padding[0])
    case 2: self.init(left: padding[0], top: padding[1], right: padding[0], bottom: padding[1])
    case 4: self.init(left: padding[0], top: padding[1], right: padding[2], bottom: padding[3])
    default: return nil
    }
  }
}

/// What a border is filled with: `padding_mode`.
public enum BorderMode: String, CaseIterable, Hashable, Sendable {
  /// A value.
  case constant
  /// The last pixel of the row or column.
  case edge
  /// The image mirrored at its last pixel: `c b | a b c | b a`.
  case reflect
  /// The image mirrored behind its last pixel: `b a | a b c | c b`.
  case symmetric

  /// Which pixel of an axis of `size` lies at `position`, where 0 ..< `size` are the axis itself; nil
  /// for the value of ``constant``. Mirror images go on without end, as in `numpy.pad`.
  public func source(of position: Int, size: Int) -> Int? {
    if position >= 0 && position < size { return position }
    switch self {
    case .constant: return nil
    case .edge: return min(max(position, 0), size - 1)
    case .reflect:
      guard size > 1 else { return 0 }
      let place = position.remainder(of: 2 * (size - 1))
      return place < size ? place : 2 * (size - 1) - place
    case .symmetric:
      let place = position.remainder(of: 2 * size)
      return place < size ? place : 2 * size - 1 - place
    }
  }
}

extension Int {
  /// The remainder that is never negative.
  fileprivate func remainder(of period: Int) -> Int {
    let rest = self % period
    return rest < 0 ? rest + period : rest
  }
}
