import NNData
import NNKernels
import NNRuntime
import NNShapes
import NNTraining

extension Parameter {
  /// Makes `values`, in contiguous order, the gradient: a backward pass from the parameter itself.
  func setGradient(_ values: [Float]) {
    zeroGrad()
    let tape = Tape(threads: ThreadPool(threads: 1), generator: Generator(seed: 0))
    tape.backward(from: tape.variable(self), gradient: Tensor(values, shape))
  }
}

/// A split of `count` drawn images.
func exampleSplit(count: Int, batchSize: Int, shuffle: Bool = false, dropLast: Bool = false) throws -> Split {
  let dataset = try Shapes10.draw(count: count, size: 4, channels: 1, seed: 0, train: true)
  return Split(
    name: "train", dataset: dataset, members: nil, batchSize: batchSize, shuffle: shuffle, dropLast: dropLast)
}
