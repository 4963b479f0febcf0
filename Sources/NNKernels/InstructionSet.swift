import CPlatform

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The vector instructions that a build of the kernels uses. One binary carries all builds of its
/// architecture and runs the best one that the processor has.
public enum InstructionSet: String, CaseIterable, Comparable, Sendable {
  /// What every processor of the architecture has: SSE2 on x86-64, NEON on arm64.
  case baseline
  /// AVX2 with FMA (x86-64-v3): 8 floats a vector.
  case avx2
  /// AVX-512 F, BW, CD, DQ, VL (x86-64-v4): 16 floats a vector.
  case avx512

  /// The environment variable that selects a set below the best one.
  public static let environmentVariable = "NNRUN_INSTRUCTION_SET"

  /// The best set that this machine runs.
  public static let best: InstructionSet =
    switch nn_vector_level() {
    case 2: .avx512
    case 1: .avx2
    default: .baseline
    }

  /// All sets that this machine runs, the plainest first.
  public static var available: [InstructionSet] { allCases.filter { $0 <= best } }

  /// The set that the kernels of this process use: ``select(environmentValue:)`` of
  /// ``environmentVariable``. A command checks the variable with `select` before it starts work; in a
  /// process that did not, a value that cannot be used counts as none.
  public static let current: InstructionSet = {
    let value = getenv(environmentVariable).map { String(cString: $0) }
    return (try? select(environmentValue: value)) ?? best
  }()

  /// The set to use for this value of ``environmentVariable``: the best one where it is nil or empty.
  /// Throws on a name that is unknown and on a set that this machine lacks.
  public static func select(environmentValue: String?) throws(InstructionSetError) -> InstructionSet {
    guard let name = environmentValue, !name.isEmpty else { return best }
    guard let wanted = InstructionSet(rawValue: name) else { throw .unknown(name) }
    guard wanted <= best else { throw .unsupported(wanted, best: best) }
    return wanted
  }

  /// Plainer sets come first.
  public static func < (a: InstructionSet, b: InstructionSet) -> Bool { a.level < b.level }

  private var level: Int {
    switch self {
    case .baseline: 0
    case .avx2: 1
    case .avx512: 2
    }
  }
}

/// Why the instruction set asked for in the environment cannot be used.
public enum InstructionSetError: Error, Equatable, CustomStringConvertible {
  /// No set has this name.
  case unknown(String)
  /// This machine lacks the set.
  case unsupported(InstructionSet, best: InstructionSet)

  public var description: String {
    let variable = InstructionSet.environmentVariable
    let names = InstructionSet.allCases.map(\.rawValue).joined(separator: ", ")
    switch self {
    case .unknown(let name):
      return "\(variable)=\(name): no such instruction set; it is one of \(names)"
    case .unsupported(let wanted, let best):
      return "\(variable)=\(wanted.rawValue): this processor lacks it; its best is \(best.rawValue)"
    }
  }
}
