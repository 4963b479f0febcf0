import NNKernels

extension Tape {
  /// Elements that are worked on at a time.
  private static let block = 256
  /// Elements of a task of one thread.
  private static let task = 16 * block

  /// y = f(x) on each element. The gradient is dy · f'(x).
  public func formula(_ input: Variable, _ program: ElementwiseProgram) -> Variable {
    let x = tensor(input)
    let output = pool.makeTensor(x.shape, x.format)
    run(program, count: x.count, stacks: 1) { machine, first in
      for instruction in program.instructions { machine.run(instruction, x.pointer + first) }
      (output.pointer + first).update(from: machine.values, count: machine.count)
    }
    return record(.formula(program), Node.Inputs(first: input.index), output)
  }

  func formulaBackward(_ program: ElementwiseProgram, _ node: Node, _ outputGradient: Tensor) {
    let x = values[node.inputs.first].tensor
    let inputGradient = pool.makeTensor(x.shape, x.format)
    run(program, count: x.count, stacks: 2) { machine, first in
      for instruction in program.instructions { machine.run(instruction, x.pointer + first) }
      guard let slopes = machine.slopes else { return }
      for index in 0..<machine.count {
        inputGradient.pointer[first + index] = outputGradient.pointer[first + index] * slopes[index]
      }
    }
    addGradient(inputGradient, to: node.inputs.first)
  }

  /// Calls `body` with a machine for each block of `count` elements, and the block's first one. Two
  /// `stacks` are values and derivatives, one is values alone.
  private func run(
    _ program: ElementwiseProgram, count: Int, stacks: Int,
    _ body: (_ machine: inout ElementwiseMachine, _ first: Int) -> Void
  ) {
    let stack = program.depth * Tape.block
    let scratch = makeWorkspace(threads.threadCount * stacks * stack)
    threads.run(tasks: (count + Tape.task - 1) / Tape.task) { task, worker in
      let values = scratch.pointer + worker * stacks * stack
      for first in stride(from: task * Tape.task, to: min((task + 1) * Tape.task, count), by: Tape.block) {
        var machine = ElementwiseMachine(
          count: min(Tape.block, count - first), stride: Tape.block, values: values,
          slopes: stacks == 2 ? values + stack : nil)
        body(&machine, first)
      }
    }
  }
}
