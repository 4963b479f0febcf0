import NNShapes

/// Int64 values with a shape, always contiguous: class labels, and the indices of max pooling.
/// Copying it copies a handle.
public struct IndexTensor {
  public let shape: Shape
  let storage: Storage

  init(storage: Storage, _ shape: Shape) {
    self.storage = storage
    self.shape = shape
  }

  /// An index tensor with memory of its own. Traps where the number of values is not the shape's.
  public init(_ values: some Collection<Int64>, _ shape: Shape) {
    precondition(values.count == shape.elementCount, "IndexTensor: \(values.count) values for \(shape)")
    let storage = Storage(byteCount: values.count * MemoryLayout<Int64>.stride)
    self.init(storage: storage, shape)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  /// The number of elements.
  public var count: Int { shape.elementCount }

  /// The first value. Valid as long as the tensor is.
  public var pointer: UnsafeMutablePointer<Int64> { storage.int64s }

  /// The values. Allocates.
  public var values: [Int64] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
}
