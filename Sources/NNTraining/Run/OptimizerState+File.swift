import NNData
import NNRuntime
import NNShapes

// An optimizer's state as tensors of a state file: buffers as they are, scalars as 0-d float64.

extension OptimizerState {
  var entries: [Safetensors.Entry] {
    buffers.map(\.safetensorsEntry)
      + scalars.map {
        Safetensors.Entry(key: $0.name, array: NumericArray(shape: [], storage: .float64([$0.value])))
      }
  }

  /// What other types the file has is left to the optimizer, which misses it.
  init(_ entries: [Safetensors.Entry]) {
    self.init()
    for entry in entries {
      if case .float64(let values) = entry.array.storage, let value = values.first {
        scalars.append(Scalar(name: entry.key, value: value))
      } else if let buffer = StateEntry(entry) {
        buffers.append(buffer)
      }
    }
  }
}
