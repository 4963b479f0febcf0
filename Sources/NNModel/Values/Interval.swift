extension TrainPlan.Interval {
  /// Reads `10 min`, `3 epochs`, `500 steps`, `2h`; nil where that is no length above 0.
  public init?(_ text: String) {
    let compact = text.filter { $0 != " " }
    let digits = compact.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = String(compact.dropFirst(digits.count))
    guard let amount = Double(digits), amount > 0, amount.isFinite else { return nil }
    switch unit {
    case "epochs", "epoch":
      guard let count = Int(exactly: amount) else { return nil }
      self = .epochs(count)
    case "steps", "step":
      guard let count = Int(exactly: amount) else { return nil }
      self = .steps(count)
    case "s": self = .seconds(amount)
    case "min": self = .seconds(amount * 60)
    case "h": self = .seconds(amount * 3600)
    default: return nil
    }
  }
}

extension TrainPlan.Interval: CustomStringConvertible {
  public var description: String {
    switch self {
    case .epochs(let count): "\(count) epochs"
    case .steps(let count): "\(count) steps"
    case .seconds(let seconds): "\(numberText(seconds)) s"
    }
  }
}
