import NNData

/// One pass through a model with values from files: `nnrun apply`.
public struct ApplyRequest: Sendable {
  /// What `Dropout` and its like do.
  public enum Mode: String, Sendable, CaseIterable { case train, eval }

  /// `--input X.npy`, batched or not, as torch takes it.
  public var input: String
  /// `--weights W.safetensors`; nil takes the weights drawn from the seed.
  public var weights: String?
  /// `--partial`: take from `weights` what fits.
  public var partialWeights = false
  /// `--target T.npy`: the output is then the file's loss of the model's output and this.
  public var target: String?
  /// `--grad-output DY.npy`: the gradient of the output, for ``grads``.
  public var gradOutput: String?
  public var mode = Mode.eval
  /// `--threads`; nil takes every core.
  public var threads: Int?
  /// `--convolution`
  public var convolution = ConvolutionMethod.automatic

  // Files to write.

  /// `--output Y.npy`, float32.
  public var output: String?
  /// `--grads G.safetensors`: the gradient of the input under `input`, of every parameter under its
  /// state_dict key.
  public var grads: String?
  /// `--indices I.npy`, int64: of a last layer with `return_indices=True`.
  public var indices: String?
  /// `--state-after S.safetensors`: parameters and buffers after the pass.
  public var stateAfter: String?

  public init(input: String) { self.input = input }
}

/// What a pass gave.
public struct ApplyResult: Sendable {
  /// The output, or the loss where there was a target.
  public var output: NumericArray
  /// The second output of `return_indices=True`.
  public var indices: NumericArray?
  /// What `--partial` left out, and the like.
  public var messages: [RunMessage]
}
