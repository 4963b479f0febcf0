/// Steele, Lea and Flood's generator: the same numbers everywhere.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Deletes, doubles, replaces or moves a stretch of a text, or puts one of `pieces` in.
  public mutating func damage(_ bytes: inout [UInt8], with pieces: [String]) {
    let start = Int.random(in: 0...bytes.count, using: &self)
    let end = min(bytes.count, start + Int.random(in: 0..<12, using: &self))
    let piece = Array(pieces[Int.random(in: 0..<pieces.count, using: &self)].utf8)
    switch Int.random(in: 0..<6, using: &self) {
    case 0: bytes.removeSubrange(start..<end)
    case 1: bytes.insert(contentsOf: bytes[start..<end], at: end)
    case 2: bytes.replaceSubrange(start..<end, with: piece)
    case 3:
      let moved = Array(bytes[start..<end])
      bytes.removeSubrange(start..<end)
      bytes.insert(contentsOf: moved, at: Int.random(in: 0...bytes.count, using: &self))
    default: bytes.insert(contentsOf: piece, at: start)
    }
  }
}
