/// PyTorch's default initialisation of layers with a weight and a bias, weight first, bit for bit.
/// Source: `torch/nn/modules/conv.py`, `linear.py`, `torch/nn/init.py`.
enum Initialization {
  /// `kaiming_uniform_(a=√5)` for the weight, U(-1/√fan_in, 1/√fan_in) for the bias, where fan_in is
  /// the number of products in one output value. A weight or bias without elements draws nothing.
  static func kaimingUniform(weight: Parameter, bias: Parameter?, fanIn: Int, _ generator: Generator) {
    guard fanIn > 0 else { return }
    let slope = 5.0.squareRoot()
    let gain = (2 / (1 + slope * slope)).squareRoot()
    let bound = 3.0.squareRoot() * (gain / Double(fanIn).squareRoot())
    weight.fillUniform(Float(-bound), Float(bound), generator)
    let biasBound = 1 / Double(fanIn).squareRoot()
    bias?.fillUniform(Float(-biasBound), Float(biasBound), generator)
  }
}
