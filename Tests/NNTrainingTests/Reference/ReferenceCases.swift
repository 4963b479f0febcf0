import FoundationEssentials
import NNData
import NNShapes
import NNTestSupport
import Testing

/// The reference cases that PyTorch computed; their format is described beside them.
enum ReferenceCases {
  /// The folder of the cases, or nil where there is none.
  static let folder = TestPaths.shared("cases")

  static let all: [ReferenceCase] = {
    guard let folder, let data = FileManager.default.contents(atPath: folder + "/core.json") else {
      return []
    }
    do {
      return try JSONDecoder().decode(File.self, from: data).cases
    } catch {
      Issue.record("core.json: \(error)")
      return []
    }
  }()

  private struct File: Decodable { var cases: [ReferenceCase] }

  /// The place of a tensor's file.
  static func path(_ tensor: ReferenceCase.Tensor) -> String { (folder ?? "") + "/data/" + tensor.file }
}

struct ReferenceCase: Decodable {
  struct Tensor: Decodable {
    var name: String?
    var file: String
    var shape: [Int]
    var dtype: String

    func read() throws -> NumericArray { try Npy.read(ReferenceCases.path(self)) }
  }

  /// What PyTorch raised.
  struct Raised: Decodable { var message: String }

  struct OptimizerStep: Decodable {
    var grads: [String: Tensor]
    var params_after: [String: Tensor]
  }

  struct SeededEpoch: Decodable {
    struct Step: Decodable {
      var indices: [Int]
      var loss: Double
    }

    var batches: [Step]
  }

  struct Batch: Decodable {
    var input: Tensor
    var target: Tensor
  }

  var id: String
  var kind: String
  var layer: String
  var text: String?
  var mode: String?
  var random: Bool?
  var arg_tensors: [String: Tensor]?
  var inputs: [Tensor]?
  var params: [String: Tensor]?
  var buffers_before: [String: Tensor]?
  var buffers_after: [String: Tensor]?
  var outputs: [Tensor]?
  var grad_output: Tensor?
  var grads: [String: Tensor]?
  // error
  var raised: Raised?
  var input_shapes: [[Int]]?
  var input_dtypes: [String]?
  // optimizer
  var params_before: [String: Tensor]?
  var optimizerSteps: [OptimizerStep]?
  // clip
  var grads_before: [Tensor]?
  var grads_after: [Tensor]?
  var total_norm: Double?
  // dataloader
  var n: Int?
  var batchIndices: [[Int]]?
  // scheduler
  var base_lr: Double?
  var lrs: [Double]?
  var momenta: [Double]?
  var metrics: [Double]?
  // train-trace
  var loss: String?
  var optimizer: String?
  var trainSteps: Int?
  var state_before: [String: Tensor]?
  var state_after: [String: Tensor]?
  var trainBatches: [Batch]?
  var losses: [Double]?
  // seeded-train
  var seed: UInt64?
  var dataset: [String: Tensor]?
  var epochs_log: [SeededEpoch]?

  private enum CodingKeys: String, CodingKey {
    case id, kind, layer, text, mode, random, arg_tensors, inputs, params, buffers_before
    case buffers_after, outputs, grad_output, grads
    case params_before, steps, grads_before, grads_after, total_norm, n, batches, loss, optimizer
    case state_before, state_after, losses, seed, dataset, epochs_log, raised, input_shapes, input_dtypes
    case base_lr, lrs, momenta, metrics
  }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    id = try values.decode(String.self, forKey: .id)
    kind = try values.decode(String.self, forKey: .kind)
    layer = try values.decode(String.self, forKey: .layer)
    text = try values.decodeIfPresent(String.self, forKey: .text)
    switch kind {
    case "layer":
      mode = try values.decodeIfPresent(String.self, forKey: .mode)
      random = try values.decodeIfPresent(Bool.self, forKey: .random)
      arg_tensors = try values.decodeIfPresent([String: Tensor].self, forKey: .arg_tensors)
      inputs = try values.decode([Tensor].self, forKey: .inputs)
      params = try values.decodeIfPresent([String: Tensor].self, forKey: .params)
      buffers_before = try values.decodeIfPresent([String: Tensor].self, forKey: .buffers_before)
      buffers_after = try values.decodeIfPresent([String: Tensor].self, forKey: .buffers_after)
      outputs = try values.decode([Tensor].self, forKey: .outputs)
      grad_output = try values.decodeIfPresent(Tensor.self, forKey: .grad_output)
      grads = try values.decodeIfPresent([String: Tensor].self, forKey: .grads)
    case "error":
      raised = try values.decodeIfPresent(Raised.self, forKey: .raised)
      input_shapes = try values.decodeIfPresent([[Int]].self, forKey: .input_shapes)
      input_dtypes = try values.decodeIfPresent([String].self, forKey: .input_dtypes)
      inputs = try values.decodeIfPresent([Tensor].self, forKey: .inputs)
      arg_tensors = try values.decodeIfPresent([String: Tensor].self, forKey: .arg_tensors)
    case "transform":
      inputs = try values.decode([Tensor].self, forKey: .inputs)
      outputs = try values.decode([Tensor].self, forKey: .outputs)
    case "optimizer":
      params_before = try values.decode([String: Tensor].self, forKey: .params_before)
      optimizerSteps = try values.decode([OptimizerStep].self, forKey: .steps)
    case "clip":
      grads_before = try values.decode([Tensor].self, forKey: .grads_before)
      grads_after = try values.decode([Tensor].self, forKey: .grads_after)
      total_norm = try values.decode(Double.self, forKey: .total_norm)
    case "dataloader":
      n = try values.decodeIfPresent(Int.self, forKey: .n)
      batchIndices = try? values.decode([[Int]].self, forKey: .batches)
    case "scheduler":
      base_lr = try values.decode(Double.self, forKey: .base_lr)
      lrs = try values.decode([Double].self, forKey: .lrs)
      momenta = try values.decodeIfPresent([Double].self, forKey: .momenta)
      metrics = try values.decodeIfPresent([Double].self, forKey: .metrics)
    case "train-trace":
      loss = try values.decode(String.self, forKey: .loss)
      optimizer = try values.decode(String.self, forKey: .optimizer)
      trainSteps = try values.decode(Int.self, forKey: .steps)
      state_before = try values.decode([String: Tensor].self, forKey: .state_before)
      state_after = try values.decode([String: Tensor].self, forKey: .state_after)
      trainBatches = try values.decode([Batch].self, forKey: .batches)
      losses = try values.decode([Double].self, forKey: .losses)
    case "seeded-train":
      seed = try values.decode(UInt64.self, forKey: .seed)
      loss = try values.decode(String.self, forKey: .loss)
      optimizer = try values.decode(String.self, forKey: .optimizer)
      state_before = try values.decode([String: Tensor].self, forKey: .state_before)
      state_after = try values.decode([String: Tensor].self, forKey: .state_after)
      epochs_log = try values.decode([SeededEpoch].self, forKey: .epochs_log)
      let parts = try values.nestedContainer(keyedBy: DatasetKeys.self, forKey: .dataset)
      dataset = [
        "images": try parts.decode(Tensor.self, forKey: .images_u8_nchw),
        "labels": try parts.decode(Tensor.self, forKey: .labels),
      ]
    default: break
    }
  }

  private enum DatasetKeys: String, CodingKey { case images_u8_nchw, labels }
}

/// The first element that differs by more than `tolerance`·(1 + |b|), in words; nil where all are near.
/// NaN is near NaN only, an infinity near itself.
func difference(_ a: [Float], _ b: [Float], tolerance: Double) -> String? {
  guard a.count == b.count else { return "\(a.count) values, expected \(b.count)" }
  for index in a.indices {
    let (x, y) = (a[index], b[index])
    if x == y || x.isNaN && y.isNaN { continue }
    let distance = abs(Double(x) - Double(y))
    if !(distance <= tolerance * (1 + abs(Double(y)))) { return "element \(index) is \(x), expected \(y)" }
  }
  return nil
}
