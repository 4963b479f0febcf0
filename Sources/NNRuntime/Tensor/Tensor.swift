import NNShapes

/// Float32 values with a shape.
///
/// As in PyTorch, copying a `Tensor` copies a handle: both see the same memory. The shape is the
/// logical one, (N, C, H, W), whatever the ``MemoryFormat``.
public struct Tensor {
  public let shape: Shape
  public let format: MemoryFormat
  let storage: Storage

  init(storage: Storage, _ shape: Shape, _ format: MemoryFormat) {
    self.storage = storage
    self.shape = shape
    self.format = format
  }

  /// A tensor of zeros with memory of its own.
  public init(zeros shape: Shape, _ format: MemoryFormat = .contiguous) {
    let count = shape.elementCount
    let storage = Storage(byteCount: count * MemoryLayout<Float>.stride)
    self.init(storage: storage, shape, format)
    pointer.update(repeating: 0, count: count)
  }

  /// A tensor with memory of its own and these values, given in contiguous order. Traps where their
  /// number is not the shape's.
  public init(_ values: [Float], _ shape: Shape, _ format: MemoryFormat = .contiguous) {
    self.init(zeros: shape, format)
    setValues(values)
  }

  /// The number of elements.
  public var count: Int { shape.elementCount }

  /// The first value; the others follow in the order of ``format``. Valid as long as the tensor is.
  public var pointer: UnsafeMutablePointer<Float> { storage.floats }

  /// The values in contiguous order. Allocates.
  public var values: [Float] {
    var values = [Float](repeating: 0, count: count)
    values.withUnsafeMutableBufferPointer { copyValues(to: $0) }
    return values
  }

  /// Writes the values in contiguous order. Traps where `destination` has another size.
  public func copyValues(to destination: UnsafeMutableBufferPointer<Float>) {
    precondition(destination.count == count, "Tensor: \(shape) into \(destination.count) values")
    var index = 0
    forEachOffset { offset in
      destination[index] = pointer[offset]
      index += 1
    }
  }

  /// Sets the values, given in contiguous order. Traps where their number is not the shape's.
  public func setValues(_ values: some Collection<Float>) {
    precondition(values.count == count, "Tensor: \(values.count) values for \(shape)")
    var index = values.startIndex
    forEachOffset { offset in
      pointer[offset] = values[index]
      values.formIndex(after: &index)
    }
  }

  /// Calls `body` with the position in memory of each value, in contiguous order: the order in which
  /// random values are drawn and weights saved.
  func forEachOffset(_ body: (Int) -> Void) {
    if isStored(as: .contiguous) {
      for offset in 0..<count { body(offset) }
    } else {
      ChannelLayout(shape).forEachChannelsLastOffset(body)
    }
  }

  /// Whether the values lie in the order of `other`, by name or because the two orders are one for
  /// this shape: a single channel, a single pixel, a rank without channels.
  func isStored(as other: MemoryFormat) -> Bool {
    format == other || ChannelLayout(shape).isTheSameInBothFormats
  }

  /// The same memory under another shape and format. Traps where the number of elements differs; the
  /// order of the values is the caller's concern.
  func relabeled(_ shape: Shape, _ format: MemoryFormat) -> Tensor {
    precondition(shape.elementCount == count, "Tensor: \(self.shape) as \(shape)")
    return Tensor(storage: storage, shape, format)
  }
}
