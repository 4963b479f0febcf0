/// A block of memory that tensors read and write, freed with its last owner.
final class Storage {
  /// Aligned to ``alignment``.
  let base: UnsafeMutableRawPointer

  /// A cache line, and the widest vector.
  private static let alignment = 64

  init(byteCount: Int) {
    base = .allocate(byteCount: max(byteCount, Storage.alignment), alignment: Storage.alignment)
  }

  deinit { base.deallocate() }

  var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }
  var int32s: UnsafeMutablePointer<Int32> { base.assumingMemoryBound(to: Int32.self) }
  var int64s: UnsafeMutablePointer<Int64> { base.assumingMemoryBound(to: Int64.self) }
  var bytes: UnsafeMutablePointer<UInt8> { base.assumingMemoryBound(to: UInt8.self) }
}
