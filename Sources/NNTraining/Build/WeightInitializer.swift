import NNModel
import NNRuntime

extension Layer {
  /// Draws `weight` as `init=` says. The bias keeps its own values.
  package func initializeWeight(_ initialization: WeightInitialization, _ generator: Generator) {
    guard let weight = ownParameters.first(where: { $0.name == "weight" })?.parameter else { return }
    switch initialization {
    case .uniform(let a, let b): weight.initialize(.uniform(a, b), generator)
    case .normal(let mean, let std): weight.initialize(.normal(mean, std), generator)
    case .truncNormal(let mean, let std, let a, let b):
      weight.initialize(.truncatedNormal(mean, std, a, b), generator)
    case .constant(let value): weight.initialize(.constant(value), generator)
    case .eye: weight.initialize(.identity(groups: 1), generator)
    case .dirac(let groups): weight.initialize(.identity(groups: groups), generator)
    case .xavierUniform(let gain):
      let bound = gain * (6 / Double(weight.fanIn + weight.fanOut)).squareRoot()
      weight.initialize(.uniform(-bound, bound), generator)
    case .xavierNormal(let gain):
      weight.initialize(
        .normal(0, gain * (2 / Double(weight.fanIn + weight.fanOut)).squareRoot()), generator)
    case .kaimingUniform(let gain, let mode):
      let bound = 3.0.squareRoot() * (gain / Double(weight.fan(mode)).squareRoot())
      weight.initialize(.uniform(-bound, bound), generator)
    case .kaimingNormal(let gain, let mode):
      weight.initialize(.normal(0, gain / Double(weight.fan(mode)).squareRoot()), generator)
    }
  }
}

extension NNRuntime.Parameter {
  fileprivate func fan(_ mode: WeightInitialization.FanMode) -> Int {
    switch mode {
    case .fanIn: fanIn
    case .fanOut: fanOut
    }
  }
}
