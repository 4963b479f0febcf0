import NNKernelInterface

// (outer, axis, inner); labels and losses are (outer, inner).
extension VectorKernels {
  public static func crossEntropy(
    outer: Int, axis: Int, inner: Int, step: CrossEntropyStep, input: UnsafePointer<Float>,
    labels: UnsafePointer<Int64>, weight: UnsafePointer<Float>?, losses: UnsafeMutablePointer<Float>,
    gradient: UnsafeMutablePointer<Float>
  ) {
    logSoftmax(outer: outer, axis: axis, inner: inner, input: input, output: gradient)
    var line = 0
    while line < outer * inner {
      losses[line] = lineLoss(
        axis, inner, step, gradient + lineStart(line, axis, inner), Int(labels[line]), weight)
      line += 1
    }
    exponentials(outer * axis * inner, gradient)
    line = 0
    while line < outer * inner {
      subtractTarget(axis, inner, step, gradient + lineStart(line, axis, inner), Int(labels[line]), weight)
      line += 1
    }
  }
}

/// Where the first class of a line lies; the others follow at a distance of `inner`.
@inline(__always)
private func lineStart(_ line: Int, _ axis: Int, _ inner: Int) -> Int {
  line / inner * axis * inner + line % inner
}

/// -(1 - ε) · w[y] · log p[y] - (ε/C) · Σ w[c] · log p[c].
private func lineLoss(
  _ axis: Int, _ inner: Int, _ step: CrossEntropyStep, _ logProbabilities: UnsafePointer<Float>,
  _ label: Int, _ weight: UnsafePointer<Float>?
) -> Float {
  if label == step.ignoreIndex { return 0 }
  let loss = -logProbabilities[label * inner] * (weight?[label] ?? 1)
  if step.smoothing <= 0 { return loss }
  var smooth: Float = 0
  var c = 0
  while c < axis {
    smooth -= logProbabilities[c * inner] * (weight?[c] ?? 1)
    c += 1
  }
  return (1 - step.smoothing) * loss + step.smoothing / Float(axis) * smooth
}

/// p[c] · Σ t - t[c] in place of p[c], with t[c] = (1 - ε) · w[y] · (c = y) + (ε/C) · w[c]; zeros where
/// the label is ignored.
private func subtractTarget(
  _ axis: Int, _ inner: Int, _ step: CrossEntropyStep, _ line: UnsafeMutablePointer<Float>, _ label: Int,
  _ weight: UnsafePointer<Float>?
) {
  var c = 0
  if label == step.ignoreIndex {
    while c < axis {
      line[c * inner] = 0
      c += 1
    }
    return
  }
  let sharp = (1 - step.smoothing) * (weight?[label] ?? 1)
  guard step.smoothing > 0 || sharp != 1 else {
    line[label * inner] -= 1
    return
  }
  let smooth = step.smoothing / Float(axis)
  var total = sharp
  while c < axis {
    total += smooth * (weight?[c] ?? 1)
    c += 1
  }
  c = 0
  while c < axis {
    line[c * inner] = line[c * inner] * total - smooth * (weight?[c] ?? 1)
    c += 1
  }
  line[label * inner] -= sharp
}

/// y = exp(x) in place, for `count` values.
private func exponentials(_ count: Int, _ values: UnsafeMutablePointer<Float>) {
  var index = 0
  while index < count {
    let width = min(lanes, count - index)
    store(exponential(load(UnsafePointer(values + index), upTo: width)), to: values + index, upTo: width)
    index += lanes
  }
}
