import NNShapes

/// Numbers read from a file or to be written to one: a shape and the elements in row-major order.
public struct NumericArray: Hashable, Sendable {
  /// The elements, in the type that the file keeps them in. Narrower types than these are widened
  /// when read: half precision to `Float`, 8 and 16 bit integers to `Int32`.
  public enum Storage: Hashable, Sendable {
    case float32([Float])
    case float64([Double])
    case int64([Int64])
    case int32([Int32])
    case uint8([UInt8])
    case bool([Bool])

    /// The number of elements.
    public var count: Int {
      switch self {
      case .float32(let values): values.count
      case .float64(let values): values.count
      case .int64(let values): values.count
      case .int32(let values): values.count
      case .uint8(let values): values.count
      case .bool(let values): values.count
      }
    }
  }

  public let shape: Shape
  public let storage: Storage

  /// Traps where the number of elements is not that of the shape.
  public init(shape: Shape, storage: Storage) {
    precondition(
      storage.count == shape.elementCount, "NumericArray: \(storage.count) elements of shape \(shape)")
    self.shape = shape
    self.storage = storage
  }

  /// A `Float` array.
  public init(shape: Shape, _ values: [Float]) { self.init(shape: shape, storage: .float32(values)) }

  /// An `Int64` array.
  public init(shape: Shape, integers values: [Int64]) {
    self.init(shape: shape, storage: .int64(values))
  }

  /// PyTorch's name of the element type: `float32`.
  public var dtype: String { storage.scalarType.name }

  /// The elements as `Float`: doubles are narrowed to the nearest, booleans are 0 and 1.
  public var floats: [Float] {
    switch storage {
    case .float32(let values): values
    case .float64(let values): values.map { Float($0) }
    case .int64(let values): values.map { Float($0) }
    case .int32(let values): values.map { Float($0) }
    case .uint8(let values): values.map { Float($0) }
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }

  /// The elements as `Int64`, or nil where the type is not an integer's.
  public var integers: [Int64]? {
    switch storage {
    case .float32, .float64, .bool: nil
    case .int64(let values): values
    case .int32(let values): values.map { Int64($0) }
    case .uint8(let values): values.map { Int64($0) }
    }
  }
}
