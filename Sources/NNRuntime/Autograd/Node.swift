import NNKernels
import NNShapes

/// One operation on the tape: what its backward pass needs to know.
struct Node {
  let operation: Operation
  /// The values that went in: indices of the tape's values, -1 for an absent one (a bias).
  let inputs: Inputs
  /// The value that came out.
  let output: Int
  /// Memory that the forward pass keeps for the backward pass: a dropout mask, the indices of a max
  /// pooling, class labels.
  var saved: Storage?
  /// The weights of a loss: one a class, or one an element.
  var lossWeights: Tensor?

  /// Up to three inputs, without an array.
  struct Inputs {
    var first: Int
    var second = -1
    var third = -1
  }
}

/// What a node did, with its numbers. One case an operation; `Tape.runBackward` switches over it.
enum Operation {
  case reformat
  case reshape
  case conv2d(Conv2dOperation)
  case convTranspose2d(Conv2dGeometry)
  case linear(LinearOperation)
  case embedding(EmbeddingOperation)
  case maxPool2d(MaxPool2dOperation)
  case maxUnpool2d
  case avgPool2d(AvgPool2dOperation)
  case adaptiveAvgPool2d(AdaptivePoolOperation)
  case adaptiveMaxPool2d(AdaptivePoolOperation)
  case lpPool2d(LPPool2dOperation)
  case padding(PaddingOperation)
  case pixelShuffle(PixelShuffleOperation)
  case upsample(UpsampleOperation)
  case relu
  case sigmoid
  case tanh
  case elementwise(ElementwiseFunction)
  case prelu(PReLUOperation)
  case glu(GLUOperation)
  case scale(Float)
  case softmax(AxisLayout)
  case logSoftmax(AxisLayout)
  case batchNorm(BatchNormOperation)
  case rowNorm(RowNormOperation)
  case localResponseNorm(LocalResponseNormOperation)
  case dropout(DropoutOperation)
  case channelDropout(ChannelDropoutOperation)
  case formula(ElementwiseProgram)
  case classLoss(ClassLossOperation)
  case crossEntropy(CrossEntropyOperation)
  case probabilityLoss(ProbabilityLossOperation)
  case elementwiseLoss(ElementwiseLossOperation)
}
