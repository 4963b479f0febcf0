import NNKernels
import Testing

@Suite struct LinearTests {
  @Test(arguments: TestBuild.all)
  func tailsOfEveryDimension(build: TestBuild) {
    let kernels = build.kernels
    for (rows, inputs, outputs) in [
      (1, 1, 1), (1, 10, 3), (2, 7, 5), (3, 16, 4), (4, 17, 12), (5, 33, 13), (8, 8, 8),
      (13, 40, 25), (1, 1024, 64), (64, 100, 10), (9, 15, 33), (70, 64, 48),
    ] {
      let (x, w) = (Buffer(rows * inputs, seed: 1), Buffer(outputs * inputs, seed: 2))
      let (b, dy) = (Buffer(outputs, seed: 3), Buffer(rows * outputs, seed: 4))
      let (y, dx) = (Buffer(rows * outputs), Buffer(rows * inputs))
      let (dw, db) = (Buffer(outputs * inputs), Buffer(outputs))
      for r in 0..<rows {
        for o in 0..<outputs {
          let sum = (0..<inputs).reduce(Double(b.pointer[o])) {
            $0 + Double(x.pointer[r * inputs + $1]) * Double(w.pointer[o * inputs + $1])
          }
          y.pointer[r * outputs + o] = Float(sum)
        }
        for i in 0..<inputs {
          let sum = (0..<outputs).reduce(0.0) {
            $0 + Double(dy.pointer[r * outputs + $1]) * Double(w.pointer[$1 * inputs + i])
          }
          dx.pointer[r * inputs + i] = Float(sum)
        }
      }
      for o in 0..<outputs {
        for i in 0..<inputs {
          let sum = (0..<rows).reduce(0.0) {
            $0 + Double(dy.pointer[$1 * outputs + o]) * Double(x.pointer[$1 * inputs + i])
          }
          dw.pointer[o * inputs + i] = Float(sum)
        }
        let sum = (0..<rows).reduce(0.0) { $0 + Double(dy.pointer[$1 * outputs + o]) }
        db.pointer[o] = Float(sum)
      }

      let pool = Pools.three
      let got = [Buffer(y.count), Buffer(dx.count), Buffer(dw.count), Buffer(db.count)]
      let space = Buffer(
        max(
          kernels.linearForwardWorkspaceCount(
            rows: rows, inFeatures: inputs, outFeatures: outputs, pool: pool),
          kernels.linearInputGradientWorkspaceCount(
            rows: rows, inFeatures: inputs, outFeatures: outputs, pool: pool),
          kernels.linearWeightGradientWorkspaceCount(
            rows: rows, inFeatures: inputs, outFeatures: outputs, pool: pool)))
      kernels.linearForward(
        rows: rows, inFeatures: inputs, outFeatures: outputs, input: x.pointer, weight: w.pointer,
        bias: b.pointer, output: got[0].pointer, workspace: space.pointer, pool: pool)
      kernels.linearInputGradient(
        rows: rows, inFeatures: inputs, outFeatures: outputs, outputGradient: dy.pointer,
        weight: w.pointer, inputGradient: got[1].pointer, workspace: space.pointer, pool: pool)
      kernels.linearWeightGradient(
        rows: rows, inFeatures: inputs, outFeatures: outputs, input: x.pointer,
        outputGradient: dy.pointer, weightGradient: got[2].pointer, biasGradient: got[3].pointer,
        accumulate: false, workspace: space.pointer, pool: pool)
      for (name, (buffer, want)) in zip(["y", "dx", "dw", "db"], zip(got, [y, dx, dw, db])) {
        #expect(
          buffer.error(against: want) < 1e-5 && buffer.guardIsIntact,
          "\(name) of \(rows)×\(inputs)→\(outputs)")
      }
    }
  }
}
