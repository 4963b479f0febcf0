import NNKernels
import NNModel
import NNRuntime

/// Makes the running optimizer of a checked one, over these parameters.
package func makeOptimizer(
  _ plan: OptimizerPlan, parameters: [NamedParameter], kernels: Kernels = .current
) -> any Optimizer {
  switch plan.kind {
  case .sgd(let momentum, let dampening, let weightDecay, let nesterov, let maximize):
    SGD(
      parameters, learningRate: plan.lr, momentum: momentum, dampening: dampening,
      weightDecay: weightDecay, nesterov: nesterov, maximize: maximize, kernels: kernels)
  case .adam(let betas, let eps, let weightDecay, let amsgrad, let maximize):
    Adam(
      parameters, learningRate: plan.lr, betas: betas, epsilon: eps, weightDecay: weightDecay,
      amsgrad: amsgrad, maximize: maximize, kernels: kernels)
  }
}
