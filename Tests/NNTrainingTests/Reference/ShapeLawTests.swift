import NNModel
import NNRuntime
import NNShapes
import NNTraining
import Testing

/// The main law: what the checker says of shapes, weights and buffers is what runs, over a sweep of all
/// layers and their arguments.
@Suite("Inferred is executed")
struct ShapeLawTests {
  struct Row: Sendable {
    /// The shape of one sample.
    var sample: [Int]
    var layers: [String]
  }

  private static func product(_ names: [String], _ arguments: [String]...) -> [String] {
    arguments.reduce(names) { texts, choices in
      texts.flatMap { text in choices.map { $0.isEmpty ? text : text + ", " + $0 } }
    }.map { $0 + ")" }
  }

  static let rows: [Row] = [
    Row(
      sample: [4, 9, 10],
      layers: product(
        ["Conv2d(4, 6, 3", "Conv2d(_, 4, (2, 4)"], ["", "stride=2", "stride=(1, 3)"],
        ["", "padding=1", "padding=(0, 2)"], ["", "dilation=2"], ["", "groups=2"],
        ["", "padding_mode=reflect", "padding_mode=circular, bias=False"])
        + product(["Conv2d(4, 6, 3, padding=same", "Conv2d(4, 6, 4, padding=valid"], ["", "dilation=2"])
        + product(
          ["ConvTranspose2d(4, 6, 3"], ["", "stride=2", "stride=(3, 1)"], ["", "padding=1"],
          ["", "dilation=2"], ["", "groups=2", "bias=False"])
        + [
          "ConvTranspose2d(4, 2, 3, stride=3, output_padding=(2, 1))",
          "ConvTranspose2d(_, 2, 1, dilation=3, output_padding=2)",
        ]
        + product(
          ["MaxPool2d(3", "MaxPool2d((2, 4)"], ["", "1", "(2, 5)"], ["", "padding=1"],
          ["", "ceil_mode=True"],
          ["", "dilation=2", "return_indices=True"])
        + product(
          ["AvgPool2d(3", "AvgPool2d((2, 4)"], ["", "1", "(2, 5)"], ["", "padding=1"],
          ["", "ceil_mode=True"],
          ["", "count_include_pad=False", "divisor_override=3"])
        + product(["LPPool2d(2, 2", "LPPool2d(3, (3, 2)"], ["", "stride=1"], ["", "ceil_mode=True"])
        + [
          "AdaptiveAvgPool2d(1)", "AdaptiveAvgPool2d((3, None))", "AdaptiveMaxPool2d((12, 2))",
          "AdaptiveMaxPool2d(4, return_indices=True)",
        ]
        + ["ZeroPad2d", "ReflectionPad2d", "ReplicationPad2d", "CircularPad2d"].flatMap {
          ["\($0)(2)", "\($0)((1, 0, 3, 2))", "\($0)((-1, 2, 0, -2))"]
        }
        + [
          "ConstantPad2d(1, 0.5)", "PixelShuffle(2)", "Upsample(scale_factor=2)",
          "Upsample(scale_factor=(1.5, 0.7))",
          "Upsample(size=(4, 13))", "Upsample(size=7, mode=bilinear)",
          "Upsample(scale_factor=1.7, mode=bilinear, align_corners=True)",
        ]
        + [
          "BatchNorm2d(4)", "BatchNorm2d(_, momentum=None)", "BatchNorm2d(4, affine=False)",
          "BatchNorm2d(4, bias=False, track_running_stats=False)", "InstanceNorm2d(4)",
          "InstanceNorm2d(4, affine=True, track_running_stats=True)", "GroupNorm(2, 4)",
          "GroupNorm(4, _, affine=False)",
          "LayerNorm((4, 9, 10))", "LayerNorm(10, bias=False)", "RMSNorm((9, 10))", "LocalResponseNorm(3)",
          "Dropout(0.5)", "Dropout2d(0.5)",
        ]
        + [
          "Flatten()", "Flatten(2)", "Flatten(1, 2)", "Unflatten(1, (2, -1))", "Unflatten(-1, (5, 2))",
          "Identity()",
          "Linear(10, 7)", "Linear(_, 3, bias=False)", "ReLU()", "Sigmoid()", "Tanh()", "Softmax(1)",
          "LogSoftmax(-1)",
        ]
        + [
          "Sequential(Conv2d(4, 8, 3), BatchNorm2d(8), ReLU(), MaxPool2d(2))",
          "Sequential(MaxPool2d(3, return_indices=True), MaxUnpool2d(3, output_size=(9, 10)))",
        ]),
    Row(
      sample: [4, 8, 6],
      layers: ["PixelUnshuffle(2)", "Conv2d(4, 4, 7, padding=same, padding_mode=replicate)"]),
    Row(
      sample: [4, 11],
      layers: product(
        ["Conv1d(4, 6, 3"], ["", "stride=2"], ["", "padding=2", "padding=same"], ["", "dilation=2"],
        ["", "groups=2", "padding_mode=replicate"]
      ).filter { !($0.contains("same") && $0.contains("stride")) }
        + product(
          ["ConvTranspose1d(4, 6, 3"], ["", "stride=2"], ["", "padding=1"], ["", "dilation=2", "groups=2"])
        + product(
          ["MaxPool1d(3"], ["", "2"], ["", "padding=1"], ["", "ceil_mode=True", "return_indices=True"])
        + product(
          ["AvgPool1d(3"], ["", "2"], ["", "padding=1"], ["", "ceil_mode=True", "count_include_pad=False"])
        + [
          "AdaptiveAvgPool1d(3)", "BatchNorm1d(4)", "BatchNorm1d(_, affine=False)", "Dropout1d()",
          "Upsample(scale_factor=2)",
          "GroupNorm(2, 4)", "LocalResponseNorm(2)", "Softmax(2)",
        ]),
    Row(
      sample: [12],
      layers: ["Linear(12, 5)", "BatchNorm1d(12)", "Unflatten(1, (3, 4))", "LayerNorm(12)", "RMSNorm(12)"]),
  ]

  @Test("Shapes, weights and buffers of every layer are as inferred", arguments: rows)
  func law(_ row: Row) throws {
    let generator = Generator(seed: 4)
    for text in row.layers {
      let (plan, _) = try planned("input = \(Shape(row.sample))\nmodel M { \(text) }", isApplied: true)
      let network = Network(plan, threads: 2)
      for batch in [1, 3] {
        let shape = Shape(row.sample).batched(batch)
        let tape = network.tape
        tape.reset()
        tape.isTraining = batch > 1
        let values = (0..<shape.elementCount).map { _ in generator.uniform() + 0.5 }
        let output = network.layers.forward(
          tape.variable(Tensor(values, shape, .channelsLast), requiresGrad: true), tape)
        #expect(tape.shape(output) == network.plan.output.shape(inBatchOf: batch), "\(text), batch \(batch)")
        if let indices = tape.indices(output) { #expect(indices.shape == tape.shape(output), "\(text)") }
        let ones = [Float](repeating: 1, count: tape.shape(output).elementCount)
        if tape.shape(output).elementCount > 0, text != "Identity()", !text.hasPrefix("Dropout") || batch > 1
        {
          tape.backward(from: output, gradient: Tensor(ones, tape.shape(output)))
        }
      }
      let rules = network.plan.layers[0].configuration.rules
      if !text.hasPrefix("Sequential") {
        let inferred = (rules.weights + rules.buffers).map { "0.\($0.name) \($0.shape)" }
        #expect(network.stateEntries.map { "\($0.key) \($0.array.shape)" } == inferred, "\(text)")
      }
    }
    print("inferred is executed: \(row.layers.count) layers on \(Shape(row.sample))")
  }
}
