import NNModel
import NNRuntime

/// Makes the running layer of a checked activation.
package func makeActivation(_ activation: Activation) -> any Layer {
  switch activation {
  case .relu: ReLU()
  case .sigmoid: Sigmoid()
  case .tanh: Tanh()
  case .leakyReLU(let slope): Elementwise(.leakyReLU(slope: Float(slope)))
  case .relu6: Elementwise(.relu6)
  case .hardtanh(let low, let high): Elementwise(.hardtanh(low: Float(low), high: Float(high)))
  case .elu(let alpha): Elementwise(.elu(alpha: Float(alpha)))
  case .celu(let alpha): Elementwise(.celu(alpha: Float(alpha)))
  case .selu: Elementwise(.selu)
  case .gelu(let isTanh): Elementwise(isTanh ? .geluTanh : .gelu)
  case .silu: Elementwise(.silu)
  case .mish: Elementwise(.mish)
  case .softplus(let beta, let threshold):
    Elementwise(.softplus(beta: Float(beta), threshold: Float(threshold)))
  case .softsign: Elementwise(.softsign)
  case .logSigmoid: Elementwise(.logSigmoid)
  case .hardswish: Elementwise(.hardswish)
  case .hardsigmoid: Elementwise(.hardsigmoid)
  case .hardshrink(let lambd): Elementwise(.hardshrink(lambda: Float(lambd)))
  case .softshrink(let lambd): Elementwise(.softshrink(lambda: Float(lambd)))
  case .tanhshrink: Elementwise(.tanhshrink)
  case .threshold(let threshold, let value):
    Elementwise(.threshold(Float(threshold), value: Float(value)))
  }
}
