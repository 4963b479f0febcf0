import NNKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A formula of one variable, as instructions for a stack, that is applied to each element of a tensor:
/// y = f(x), and f'(x) by dual numbers.
public struct ElementwiseProgram: Sendable {
  /// Takes its operands from the top of the stack, the last one first, and puts the result there.
  public enum Instruction: Hashable, Sendable {
    case input
    case constant(Float)
    case negate
    case add, subtract, multiply, divide
    /// ⌊a / b⌋ and a - b ⌊a / b⌋, as Python's `//` and `%`.
    case floorDivide, remainder
    case power
    case relu, sigmoid, tanh, softplus
    case exp, log, sqrt, sin, cos
    case abs, sign, floor
    case minimum, maximum
    case clamp

    var operandCount: Int {
      switch self {
      case .input, .constant: 0
      case .negate, .relu, .sigmoid, .tanh, .softplus, .exp, .log, .sqrt, .sin, .cos, .abs, .sign, .floor: 1
      case .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power, .minimum, .maximum: 2
      case .clamp: 3
      }
    }
  }

  /// What a program is made of: an instruction and its operands.
  public indirect enum Term: Sendable {
    case value(Instruction)
    case operation(Instruction, [Term])
  }

  let instructions: [Instruction]
  /// How high the stack gets.
  let depth: Int

  /// Parts without the variable are worked out now, and have no derivative. Traps on a wrong number of
  /// operands.
  public init(_ term: Term) {
    var instructions: [Instruction] = []
    func write(_ term: Term) {
      switch term {
      case .value(let instruction):
        precondition(instruction.operandCount == 0, "ElementwiseProgram: \(instruction) lacks operands")
        instructions.append(instruction)
      case .operation(let instruction, let operands):
        precondition(
          instruction.operandCount == operands.count, "ElementwiseProgram: operands of \(instruction)")
        let start = instructions.count
        for operand in operands { write(operand) }
        instructions.append(instruction)
        let written = instructions[start...]
        guard !written.contains(.input), written.count > 1 else { return }
        let value = ElementwiseProgram.constant(Array(written))
        instructions.replaceSubrange(start..., with: [.constant(value)])
      }
    }
    write(term)
    self.instructions = instructions
    depth = ElementwiseProgram.depth(instructions)
  }

  private static func depth(_ instructions: [Instruction]) -> Int {
    var (height, highest) = (0, 0)
    for instruction in instructions {
      height += 1 - instruction.operandCount
      highest = Swift.max(highest, height)
    }
    return highest
  }

  /// The value of instructions without a variable.
  private static func constant(_ instructions: [Instruction]) -> Float {
    var stack = [Float](repeating: 0, count: depth(instructions))
    return stack.withUnsafeMutableBufferPointer { stack in
      guard let base = stack.baseAddress else { return 0 }
      var input: Float = 0
      var machine = ElementwiseMachine(count: 1, stride: 1, values: base, slopes: nil)
      for instruction in instructions { machine.run(instruction, &input) }
      return base[0]
    }
  }
}
