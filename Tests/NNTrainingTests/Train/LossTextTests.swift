import NNTraining
import Testing

@Suite("The text of a loss")
struct LossTextTests {
  @Test(
    "Three decimals from 1 on, six significant digits below, the non-finite as Python writes them",
    arguments: [
      (18704.88155, "18704.882"), (18704.882, "18704.882"), (1, "1.000"), (2.2476139, "2.248"),
      (1234567.5, "1234567.500"), (-3.25, "-3.250"), (0, "0.000"), (-0.5, "-0.500000"),
      (0.123456789, "0.123457"), (0.5, "0.500000"), (0.0999999, "0.0999999"), (0.01, "0.0100000"),
      (0.00012345678, "0.000123457"), (0.09999996, "0.100000"), (0.9999994, "0.999999"),
      (0.9999996, "1.000"), (0.000001, "0.00000100000"), (1.5e-7, "1.50000e-07"),
      (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
    ])
  func text(_ loss: Double, _ expected: String) {
    #expect(lossText(loss) == expected)
  }

  @Test("The line of an epoch")
  func line() {
    #expect(epochLine(epoch: 0, lossSum: 18704.88155) == "epoch:0, loss:18704.882")
    #expect(epochLine(epoch: 12, lossSum: .nan) == "epoch:12, loss:nan")
  }

  @Test("The largest number fits")
  func largest() {
    #expect(lossText(Double.greatestFiniteMagnitude).count == 313)
  }
}
