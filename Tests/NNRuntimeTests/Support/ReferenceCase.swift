import NNData
import NNRuntime
import NNShapes
import NNTestSupport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A case computed by PyTorch; see `README.md` beside `core.json`.
struct ReferenceCase: Decodable, Sendable, CustomStringConvertible {
  struct TensorFile: Decodable, Sendable {
    let name: String?
    let file: String
    let shape: [Int]
    let dtype: String
  }

  struct Step: Decodable, Sendable {
    let grads: [String: TensorFile]
    let params_after: [String: TensorFile]
  }

  struct Batch: Decodable, Sendable {
    let input: TensorFile
    let target: TensorFile
  }

  struct SeededEpoch: Decodable, Sendable {
    struct Batch: Decodable, Sendable { let indices: [Int] }
    let batches: [Batch]
  }

  let id: String
  let kind: String
  let layer: String
  let text: String?
  let mode: String?
  let random: Bool?
  let inputs: [TensorFile]?
  let params: [String: TensorFile]?
  let arg_tensors: [String: TensorFile]?
  let outputs: [TensorFile]?
  let grad_output: TensorFile?
  let grads: [String: TensorFile]?
  let loss: String?
  let optimizer: String?
  let params_before: [String: TensorFile]?
  let total_norm: Double?
  /// How far PyTorch is from the expected output of a case that comes from ONNX.
  let pytorch_max_abs_diff: Double?
  let grads_before: [TensorFile]?
  let grads_after: [TensorFile]?
  let state_before: [String: TensorFile]?
  let state_after: [String: TensorFile]?
  let losses: [Double]?
  let seed: UInt64?
  let epochs_log: [SeededEpoch]?

  var description: String { id }

  /// The fields whose form differs from kind to kind are read only where they have the form above.
  private enum CodingKeys: String, CodingKey {
    case id, kind, layer, text, mode, random, inputs, params, arg_tensors, outputs, grad_output, grads
    case loss, optimizer, params_before, total_norm, grads_before, grads_after, state_before
    case state_after, losses, seed, epochs_log, steps, batches, pytorch_max_abs_diff
  }

  let steps: [Step]?
  let batches: [Batch]?

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    func read<T: Decodable>(_ key: CodingKeys) -> T? { try? fields.decode(T.self, forKey: key) }
    id = try fields.decode(String.self, forKey: .id)
    kind = try fields.decode(String.self, forKey: .kind)
    layer = try fields.decode(String.self, forKey: .layer)
    text = read(.text)
    mode = read(.mode)
    random = read(.random)
    inputs = read(.inputs)
    params = read(.params)
    arg_tensors = read(.arg_tensors)
    outputs = read(.outputs)
    grad_output = read(.grad_output)
    grads = read(.grads)
    loss = read(.loss)
    optimizer = read(.optimizer)
    params_before = read(.params_before)
    total_norm = read(.total_norm)
    pytorch_max_abs_diff = read(.pytorch_max_abs_diff)
    grads_before = read(.grads_before)
    grads_after = read(.grads_after)
    state_before = read(.state_before)
    state_after = read(.state_after)
    losses = read(.losses)
    seed = read(.seed)
    epochs_log = read(.epochs_log)
    steps = read(.steps)
    batches = read(.batches)
  }

  /// All cases, or none where the shared folder is absent.
  static let all: [ReferenceCase] = {
    struct File: Decodable { let cases: [ReferenceCase] }
    guard let path = TestPaths.shared("cases/core.json"),
      let data = FileManager.default.contents(atPath: path),
      let file = try? JSONDecoder().decode(File.self, from: data)
    else { return [] }
    return file.cases
  }()
}

extension ReferenceCase.TensorFile {
  /// The array in the file.
  func read() throws -> NumericArray {
    guard let path = TestPaths.shared("cases/data/" + file) else { throw MissingFile(file: file) }
    return try Npy.read(path)
  }

  func tensor(_ format: MemoryFormat = .contiguous) throws -> Tensor {
    let array = try read()
    return Tensor(array.floats, array.shape, format)
  }
}

struct MissingFile: Error {
  let file: String
}

/// A case whose text the tests cannot turn into a layer.
struct UnreadableCase: Error {
  let text: String
}

extension ReferenceCase {
  /// That of the cases, widened by what PyTorch itself is off.
  var outputTolerance: Tolerance {
    Tolerance(
      absolute: Tolerance.reference.absolute + (pytorch_max_abs_diff ?? 0),
      relative: Tolerance.reference.relative)
  }
}
