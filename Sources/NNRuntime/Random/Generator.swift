/// The random numbers of PyTorch's CPU generator: MT19937, 32 bits a draw.
///
/// With the same seed and the same order of draws it gives the very numbers of
/// `torch.manual_seed(seed)`. It is an object, since models, loaders and dropout draw from one stream.
/// Sources: M. Matsumoto and T. Nishimura, "Mersenne Twister" (1998), `init_genrand`; PyTorch,
/// `aten/src/ATen/core/MT19937RNGEngine.h`, `TransformationHelper.h`, `DistributionsHelper.h`.
public final class Generator {
  /// Everything that decides the further draws, as plain data.
  public struct State: Equatable, Sendable {
    /// The 624 words of the engine.
    public var words: [UInt32]
    /// The next word to hand out, 0 ... 624; 624 asks for new words first.
    public var position: Int
    /// The second value of the last pair of normal values, where it was not yet used.
    public var cachedNormal: Double?

    public init(words: [UInt32], position: Int, cachedNormal: Double?) {
      self.words = words
      self.position = position
      self.cachedNormal = cachedNormal
    }
  }

  static let wordCount = 624
  private static let shift = 397

  private var words: [UInt32]
  private var position: Int
  var cachedNormal: Double?

  /// A generator as `torch.manual_seed(seed)` leaves it. Only the low 32 bits of the seed count.
  public init(seed: UInt64) {
    words = [UInt32](repeating: 0, count: Generator.wordCount)
    words[0] = UInt32(truncatingIfNeeded: seed)
    for index in 1..<Generator.wordCount {
      let previous = words[index - 1]
      words[index] = 1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(index)
    }
    position = Generator.wordCount
  }

  /// A generator that goes on from `state`; nil where the state is malformed (it may come from a file).
  public init?(state: State) {
    guard Generator.isValid(state) else { return nil }
    words = state.words
    position = state.position
    cachedNormal = state.cachedNormal
  }

  /// A copy of what decides the further draws.
  public var state: State {
    State(words: words, position: position, cachedNormal: cachedNormal)
  }

  /// Goes on from `state`; false, with nothing changed, where the state is malformed.
  public func restore(_ state: State) -> Bool {
    guard Generator.isValid(state) else { return false }
    words = state.words
    position = state.position
    cachedNormal = state.cachedNormal
    return true
  }

  /// Goes on as `other` would. Allocates nothing, as copies of a ``State`` do.
  public func copy(_ other: Generator) {
    words.withUnsafeMutableBufferPointer { words in
      other.words.withUnsafeBufferPointer { _ = words.update(fromContentsOf: $0) }
    }
    position = other.position
    cachedNormal = other.cachedNormal
  }

  private static func isValid(_ state: State) -> Bool {
    state.words.count == wordCount && (0...wordCount).contains(state.position)
  }

  /// 32 random bits.
  public func next32() -> UInt32 {
    if position == Generator.wordCount {
      renewWords()
      position = 0
    }
    var word = words[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    word ^= word >> 18
    return word
  }

  /// 64 random bits, the first draw in the upper half.
  public func next64() -> UInt64 {
    let upper = UInt64(next32())
    return upper << 32 | UInt64(next32())
  }

  private func renewWords() {
    words.withUnsafeMutableBufferPointer { words in
      let (count, shift) = (Generator.wordCount, Generator.shift)
      for index in 0..<count {
        let next = index + 1 == count ? 0 : index + 1
        let far = index + shift < count ? index + shift : index + shift - count
        let mixed = (words[index] & 0x8000_0000) | (words[next] & 0x7fff_ffff)
        words[index] = words[far] ^ (mixed >> 1) ^ (mixed & 1 == 0 ? 0 : 0x9908_b0df)
      }
    }
  }
}
