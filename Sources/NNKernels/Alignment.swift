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
