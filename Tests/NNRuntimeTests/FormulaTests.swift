import NNRuntime
import NNShapes
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Formulas of a model file's own layers, against double precision and central differences.
@Suite
struct FormulaTests {
  struct Row: Sendable, CustomStringConvertible {
    var description: String
    var term: ElementwiseProgram.Term
    var formula: @Sendable (Double) -> Double

    init(
      _ description: String, _ term: ElementwiseProgram.Term,
      _ formula: @escaping @Sendable (Double) -> Double
    ) {
      self.description = description
      self.term = term
      self.formula = formula
    }
  }

  /// Each instruction once, of values away from kinks.
  static let rows: [Row] = {
    let x = ElementwiseProgram.Term.value(.input)
    return [
      Row("-x", term(.negate, x), { -$0 }),
      Row("x + 2x", term(.add, x, term(.multiply, x, number(2))), { 3 * $0 }),
      Row("3 - x²", term(.subtract, number(3), term(.power, x, number(2))), { 3 - $0 * $0 }),
      Row("x / (3 + x)", term(.divide, x, term(.add, number(3), x)), { $0 / (3 + $0) }),
      Row("x // 4 + x", term(.add, term(.floorDivide, x, number(4)), x), { floor($0 / 4) + $0 }),
      Row("x % 4", term(.remainder, x, number(4)), { $0 - 4 * floor($0 / 4) }),
      Row("x % -4", term(.remainder, x, number(-4)), { $0 + 4 * floor($0 / -4) }),
      Row(
        "9 % (5 + x)", term(.remainder, number(9), term(.add, number(5), x)),
        {
          9 - (5 + $0) * floor(9 / (5 + $0))
        }),
      Row("2 ** x", term(.power, number(2), x), { exp2($0) }),
      Row("sigmoid(x)", term(.sigmoid, x), { 1 / (1 + exp(-$0)) }),
      Row("tanh(2x)", term(.tanh, term(.multiply, number(2), x)), { tanh(2 * $0) }),
      Row("softplus(x)", term(.softplus, x), { log(1 + exp($0)) }),
      Row("exp(x)", term(.exp, x), { exp($0) }),
      Row("log(5 + x)", term(.log, term(.add, number(5), x)), { log(5 + $0) }),
      Row("sqrt(5 + x)", term(.sqrt, term(.add, number(5), x)), { (5 + $0).squareRoot() }),
      Row("sin(x) cos(x)", term(.multiply, term(.sin, x), term(.cos, x)), { sin($0) * cos($0) }),
      Row("abs(x)", term(.abs, x), { abs($0) }),
      Row("sign(x) x", term(.multiply, term(.sign, x), x), { abs($0) }),
      Row("floor(x) x", term(.multiply, term(.floor, x), x), { floor($0) * $0 }),
      Row("relu(x)", term(.relu, x), { max($0, 0) }),
      Row("min(x, 0.5) x", term(.multiply, term(.minimum, x, number(0.5)), x), { min($0, 0.5) * $0 }),
      Row("max(x, 1 - x)", term(.maximum, x, term(.subtract, number(1), x)), { max($0, 1 - $0) }),
      Row(
        "clamp(x, -0.5, x²)", term(.clamp, x, number(-0.5), term(.multiply, x, x)),
        {
          min(max($0, -0.5), $0 * $0)
        }),
    ]
  }()

  private static func term(
    _ instruction: ElementwiseProgram.Instruction, _ operands: ElementwiseProgram.Term...
  )
    -> ElementwiseProgram.Term
  {
    .operation(instruction, operands)
  }

  private static func number(_ value: Float) -> ElementwiseProgram.Term { .value(.constant(value)) }

  @Test(arguments: rows)
  func valuesAndGradients(_ row: Row) throws {
    let generator = Generator(seed: 12)
    let values = generator.randn(600).map { value in
      // A quarter past a whole number, or a little more.
      value.rounded(.down) + 0.25 + 0.125 * (value - value.rounded(.down))
    }
    try GradientCheck(
      name: row.description, inputs: [Tensor(values, [20, 30])], formula: { $0[0].map(row.formula) }
    ) { $0.formula($1[0], ElementwiseProgram(row.term)) }.run()
  }

  /// PyTorch's conventions at kinks.
  @Test func kinks() {
    let x = ElementwiseProgram.Term.value(.input)
    let cases: [(term: ElementwiseProgram.Term, place: Float, slope: Float)] = [
      (Self.term(.relu, x), 0, 0), (Self.term(.abs, x), 0, 0),
      (Self.term(.maximum, x, Self.number(0)), 0, 0.5),
      (Self.term(.minimum, Self.number(2), x), 2, 0.5),
      (Self.term(.clamp, x, Self.number(0), Self.number(1)), 1, 1),
      (Self.term(.clamp, x, Self.number(2), Self.number(1)), 0, 0),
      (Self.term(.power, x, Self.number(0)), 0, 0),
      // A negative base: the logarithm in the exponent's derivative has no part in it.
      (Self.term(.power, x, Self.number(3)), -2, 12),
      // What is constant is worked out first, and has no derivative.
      (Self.term(.add, x, Self.term(.sqrt, Self.number(0))), 1, 1),
    ]
    for (term, place, slope) in cases {
      let tape = makeTape(threads: 1)
      let input = tape.variable(Tensor([place], [1]), requiresGrad: true)
      let output = tape.formula(input, ElementwiseProgram(term))
      tape.backward(from: output, gradient: Tensor([1], [1]))
      #expect(tape.gradient(input)?.values == [slope], "\(term) at \(place)")
    }
  }

  /// The number of threads changes nothing, nor does the order in memory.
  @Test func threads() {
    let x = ElementwiseProgram.Term.value(.input)
    let program = ElementwiseProgram(Self.term(.multiply, Self.term(.tanh, x), Self.term(.exp, x)))
    let input = randomTensor([3, 5, 40, 41], Generator(seed: 3), .channelsLast)
    let results = [1, 2, 3].map { threads in
      let tape = makeTape(threads: threads)
      let variable = tape.variable(input, requiresGrad: true)
      let output = tape.formula(variable, program)
      tape.backward(from: output, gradient: tape.tensor(output))
      return [tape.tensor(output).values, tape.gradient(variable)?.values ?? []]
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}
