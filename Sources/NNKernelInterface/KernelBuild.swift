import NNShapes

/// One build of the kernels: every build implements this protocol from the same sources, compiled
/// with its own flags.
///
/// An entry works on the part of an operation that one thread does alone; `NNKernels` cuts the
/// operations into such parts. Entries neither allocate nor throw, and never call each other across
/// builds. Feature maps are channels-last: (N, H, W, C).
///
/// The protocol has static requirements only, so that a build is chosen by its metatype and a call
/// is one indirect jump.
public protocol KernelBuild: ConvolutionKernels, WinogradKernels,
  SparseConvolutionKernels, LinearKernels, ElementwiseKernels,
  NormalizationKernels, ChannelKernels, PoolingKernels, LayoutKernels, OptimizerKernels, RateKernels,
  SendableMetatype
{}

/// Convolution: input (N, H, W, C), weight (O, kH, kW, C/groups), output (N, H', W', O).
public protocol ConvolutionKernels {
  /// Phases of a gathering pass, at least 1.
  static func gatherPhases(_ geometry: Conv2dGeometry, pass: ConvolutionPass) -> Int
  /// How one phase is cut. `epilogue` is what follows the forward pass, for both passes.
  static func gatherCounts(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, epilogue: ConvolutionEpilogue, phase: Int
  ) -> GatherCounts
  /// Packs a part of the weights and the bias, nil for zeros, into `packed`.
  static func packGather(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, epilogue: ConvolutionEpilogue, phase: Int,
    task: Int, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>?,
    packed: UnsafeMutablePointer<Float>)
  /// Computes a part of the target. `scratch` is the worker's own.
  static func gather(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, epilogue: ConvolutionEpilogue, phase: Int,
    task: Int, operands: GatherOperands, scratch: UnsafeMutablePointer<Float>)

  /// How a weight gradient is cut; `pooled` where the output gradient is that of a pooled map.
  static func weightGradientCounts(_ geometry: Conv2dGeometry, pooled: Bool) -> WeightGradientCounts
  /// Computes one slice of one partial sum, in an order of the build's own: added to what is there when
  /// `accumulate` is set, else stored. No sums of biases where `biasSums` is nil. `scratch` is the
  /// worker's own, and so is `preparedRegion`: it tells which part of the input the scratch holds, -1 for
  /// none.
  static func weightGradient(
    _ geometry: Conv2dGeometry, partial: Int, slice: Int, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, weightSums: UnsafeMutablePointer<Float>,
    biasSums: UnsafeMutablePointer<Float>?, accumulate: Bool, scratch: UnsafeMutablePointer<Float>,
    preparedRegion: UnsafeMutablePointer<Int32>)
  /// Adds up one slice of all partial sums, which are lost, and brings it into place: added to what is
  /// there when `accumulate` is set, else stored. `scratch` is the worker's own.
  static func finishWeightGradient(
    _ geometry: Conv2dGeometry, pooled: Bool, slice: Int, sums: UnsafeMutablePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, scratch: UnsafeMutablePointer<Float>)
}

/// The linear layer y = x · Wᵀ + b, with x (rows, in), W (out, in), y (rows, out).
public protocol LinearKernels {
  /// Outputs `firstOutput` ..< `endOutput` of rows `firstRow` ..< `endRow`, of which with `relu` the
  /// negative ones become 0.
  static func linearForward(
    inFeatures: Int, outFeatures: Int, firstRow: Int, endRow: Int, firstOutput: Int, endOutput: Int,
    relu: Bool, input: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>)
  /// Floats of scratch memory that each worker needs for a gradient.
  static func linearScratchCount(rows: Int, outFeatures: Int) -> Int
  /// dx = dy · W at the inputs `firstInput` ..< `endInput` of all rows.
  static func linearInputGradient(
    rows: Int, inFeatures: Int, outFeatures: Int, firstInput: Int, endInput: Int,
    outputGradient: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
  /// dW = dyᵀ · x at the inputs `firstInput` ..< `endInput` of all outputs, added to what is there when
  /// `accumulate` is set.
  static func linearWeightGradient(
    rows: Int, inFeatures: Int, outFeatures: Int, firstInput: Int, endInput: Int,
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, accumulate: Bool, scratch: UnsafeMutablePointer<Float>)
  /// db = Σ dy over at least one row, added to what is there when `accumulate` is set.
  static func linearBiasGradient(
    rows: Int, outFeatures: Int, outputGradient: UnsafePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>, accumulate: Bool)
}

/// Operations on each element by itself. In place is allowed: an output may be one of the inputs.
public protocol ElementwiseKernels {
  /// y = max(x, 0); NaN stays.
  static func relu(count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>)
  /// dx = dy where y > 0 or y is NaN, else 0.
  static func reluBackward(
    count: Int, output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>)
  /// y = 1 / (1 + exp(-x)).
  static func sigmoid(count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>)
  /// dx = dy · y · (1 - y).
  static func sigmoidBackward(
    count: Int, output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>)
  /// y = tanh(x).
  static func tanh(count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>)
  /// dx = dy · (1 - y²).
  static func tanhBackward(
    count: Int, output: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>)
  /// y = f(x).
  static func elementwise(
    _ function: ElementwiseFunction, count: Int, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>)
  /// dx = dy · f'(x).
  static func elementwiseBackward(
    _ function: ElementwiseFunction, count: Int, input: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>)
  /// y = a + b.
  static func add(
    count: Int, a: UnsafePointer<Float>, b: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>)
  /// y = a · b.
  static func multiply(
    count: Int, a: UnsafePointer<Float>, b: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>)
  /// y = factor · x.
  static func scale(
    count: Int, factor: Float, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>)
  /// y += factor · x.
  static func addScaled(
    count: Int, factor: Float, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>)
  /// y = value.
  static func fill(count: Int, value: Float, output: UnsafeMutablePointer<Float>)
  /// y = factor · x where the mask is not 0, else 0 · x.
  static func applyMask(
    count: Int, factor: Float, mask: UnsafePointer<UInt8>, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>)
  /// Σ x in double precision.
  static func sum(count: Int, input: UnsafePointer<Float>) -> Double
}

/// Softmax and its logarithm along the middle axis of (outer, axis, inner), for `outer` 0 ..< count.
public protocol NormalizationKernels {
  /// y = exp(x - max) / Σ exp(x - max).
  static func softmax(
    outer: Int, axis: Int, inner: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>)
  /// dx = y · (dy - Σ dy · y).
  static func softmaxBackward(
    outer: Int, axis: Int, inner: Int, output: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>)
  /// y = x - max - log Σ exp(x - max).
  static func logSoftmax(
    outer: Int, axis: Int, inner: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>)
  /// dx = dy - exp(y) · Σ dy.
  static func logSoftmaxBackward(
    outer: Int, axis: Int, inner: Int, output: UnsafePointer<Float>,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>)
  /// The loss of each line, -Σ t · log softmax(x), and its gradient softmax(x) · Σ t - t, for targets
  /// t[c] = (1 - ε) · w[y] · (c = y) + (ε/C) · w[c]; both 0 where the label y is ignored. Labels and
  /// losses are (outer, inner); labels are in 0 ..< axis or ignored.
  static func crossEntropy(
    outer: Int, axis: Int, inner: Int, step: CrossEntropyStep, input: UnsafePointer<Float>,
    labels: UnsafePointer<Int64>, weight: UnsafePointer<Float>?, losses: UnsafeMutablePointer<Float>,
    gradient: UnsafeMutablePointer<Float>)
}

/// Sums and maps by channel of (rows, channels).
public protocol ChannelKernels {
  /// Σ (x - shift) over the rows.
  static func channelSums(
    rows: Int, channels: Int, input: UnsafePointer<Float>, shift: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>)
  /// Σ (x - mean)² over the rows.
  static func channelSquares(
    rows: Int, channels: Int, input: UnsafePointer<Float>, mean: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>)
  /// Σ dy, and Σ dy · (x - mean), over the rows; with `relu` of the gradient before a ReLU of the mapped x.
  static func channelProducts(
    rows: Int, channels: Int, map: ChannelMap, relu: Bool, gradient: UnsafePointer<Float>,
    input: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>, products: UnsafeMutablePointer<Float>)
  /// y = (x - mean) · scale + shift, with `relu` not below 0.
  static func channelNormalize(
    rows: Int, channels: Int, map: ChannelMap, relu: Bool, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>)
  /// dx = (dy - offset + (x - mean) · factor) · scale; with `relu` of the gradient before a ReLU of the mapped x.
  static func channelNormalizeBackward(
    rows: Int, channels: Int, map: ChannelMap, relu: Bool, factor: UnsafePointer<Float>,
    offset: UnsafePointer<Float>, gradient: UnsafePointer<Float>, input: UnsafePointer<Float>,
    inputGradient: UnsafeMutablePointer<Float>)
}

/// Pooling of whole images or rows of them; pointers are to the whole batch.
public protocol PoolingKernels {
  /// Output rows `rows` of (N·H') of a max pooling. `indices` gets h·W + w of each maximum.
  static func maxPool2dForward(
    _ geometry: Pool2dGeometry, firstRow: Int, endRow: Int, input: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, indices: UnsafeMutablePointer<Int32>?)
  /// The input gradient of one image.
  static func maxPool2dBackward(
    _ geometry: Pool2dGeometry, image: Int, outputGradient: UnsafePointer<Float>,
    indices: UnsafePointer<Int32>, inputGradient: UnsafeMutablePointer<Float>)
  /// Output rows of (N·H') of an average pooling; `divisorOverride` 0 stands for none.
  static func avgPool2dForward(
    _ geometry: Pool2dGeometry, countIncludePad: Bool, divisorOverride: Int, firstRow: Int,
    endRow: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>)
  /// The input gradient of one image.
  static func avgPool2dBackward(
    _ geometry: Pool2dGeometry, countIncludePad: Bool, divisorOverride: Int, image: Int,
    outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>)
}

/// Changes of storage order.
public protocol LayoutKernels {
  /// (rows, columns) to (columns, rows): rows of x become columns of y. The row strides are those of
  /// x and of y, in elements.
  static func transpose(
    rows: Int, columns: Int, input: UnsafePointer<Float>, inputStride: Int,
    output: UnsafeMutablePointer<Float>, outputStride: Int)
}

/// One pass over a parameter. Formulas: PyTorch, `torch/optim/`.
public protocol OptimizerKernels {
  /// A step of an optimizer; see ``OptimizerStep`` for what it computes and which `buffers` it needs.
  static func update(
    count: Int, step: OptimizerStep, parameter: UnsafeMutablePointer<Float>,
    gradient: UnsafePointer<Float>, buffers: OptimizerBuffers)
}

/// What the others are measured against.
public protocol RateKernels {
  /// Runs independent multiply-adds that start from and end in the 16 floats of `sink`; returns the
  /// number of floating-point operations.
  static func multiplyAdds(iterations: Int, sink: UnsafeMutablePointer<Float>) -> Int
}

/// Convolution by Winograd's method: square kernels of 3 or 5, both strides 1 or both 2, dilation 1,
/// one group.
public protocol WinogradKernels {
  /// How a gathering pass is cut for `threads` threads, on which the numbers do not depend; `pooling`
  /// where a 2×2 max pooling follows the forward pass.
  static func winogradCounts(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, pooling: Bool, threads: Int
  ) -> GatherCounts
  /// Brings a part of the weights to the points, where the tasks share them. `scratch` is the worker's own.
  static func packWinograd(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, pooling: Bool, threads: Int, task: Int,
    weight: UnsafePointer<Float>, packed: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>)
  /// Computes a part of the target. The source is the input, or the output gradient with or without a
  /// pooling's `argmax`. The first float of `scratch` is 0 in a worker's first task of the pass, and the
  /// memory its own until the last: what one task leaves there, others use.
  static func winograd(
    _ geometry: Conv2dGeometry, pass: ConvolutionPass, epilogue: ConvolutionEpilogue, threads: Int,
    task: Int, source: ConvolutionOutputGradient, weight: UnsafePointer<Float>,
    packed: UnsafePointer<Float>, bias: UnsafePointer<Float>?, target: UnsafeMutablePointer<Float>,
    argmax: UnsafeMutablePointer<UInt8>?, scratch: UnsafeMutablePointer<Float>)

  /// How a weight gradient, of other than 3×3 kernels of stride 2, is cut for `threads` threads, on which the
  /// numbers do not depend.
  static func winogradGradientCounts(
    _ geometry: Conv2dGeometry, pooled: Bool, threads: Int
  ) -> WinogradGradientCounts
  /// One of the tasks that come first. Overwrites its part of `shared`.
  static func winogradGradient(
    _ geometry: Conv2dGeometry, threads: Int, task: Int, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, shared: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>)
  /// Writes the gradients of some output channels. `scratch` as in
  /// ``winograd(_:pass:epilogue:threads:task:source:weight:packed:bias:target:argmax:scratch:)``.
  static func finishWinogradGradient(
    _ geometry: Conv2dGeometry, threads: Int, task: Int, input: UnsafePointer<Float>,
    outputGradient: ConvolutionOutputGradient, shared: UnsafePointer<Float>,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, scratch: UnsafeMutablePointer<Float>)
}

/// The weight gradient of a convolution whose output goes into a 2×2 max pooling and nowhere else, from
/// the pooled gradient: a quarter of the direct pass's multiply-adds, none of them with a zero.
public protocol SparseConvolutionKernels {
  /// How a sparse weight gradient is cut.
  static func sparseWeightGradientCounts(_ geometry: Conv2dGeometry) -> SparseWeightGradientCounts
  /// Copies one block of one region of the input to its place in `copy`, the shared copy.
  static func copySparseSource(
    _ geometry: Conv2dGeometry, region: Int, block: Int, input: UnsafePointer<Float>,
    copy: UnsafeMutablePointer<Float>)
  /// Computes one slice of one partial sum into `weightGradient` and `biasGradient`, adding to what is
  /// there when `accumulate` is set. `scratch` is the worker's own; `copy` is read where there is one.
  static func sparseWeightGradient(
    _ geometry: Conv2dGeometry, partial: Int, slice: Int, input: UnsafePointer<Float>,
    copy: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, argmax: UnsafePointer<UInt8>,
    weightGradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    accumulate: Bool, scratch: UnsafeMutablePointer<Float>)
  /// target (+)= Σ of `partials` buffers that lie `stride` apart, in order.
  static func addPartialSums(
    count: Int, partials: Int, stride: Int, sums: UnsafePointer<Float>,
    target: UnsafeMutablePointer<Float>, accumulate: Bool)
}
