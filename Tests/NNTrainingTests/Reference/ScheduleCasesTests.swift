import NNModel
import NNTraining
import Testing

/// The learning rates of schedules against PyTorch's.
@Suite("Schedules")
struct ScheduleCasesTests {
  /// A schedule in a run of `steps` epochs of one step each.
  private static func schedule(
    _ text: String, optimizer: String = "SGD(lr=0.1, momentum=0.9)", steps: Int
  ) throws -> RateSchedule {
    let plan = try planned(
      """
      data = DataLoader(Shapes10(n=10, size=8), batch_size=10)
      model M { Flatten(), Linear(192, 10) }
      loss = CrossEntropyLoss()
      optimizer = \(optimizer)
      schedule = \(text)
      train(epochs=\(steps))
      """
    ).plan
    return RateSchedule(try #require(plan.schedule), try #require(plan.optimizer), totalSteps: steps)
  }

  private static func isNear(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-14 + 1e-13 * abs(b) }

  @Test(
    "The reference cases: 22", .enabled(if: ReferenceCases.folder != nil, "no reference cases"))
  func references() throws {
    var passed = 0
    for reference in ReferenceCases.all where reference.kind == "scheduler" {
      let text = String(try #require(reference.text).prefix { $0 != "#" })
      let lrs = try #require(reference.lrs)
      let base = try #require(reference.base_lr)
      let schedule = try Self.schedule(text, optimizer: "SGD(lr=\(base), momentum=0.9)", steps: lrs.count)
      for (index, lr) in lrs.enumerated() {
        if let metric = reference.metrics?[index] { schedule.step(loss: metric) }
        #expect(Self.isNear(schedule.rate(ofGroup: 0), lr), "\(reference.id), \(index)")
        if let momentum = reference.momenta?[index] {
          #expect(
            Self.isNear(try #require(schedule.momentum(ofGroup: 0)), momentum), "\(reference.id), \(index)")
        }
        if reference.metrics == nil { schedule.step(loss: 0) }
      }
      passed += 1
    }
    #expect(passed == 22)
  }

  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let optimizer: String
    let groups: Int
    /// For each of 12 steps the rates of the groups, then their momenta where they are cycled.
    let expected: [[Double]]

    init(_ text: String, optimizer: String, groups: Int, _ expected: [[Double]]) {
      (description, self.optimizer, self.groups, self.expected) = (text, optimizer, groups, expected)
    }
  }

  /// Made with PyTorch 2.15: the rates of two groups are 0.1 and 0.02.
  static let cases = [
    Case(
      "LinearLR(start_factor=0.25, end_factor=0.5, total_iters=4)", optimizer: "SGD", groups: 1,
      [
        [0.025], [0.03125], [0.0375], [0.043750000000000004], [0.05], [0.05], [0.05], [0.05], [0.05], [0.05],
        [0.05], [0.05],
      ]),
    Case(
      "PolynomialLR(total_iters=6, power=2)", optimizer: "SGD", groups: 1,
      [
        [0.1], [0.06944444444444446], [0.04444444444444447], [0.02500000000000001], [0.011111111111111117],
        [0.0027777777777777775], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0],
      ]),
    Case(
      "ConstantLR(factor=0.3, total_iters=3)", optimizer: "SGD", groups: 1,
      [[0.03], [0.03], [0.03], [0.1], [0.1], [0.1], [0.1], [0.1], [0.1], [0.1], [0.1], [0.1]]),
    Case(
      "MultiStepLR(milestones=[6, 2, 2], gamma=0.5)", optimizer: "SGD", groups: 1,
      [
        [0.1], [0.1], [0.025], [0.025], [0.025], [0.025], [0.0125], [0.0125], [0.0125], [0.0125], [0.0125],
        [0.0125],
      ]),
    Case(
      "CosineAnnealingLR(T_max=3, eta_min=0.01)", optimizer: "SGD", groups: 1,
      [
        [0.1], [0.0775], [0.032500000000000015], [0.01], [0.0325], [0.07750000000000005],
        [0.10000000000000007], [0.07750000000000007], [0.03250000000000006], [0.01], [0.0325],
        [0.07749999999999992],
      ]),
    Case(
      "CosineAnnealingWarmRestarts(T_0=2, T_mult=2, eta_min=0.01)", optimizer: "SGD", groups: 1,
      [
        [0.1], [0.05500000000000001], [0.1], [0.08681980515339464], [0.05500000000000001],
        [0.023180194846605363], [0.1], [0.0965745789630079], [0.08681980515339464], [0.07222075445642905],
        [0.05500000000000001], [0.03777924554357097],
      ]),
    Case(
      "CyclicLR(base_lr=0.01, max_lr=0.1, step_size_up=3, step_size_down=2, mode='exp_range', gamma=0.9)",
      optimizer: "SGD", groups: 1,
      [
        [0.01, 0.9], [0.037, 0.87], [0.0586, 0.8460000000000001], [0.07561, 0.8271000000000001],
        [0.0395245, 0.867195], [0.01, 0.9], [0.02594323000000002, 0.8822853],
        [0.038697814000000004, 0.8681135400000001], [0.04874204890000001, 0.8569532790000001],
        [0.02743392200500002, 0.88062897555], [0.01, 0.9], [0.01941431788270001, 0.889539646797],
      ]),
    Case(
      "CyclicLR([0.01, 0.02], [0.1, 0.3], 2, base_momentum=[0.7, 0.6], max_momentum=0.95)", optimizer: "Adam",
      groups: 2,
      [
        [0.01, 0.02, 0.95, 0.95], [0.05500000000000001, 0.15999999999999998, 0.825, 0.7749999999999999],
        [0.1, 0.3, 0.7, 0.6], [0.05500000000000001, 0.15999999999999998, 0.825, 0.7749999999999999],
        [0.01, 0.02, 0.95, 0.95], [0.05500000000000001, 0.15999999999999998, 0.825, 0.7749999999999999],
        [0.1, 0.3, 0.7, 0.6], [0.05500000000000001, 0.15999999999999998, 0.825, 0.7749999999999999],
        [0.01, 0.02, 0.95, 0.95], [0.05500000000000001, 0.15999999999999998, 0.825, 0.7749999999999999],
        [0.1, 0.3, 0.7, 0.6], [0.05500000000000001, 0.15999999999999998, 0.825, 0.7749999999999999],
      ]),
    Case(
      "OneCycleLR(max_lr=[0.1, 0.2], total_steps=12, pct_start=0.25, three_phase=True, base_momentum=[0.8, 0.7], div_factor=5, final_div_factor=10)",
      optimizer: "Adam", groups: 2,
      [
        [0.020000000000000004, 0.04000000000000001, 0.95, 0.95],
        [0.060000000000000005, 0.12000000000000001, 0.875, 0.825], [0.1, 0.2, 0.8, 0.7],
        [0.06, 0.12, 0.875, 0.825], [0.02, 0.04, 0.95, 0.95],
        [0.01910871981112177, 0.03821743962224354, 0.95, 0.95],
        [0.016611408216728605, 0.03322281643345721, 0.95, 0.95],
        [0.013002688405606831, 0.026005376811213662, 0.95, 0.95],
        [0.008997311594393171, 0.017994623188786342, 0.95, 0.95],
        [0.005388591783271399, 0.010777183566542798, 0.95, 0.95],
        [0.0028912801888782286, 0.005782560377756457, 0.95, 0.95], [0.002, 0.004, 0.95, 0.95],
      ]),
    Case(
      "OneCycleLR(max_lr=0.1, epochs=4, steps_per_epoch=3, cycle_momentum=False)", optimizer: "SGD",
      groups: 1,
      [
        [0.0040000000000000036], [0.0349789654219583], [0.08792851591221287], [0.09944154354509119],
        [0.09330129698414118], [0.0811745653949763], [0.06473789976951033], [0.046263710266697504],
        [0.028306099820869922], [0.01334775301888306], [0.0034566987425395223], [4e-07],
      ]),
    Case(
      "SequentialLR([LinearLR(start_factor=0.1, total_iters=3), CosineAnnealingLR(T_max=6)], [3])",
      optimizer: "SGD", groups: 2,
      [
        [0.010000000000000002, 0.002], [0.04, 0.007999999999999998], [0.07, 0.013999999999999997],
        [0.1, 0.02], [0.09330127018922195, 0.01866025403784439], [0.07500000000000001, 0.015000000000000001],
        [0.05, 0.01], [0.025000000000000012, 0.005000000000000003],
        [0.006698729810778065, 0.001339745962155613], [0.0, 0.0],
        [0.006698729810778065, 0.001339745962155613], [0.025, 0.005],
      ]),
    Case(
      "SequentialLR([CosineAnnealingWarmRestarts(2), PolynomialLR(4, 0.5), CosineAnnealingWarmRestarts(T_0=3, eta_min=0.01)], milestones=[3, 6])",
      optimizer: "SGD", groups: 1,
      [
        [0.1], [0.05], [0.1], [0.1], [0.08660254037844387], [0.07071067811865475], [0.1], [0.0775],
        [0.032500000000000015], [0.1], [0.0775], [0.032500000000000015],
      ]),
    Case(
      "SequentialLR([CyclicLR(0.01, 0.1, 2), OneCycleLR(0.3, total_steps=8)], milestones=[4])",
      optimizer: "SGD", groups: 1,
      [
        [0.01, 0.9], [0.05500000000000001, 0.8500000000000001], [0.1, 0.8],
        [0.05500000000000001, 0.8500000000000001], [0.01200000000000001, 0.95],
        [0.2457825314676576, 0.8688255099070633], [0.29158253321625693, 0.8528058334845816],
        [0.24352369618492892, 0.8688255099070633], [0.1667952042368105, 0.8944017761948346],
        [0.08491829946260977, 0.9216941869558779], [0.02299247815027692, 0.9423362099614142],
        [1.2e-06, 0.95],
      ]),
  ]

  @Test("Arguments and combinations", arguments: cases)
  func rates(_ item: Case) throws {
    let settings = item.optimizer == "SGD" ? "SGD(lr=0.1, momentum=0.9)" : "Adam(lr=0.1)"
    let groups = item.groups == 2 ? " { \"1.bias\" = (lr=0.02) }" : ""
    let schedule = try Self.schedule(
      item.description, optimizer: settings + groups, steps: item.expected.count)
    for (index, wanted) in item.expected.enumerated() {
      var found = (0..<item.groups).map { schedule.rate(ofGroup: $0) }
      if schedule.cyclesMomentum {
        found += try (0..<item.groups).map { try #require(schedule.momentum(ofGroup: $0)) }
      }
      #expect(found.count == wanted.count)
      #expect(zip(found, wanted).allSatisfy { Self.isNear($0, $1) }, "\(index): \(found), not \(wanted)")
      schedule.step(loss: 0)
    }
  }

  /// From every step on, a restored schedule goes on to the same bits.
  @Test(
    "A saved schedule goes on",
    arguments: cases.map(\.description) + ["ReduceLROnPlateau(patience=1, cooldown=1)"])
  func restored(_ text: String) throws {
    let groups = Self.cases.first { $0.description == text }?.groups ?? 1
    let optimizer = "SGD(lr=0.1, momentum=0.9)" + (groups == 2 ? " { \"1.bias\" = (lr=0.02) }" : "")
    for stop in 0..<12 {
      let schedule = try Self.schedule(text, optimizer: optimizer, steps: 12)
      for step in 0..<stop { schedule.step(loss: Double(step % 4)) }
      let resumed = try Self.schedule(text, optimizer: optimizer, steps: 12)
      #expect(resumed.restore(schedule.state))
      for step in stop..<12 {
        schedule.step(loss: Double(step % 4))
        resumed.step(loss: Double(step % 4))
        #expect(schedule.state == resumed.state)
      }
    }
    let schedule = try Self.schedule(text, optimizer: optimizer, steps: 12)
    #expect(!schedule.restore([]))
    #expect(!schedule.restore(schedule.state.dropLast()))
    #expect(!schedule.restore(schedule.state.map { _ in 0.5 }))
    #expect(!schedule.restore(schedule.state.map { _ in .nan }))
  }
}
