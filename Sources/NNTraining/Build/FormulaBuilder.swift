import NNModel
import NNRuntime
import NNSyntax

/// The program of a checked formula.
func makeProgram(_ formula: Formula) -> ElementwiseProgram { ElementwiseProgram(term(formula)) }

private func term(_ formula: Formula) -> ElementwiseProgram.Term {
  switch formula {
  case .input: .value(.input)
  case .constant(let number): .value(.constant(Float(number)))
  case .parameter: preconditionFailure("a parameter of a layer is left")
  case .negated(let operand): .operation(.negate, [term(operand)])
  case .operation(let sign, let a, let b): .operation(instruction(sign), [term(a), term(b)])
  case .function(let function, let operands): .operation(instruction(function), operands.map(term))
  }
}

private func instruction(_ sign: BinaryOperator) -> ElementwiseProgram.Instruction {
  switch sign {
  case .add: .add
  case .subtract: .subtract
  case .multiply: .multiply
  case .divide: .divide
  case .floorDivide: .floorDivide
  case .remainder: .remainder
  case .power: .power
  }
}

private func instruction(_ function: Formula.Function) -> ElementwiseProgram.Instruction {
  switch function {
  case .relu: .relu
  case .sigmoid: .sigmoid
  case .tanh: .tanh
  case .softplus: .softplus
  case .exp: .exp
  case .log: .log
  case .sqrt: .sqrt
  case .sin: .sin
  case .cos: .cos
  case .abs: .abs
  case .sign: .sign
  case .floor: .floor
  case .min: .minimum
  case .max: .maximum
  case .pow: .power
  case .clamp: .clamp
  }
}
