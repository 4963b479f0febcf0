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
  /// The per-class weights of a loss.
  var classWeights: Tensor?

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
  case linear(LinearOperation)
  case maxPool2d(MaxPool2dOperation)
  case avgPool2d(AvgPool2dOperation)
  case relu
  case sigmoid
  case tanh
  case softmax(AxisLayout)
  case logSoftmax(AxisLayout)
  case dropout(DropoutOperation)
  case elementwise(ElementwiseProgram)
  case classLoss(ClassLossOperation)
  case crossEntropy(CrossEntropyOperation)
  case probabilityLoss(ProbabilityLossOperation)
  case squaredError(SquaredErrorOperation)
}
