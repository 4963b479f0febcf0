import NNShapes

/// Memory for the tensors of training steps, used again and again.
///
/// The pool keeps every block that it ever made, but for workspaces that it outgrew. A block is free
/// once the pool alone refers to it: tensors need not be given back, and one that is kept keeps its
/// block. Size classes, four to a power of two, make a block at most a quarter too large. After the first steps a step of the same
/// shapes finds all its blocks here and allocates nothing. Not safe for use by several threads.
public final class StoragePool {
  private var blocks: [SizeClass]
  private let poison: Bool
  private var workspace = Storage(byteCount: 0)
  private var workspaceBytes = 0

  /// The blocks made so far: it stops growing once the pool is warm.
  public private(set) var blockCount = 0

  /// An empty pool. With `poison` every block is handed out full of NaN, so that a read of memory
  /// that nobody wrote shows.
  public init(poison: Bool = false) {
    blocks = Array(repeating: SizeClass(), count: StoragePool.classCount)
    self.poison = poison
  }

  /// A tensor of this shape, its values not set.
  public func makeTensor(_ shape: Shape, _ format: MemoryFormat = .contiguous) -> Tensor {
    Tensor(storage: take(byteCount: shape.elementCount * MemoryLayout<Float>.stride), shape, format)
  }

  /// An index tensor of this shape, its values not set.
  public func makeIndexTensor(_ shape: Shape) -> IndexTensor {
    IndexTensor(storage: take(byteCount: shape.elementCount * MemoryLayout<Int64>.stride), shape)
  }

  /// `count` floats, not set, in a block that is kept for workspaces and grows to the largest of them.
  /// While one is in use others get blocks of their own.
  func makeWorkspace(_ count: Int) -> Tensor {
    let byteCount = count * MemoryLayout<Float>.stride
    guard isKnownUniquelyReferenced(&workspace) else { return makeTensor(Shape(count)) }
    if byteCount > workspaceBytes {
      workspaceBytes = StoragePool.byteCount(ofClass: StoragePool.sizeClass(byteCount))
      workspace = Storage(byteCount: workspaceBytes)
      blockCount += 1
    }
    if poison { workspace.base.initializeMemory(as: UInt8.self, repeating: 0xff, count: workspaceBytes) }
    return Tensor(storage: workspace, Shape(count), .contiguous)
  }

  /// A free block of at least `byteCount` bytes.
  func take(byteCount: Int) -> Storage {
    let sizeClass = StoragePool.sizeClass(byteCount)
    let size = StoragePool.byteCount(ofClass: sizeClass)
    let block: Storage
    if let free = blocks[sizeClass].takeFree() {
      block = free
    } else {
      block = Storage(byteCount: size)
      blocks[sizeClass].append(block)
      blockCount += 1
    }
    if poison { block.base.initializeMemory(as: UInt8.self, repeating: 0xff, count: size) }
    return block
  }

  /// The blocks of one size.
  private struct SizeClass {
    private var blocks: [Storage] = []
    /// The block handed out last. One that was for a moment only is free again and still in the cache;
    /// else the next one most likely is free.
    private var last = 0

    /// A block that nobody else refers to; nil where there is none.
    mutating func takeFree() -> Storage? {
      let (count, start) = (blocks.count, last)
      return blocks.withUnsafeMutableBufferPointer { blocks in
        var index = start
        for _ in 0..<count {
          if isKnownUniquelyReferenced(&blocks[index]) {
            last = index
            return blocks[index]
          }
          index = index + 1 == count ? 0 : index + 1
        }
        return nil
      }
    }

    mutating func append(_ block: Storage) {
      last = blocks.count
      blocks.append(block)
    }
  }

  // MARK: Size classes: 16·(4 + s)·2ᵉ bytes for class 4·e + s, s in 0 ..< 4.

  private static let classCount = 4 * 46

  private static func byteCount(ofClass index: Int) -> Int { (16 * (4 + index % 4)) << (index / 4) }

  private static func sizeClass(_ byteCount: Int) -> Int {
    precondition(byteCount >= 0 && byteCount <= 1 << 50, "StoragePool: \(byteCount) bytes")
    if byteCount <= 64 { return 0 }
    let exponent = (Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount) - 6
    var index = 4 * exponent
    while self.byteCount(ofClass: index) < byteCount { index += 1 }
    return index
  }
}
