import NNKernels
import Testing

/// All passes of a linear layer, on one build and pool.
private struct LinearRun {
  let y: Buffer
  let rectified: Buffer
  let dx: Buffer
  let dw: Buffer
  let db: Buffer
  let staysInside: Bool

  init(_ shape: LinearShape, _ kernels: Kernels, _ pool: ThreadPool, accumulate: Bool) {
    let (rows, inputs, outputs) = (shape.rows, shape.inputs, shape.outputs)
    let operands = LinearOperands(shape)
    (y, rectified, dx) = (Buffer(rows * outputs), Buffer(rows * outputs), Buffer(rows * inputs))
    dw = accumulate ? Buffer(outputs * inputs, seed: 5) : Buffer(outputs * inputs)
    db = accumulate ? Buffer(outputs, seed: 6) : Buffer(outputs)
    let space = [
      Buffer(
        kernels.linearForwardWorkspaceCount(
          rows: rows, inFeatures: inputs, outFeatures: outputs, pool: pool)),
      Buffer(
        kernels.linearInputGradientWorkspaceCount(
          rows: rows, inFeatures: inputs, outFeatures: outputs, pool: pool)),
      Buffer(
        kernels.linearWeightGradientWorkspaceCount(
          rows: rows, inFeatures: inputs, outFeatures: outputs, pool: pool)),
    ]
    for (relu, output) in [(false, y), (true, rectified)] {
      kernels.linearForward(
        rows: rows, inFeatures: inputs, outFeatures: outputs, relu: relu, input: operands.x.pointer,
        weight: operands.w.pointer, bias: operands.b.pointer, output: output.pointer,
        workspace: space[0].pointer, pool: pool)
    }
    kernels.linearInputGradient(
      rows: rows, inFeatures: inputs, outFeatures: outputs, outputGradient: operands.dy.pointer,
      weight: operands.w.pointer, inputGradient: dx.pointer, workspace: space[1].pointer, pool: pool)
    kernels.linearWeightGradient(
      rows: rows, inFeatures: inputs, outFeatures: outputs, input: operands.x.pointer,
      outputGradient: operands.dy.pointer, weightGradient: dw.pointer, biasGradient: db.pointer,
      accumulate: accumulate, workspace: space[2].pointer, pool: pool)
    staysInside = (space + [y, rectified, dx, dw, db]).allSatisfy(\.guardIsIntact)
  }

  /// By definition, in double precision.
  init(reference shape: LinearShape, accumulate: Bool) {
    let (rows, inputs, outputs) = (shape.rows, shape.inputs, shape.outputs)
    let operands = LinearOperands(shape)
    let (x, w, dy) = (operands.x.pointer, operands.w.pointer, operands.dy.pointer)
    (y, rectified, dx) = (Buffer(rows * outputs), Buffer(rows * outputs), Buffer(rows * inputs))
    dw =
      accumulate ? Buffer(outputs * inputs, seed: 5) : Buffer([Float](repeating: 0, count: outputs * inputs))
    db = accumulate ? Buffer(outputs, seed: 6) : Buffer([Float](repeating: 0, count: outputs))
    for r in 0..<rows {
      for o in 0..<outputs {
        let sum = (0..<inputs).reduce(Double(operands.b.pointer[o])) {
          $0 + Double(x[r * inputs + $1]) * Double(w[o * inputs + $1])
        }
        y.pointer[r * outputs + o] = Float(sum)
        rectified.pointer[r * outputs + o] = Float(max(sum, 0))
      }
      for i in 0..<inputs {
        dx.pointer[r * inputs + i] = Float(
          (0..<outputs).reduce(0.0) { $0 + Double(dy[r * outputs + $1]) * Double(w[$1 * inputs + i]) })
      }
    }
    for o in 0..<outputs {
      for i in 0..<inputs {
        dw.pointer[o * inputs + i] += Float(
          (0..<rows).reduce(0.0) { $0 + Double(dy[$1 * outputs + o]) * Double(x[$1 * inputs + i]) })
      }
      db.pointer[o] += Float((0..<rows).reduce(0.0) { $0 + Double(dy[$1 * outputs + o]) })
    }
    staysInside = true
  }

  var results: [(name: String, buffer: Buffer)] {
    [("y", y), ("relu y", rectified), ("dx", dx), ("dw", dw), ("db", db)]
  }
}

private struct LinearShape: CustomStringConvertible {
  let rows: Int
  let inputs: Int
  let outputs: Int

  var description: String { "\(rows)×\(inputs)→\(outputs)" }
}

private struct LinearOperands {
  let x: Buffer
  let w: Buffer
  let b: Buffer
  let dy: Buffer

  init(_ shape: LinearShape) {
    x = Buffer(shape.rows * shape.inputs, seed: 1)
    w = Buffer(shape.outputs * shape.inputs, seed: 2)
    b = Buffer(shape.outputs, seed: 3)
    dy = Buffer(shape.rows * shape.outputs, seed: 4)
  }
}

@Suite struct LinearTests {
  /// Compares every build with the definition, and pools with one another bit by bit.
  private func check(_ rows: Int, _ inputs: Int, _ outputs: Int, accumulate: Bool = false) {
    let shape = LinearShape(rows: rows, inputs: inputs, outputs: outputs)
    let expected = LinearRun(reference: shape, accumulate: accumulate)
    for build in TestBuild.all {
      let run = LinearRun(shape, build.kernels, Pools.one, accumulate: accumulate)
      let shared = LinearRun(shape, build.kernels, Pools.three, accumulate: accumulate)
      #expect(run.staysInside && shared.staysInside, "\(build.testDescription): \(shape)")
      for ((got, same), want) in zip(zip(run.results, shared.results), expected.results) {
        #expect(
          got.buffer.error(against: want.buffer) < 1e-5,
          "\(build.testDescription) \(got.name): \(shape)")
        #expect(
          got.buffer.bits == same.buffer.bits,
          "\(build.testDescription) \(got.name) differs with 3 threads: \(shape)")
      }
    }
  }

  /// Rows around the tiles of 4, 6 and 12, and the sums of 4 that count as short.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 16, 17, 24, 25, 33, 70])
  func rowTails(rows: Int) {
    check(rows, 40, 25)
    check(rows, 17, 1)
  }

  /// Inputs around the vectors of all builds, a tile's two of them and those in the order of memory.
  @Test(arguments: [1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 129])
  func inputTails(inputs: Int) {
    for rows in [1, 3, 9] { check(rows, inputs, 13) }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 17, 23, 24, 25, 33])
  func outputTails(outputs: Int) {
    for rows in [1, 5] { check(rows, 20, outputs) }
  }

  /// Shapes that are cut into several tasks.
  @Test func manyTasks() {
    check(1, 1024, 64)
    check(1, 784, 256)
    check(64, 784, 40)
    check(70, 200, 48)
    check(300, 65, 10)
  }

  @Test func accumulates() {
    for rows in [1, 4, 5, 40] { check(rows, 37, 21, accumulate: true) }
    check(64, 300, 20, accumulate: true)
  }

  /// A single row whose outputs are shared out, with inputs that fill no vector at the end.
  @Test func partsOfARow() {
    check(1, 1003, 50)
    check(1, 1003, 50, accumulate: true)
  }

  /// Without rows there is nothing to add up.
  @Test func withoutRows() {
    check(0, 9, 5)
    check(0, 9, 5, accumulate: true)
  }

  @Test(arguments: TestBuild.all)
  func reluKeepsNaN(build: TestBuild) {
    let (x, w, y) = (Buffer([1, 1]), Buffer([-1, -1, .nan, 1, 2, 3]), Buffer(3))
    build.kernels.linearForward(
      rows: 1, inFeatures: 2, outFeatures: 3, relu: true, input: x.pointer, weight: w.pointer, bias: nil,
      output: y.pointer, workspace: Buffer(0).pointer, pool: Pools.one)
    #expect(y.pointer[0] == 0 && y.pointer[1].isNaN && y.pointer[2] == 5)
  }
}
