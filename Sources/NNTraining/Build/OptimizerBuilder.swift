import NNKernels
import NNModel
import NNRuntime

/// Makes the running optimizer of a checked one, over these parameters, each in the group that its key says.
/// `cyclesMomentum`: a schedule will set the momentum, whatever it is now.
package func makeOptimizer(
  _ plan: OptimizerPlan, parameters: [NamedParameter], cyclesMomentum: Bool = false,
  kernels: Kernels = .current
) -> Optimizer {
  Optimizer(
    parameters, rules: plan.groups.map { makeRule($0.kind, lr: $0.lr, cyclesMomentum: cyclesMomentum) },
    groups: parameters.map { plan.matched[$0.name] ?? 0 }, kernels: kernels)
}

private func makeRule(_ kind: OptimizerPlan.Kind, lr: Double, cyclesMomentum: Bool) -> any UpdateRule {
  switch kind {
  case .sgd(let momentum, let dampening, let weightDecay, let nesterov, let maximize):
    SGD(
      learningRate: lr, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
      nesterov: nesterov, maximize: maximize, keepsMomentum: cyclesMomentum ? true : nil)
  case .adam(let betas, let eps, let weightDecay, let amsgrad, let maximize, let decoupled):
    Adam(
      learningRate: lr, betas: betas, epsilon: eps, weightDecay: weightDecay,
      decoupledWeightDecay: decoupled, amsgrad: amsgrad, maximize: maximize)
  case .rmsprop(let alpha, let eps, let weightDecay, let momentum, let centered, let maximize):
    RMSprop(
      learningRate: lr, alpha: alpha, epsilon: eps, weightDecay: weightDecay, momentum: momentum,
      centered: centered, maximize: maximize, keepsMomentum: cyclesMomentum ? true : nil)
  case .adagrad(let lrDecay, let weightDecay, let initialAccumulatorValue, let eps, let maximize):
    Adagrad(
      learningRate: lr, rateDecay: lrDecay, weightDecay: weightDecay,
      initialAccumulatorValue: initialAccumulatorValue, epsilon: eps, maximize: maximize)
  case .adadelta(let rho, let eps, let weightDecay, let maximize):
    Adadelta(learningRate: lr, rho: rho, epsilon: eps, weightDecay: weightDecay, maximize: maximize)
  case .adamax(let betas, let eps, let weightDecay, let maximize):
    Adamax(learningRate: lr, betas: betas, epsilon: eps, weightDecay: weightDecay, maximize: maximize)
  case .nadam(let betas, let eps, let weightDecay, let momentumDecay, let decoupled, let maximize):
    NAdam(
      learningRate: lr, betas: betas, epsilon: eps, weightDecay: weightDecay, momentumDecay: momentumDecay,
      decoupledWeightDecay: decoupled, maximize: maximize)
  case .radam(let betas, let eps, let weightDecay, let decoupled, let maximize):
    RAdam(
      learningRate: lr, betas: betas, epsilon: eps, weightDecay: weightDecay,
      decoupledWeightDecay: decoupled, maximize: maximize)
  }
}
