import NNKernels
import NNShapes

extension Tape {
  /// Computes the gradients of everything that `root` was made of, and adds them to those of earlier
  /// backward passes: d(sum(gradient · root))/dx.
  ///
  /// `gradient` has the shape of `root`. Traps where nothing was recorded and where the shapes differ.
  public func backward(from root: Variable, gradient: Tensor) {
    let seed = pool.makeTensor(shape(root), tensor(root).format)
    copy(gradient, into: seed)
    runBackward(from: root, seed: seed)
  }

  /// The same for a root of one element: d(scale · root)/dx. Traps on other roots.
  public func backward(from root: Variable, scale: Float = 1) {
    let shape = shape(root)
    precondition(shape.elementCount == 1, "backward from \(shape) needs a gradient")
    let seed = pool.makeTensor(shape, tensor(root).format)
    seed.pointer[0] = scale
    runBackward(from: root, seed: seed)
  }

  private func runBackward(from root: Variable, seed: Tensor) {
    precondition(values[root.index].needsGradient, "backward: nothing was recorded for \(seed.shape)")
    while gradients.count < values.count { gradients.append(nil) }
    addGradient(seed, to: root.index)

    var position = nodes.count - 1
    while position >= 0 {
      let output = nodes[position].output
      if output <= root.index, let outputGradient = takeGradient(of: output) {
        runBackward(nodes[position], outputGradient)
      }
      position -= 1
    }
  }

  /// The one place that knows every operation's backward pass.
  private func runBackward(_ node: Node, _ outputGradient: Tensor) {
    switch node.operation {
    case .reformat: reformatBackward(node, outputGradient)
    case .reshape: reshapeBackward(node, outputGradient)
    case .conv2d(let operation): conv2dBackward(operation, node, outputGradient)
    case .convTranspose2d(let geometry): convTranspose2dBackward(geometry, node, outputGradient)
    case .linear(let operation): linearBackward(operation, node, outputGradient)
    case .embedding(let operation): embeddingBackward(operation, node, outputGradient)
    case .maxPool2d(let operation): maxPool2dBackward(operation, node, outputGradient)
    case .maxUnpool2d: maxUnpool2dBackward(node, outputGradient)
    case .avgPool2d(let operation): avgPool2dBackward(operation, node, outputGradient)
    case .adaptiveAvgPool2d(let operation): adaptiveAvgPool2dBackward(operation, node, outputGradient)
    case .adaptiveMaxPool2d(let operation): adaptiveMaxPool2dBackward(operation, node, outputGradient)
    case .lpPool2d(let operation): lpPool2dBackward(operation, node, outputGradient)
    case .padding(let operation): paddingBackward(operation, node, outputGradient)
    case .pixelShuffle(let operation): pixelShuffleBackward(operation, node, outputGradient)
    case .upsample(let operation): upsampleBackward(operation, node, outputGradient)
    case .relu: reluBackward(node, outputGradient)
    case .sigmoid: sigmoidBackward(node, outputGradient)
    case .tanh: tanhBackward(node, outputGradient)
    case .elementwise(let function): elementwiseBackward(function, node, outputGradient)
    case .prelu(let operation): preluBackward(operation, node, outputGradient)
    case .glu(let operation): gluBackward(operation, node, outputGradient)
    case .scale(let factor): scaleBackward(factor, node, outputGradient)
    case .softmax(let layout): softmaxBackward(layout, node, outputGradient)
    case .logSoftmax(let layout): logSoftmaxBackward(layout, node, outputGradient)
    case .batchNorm(let operation): batchNormBackward(operation, node, outputGradient)
    case .rowNorm(let operation): rowNormBackward(operation, node, outputGradient)
    case .localResponseNorm(let operation): localResponseNormBackward(operation, node, outputGradient)
    case .dropout(let operation): dropoutBackward(operation, node, outputGradient)
    case .channelDropout(let operation): channelDropoutBackward(operation, node, outputGradient)
    case .formula(let program): formulaBackward(program, node, outputGradient)
    case .classLoss(let operation): classLossBackward(operation, node, outputGradient)
    case .crossEntropy(let operation): crossEntropyBackward(operation, node, outputGradient)
    case .probabilityLoss(let operation): probabilityLossBackward(operation, node, outputGradient)
    case .elementwiseLoss(let operation): elementwiseLossBackward(operation, node, outputGradient)
    }
  }

  /// The gradient of a value that an operation made, removed: it is complete, and nobody needs it
  /// after that operation's backward pass.
  private func takeGradient(of index: Int) -> Tensor? {
    let gradient = gradients[index]
    gradients[index] = nil
    return gradient
  }

  // MARK: What operations use

  /// Whether value `index` takes a gradient; false for an absent input, -1.
  func wantsGradient(_ index: Int) -> Bool { index >= 0 && values[index].needsGradient }

  /// Adds `gradient` to the gradient of value `index`, or makes it that: the caller gives it away.
  func addGradient(_ gradient: Tensor, to index: Int) {
    let value = values[index]
    let gradient = stored(gradient, as: value.tensor.format)
    if let parameter = value.parameter {
      add(gradient, to: parameter)
    } else if let present = gradients[index] {
      // Into new memory: either of the two may be shared with a view of it.
      let sum = pool.makeTensor(present.shape, present.format)
      kernels.add(
        count: sum.count, a: present.pointer, b: gradient.pointer, output: sum.pointer, pool: threads)
      gradients[index] = sum
    } else {
      gradients[index] = gradient
    }
  }

  /// The gradient of a parameter from an operation that does not write it there itself.
  private func add(_ gradient: Tensor, to parameter: Parameter) {
    if parameter.hasGradient {
      kernels.addScaled(
        count: gradient.count, factor: 1, input: gradient.pointer,
        output: parameter.gradient.pointer, pool: threads)
    } else {
      parameter.gradient.pointer.update(from: gradient.pointer, count: gradient.count)
      parameter.hasGradient = true
    }
  }

  /// A tensor of zeros, for gradients that are added up.
  func makeZeros(_ shape: Shape, _ format: MemoryFormat = .contiguous) -> Tensor {
    let zeros = pool.makeTensor(shape, format)
    zeros.pointer.update(repeating: 0, count: zeros.count)
    return zeros
  }

  /// Memory for one kernel call's scratch values: the same for one call after the other, so that it stays in
  /// the cache.
  func makeWorkspace(_ count: Int) -> Tensor { pool.makeWorkspace(count) }
}
