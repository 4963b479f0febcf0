/// Floats of a cache line: parts of a workspace start on one, so that vectors do not straddle two and
/// threads do not share one.
let alignmentFloats = 16

func aligned(_ count: Int) -> Int {
  (count + alignmentFloats - 1) / alignmentFloats * alignmentFloats
}

/// The first cache line that starts in `workspace`.
func alignedStart(of workspace: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
  let address = Int(bitPattern: workspace)
  let bytes = alignmentFloats * MemoryLayout<Float>.stride
  return workspace + (bytes - address % bytes) % bytes / MemoryLayout<Float>.stride
}

/// The scratch memory of a pool's workers, at the start of a workspace.
///
/// With several workers each has whole mebibytes, whatever the operation needs: operations that get the same
/// workspace in turn then give each worker the same part of it, which is in its core's cache and in no
/// other's. What nobody touches takes no memory.
struct WorkerScratch {
  /// Floats from one worker's to the next's.
  let stride: Int
  /// Floats of all of them.
  let count: Int

  private static let unit = 1 << 18

  /// `count` floats for each worker.
  init(_ count: Int, _ pool: ThreadPool) {
    let unit = pool.threadCount == 1 ? alignmentFloats : Self.unit
    stride = (count + unit - 1) / unit * unit
    self.count = stride * pool.threadCount
  }

  /// Clears the first float of each worker's part: nothing is in it yet.
  func markUnused(_ scratch: UnsafeMutablePointer<Float>, _ pool: ThreadPool) {
    var worker = 0
    while worker < pool.threadCount {
      scratch[worker * stride] = 0
      worker += 1
    }
  }
}
