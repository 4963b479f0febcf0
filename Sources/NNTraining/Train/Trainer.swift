import NNData
import NNKernels
import NNModel

/// Trains a checked model file.
public enum Trainer {
  /// Trains `plan`'s main model as its `train` says and returns when that is done, or when
  /// `cancellation` asks for a stop and the step in hand is made and saved.
  ///
  /// `report` is called on the calling thread. Throws a ``RunFailure``.
  public static func train(
    _ plan: ExperimentPlan, options: TrainingOptions, cancellation: CancellationFlag,
    report: @escaping (TrainingEvent) -> Void
  ) throws -> TrainingResult {
    let task = try TrainingTask(plan)
    let resumed = try ResumedRun.find(options, plan: describe(plan))
    if !plan.seedIsWritten { report(.message(RunMessage(.note, "seed \(plan.seed): the file has none"))) }
    for note in task.usedData.flatMap(transformNotes) { report(.message(note)) }
    let data: TrainingData
    do {
      data = try TrainingData.open(
        task, seed: plan.seed, sources: resumed?.state.sources, cancellation: cancellation, report: report)
    } catch let failure as DataFailure {
      guard case .interrupted = failure.error else { throw failure }
      return TrainingResult(
        stop: .interrupted, folder: nil, epochs: 0, steps: 0, bestEpoch: nil, bestLoss: nil, metrics: [])
    }
    let network = Network(plan, threads: options.threads, convolution: options.convolution)
    let say = { (message: RunMessage) in report(.message(message)) }
    if let path = options.weights {
      try network.load(weights: path, partial: options.partialWeights, report: say)
    }
    let run = TrainingRun(
      task, plan: describe(plan), network: network, data: data, options: options,
      cancellation: cancellation, report: report)
    try run.checkSchedule()
    if let resumed {
      try run.goOn(from: resumed)
    } else {
      try run.begin()
    }
    return try run.train()
  }
}

/// The parts of a plan that training needs, all there.
struct TrainingTask {
  let plan: ExperimentPlan
  let train: TrainPlan
  let loss: LossPlan
  let optimizer: OptimizerPlan
  let data: DataPlan
  /// The split that is evaluated after each epoch; where it is made by `split=`, the training data's.
  let validation: DataPlan?

  /// What is opened: one plan may be both.
  var usedData: [DataPlan] {
    [data] + (validation.map { $0.name == data.name ? [] : [$0] } ?? [])
  }

  /// The checker has asked for all of them; a plan made otherwise may lack some.
  init(_ plan: ExperimentPlan) throws {
    guard let train = plan.train else { throw TrainingError.missing("train") }
    guard let loss = plan.loss else { throw TrainingError.missing("loss") }
    guard let optimizer = plan.optimizer else { throw TrainingError.missing("optimizer") }
    guard
      let data = plan.data.first(where: { $0.name == "train" || $0.split != nil })
        ?? (plan.data.count == 1 ? plan.data.first : nil)
    else { throw TrainingError.missing("data train") }
    self.plan = plan
    self.train = train
    self.loss = loss
    self.optimizer = optimizer
    self.data = data
    validation = try train.validate.map { name in
      if let data = plan.data.first(where: { $0.name == name && $0.split == nil }) { return data }
      guard data.split != nil, name == "val" else { throw TrainingError.missing("data \(name)") }
      return data
    }
  }
}
