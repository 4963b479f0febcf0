import NNShapes

extension FlowDimension: CustomStringConvertible {
  /// `32`; `N` for the batch size, `192N` for a multiple of it.
  public var description: String {
    switch self {
    case .fixed(let size): String(size)
    case .batch(1): "N"
    case .batch(let factor): "\(factor)N"
    }
  }

  /// The size where it is known without the batch.
  public var fixedSize: Int? {
    if case .fixed(let size) = self { return size }
    return nil
  }

  /// The size in a batch of `count`; nil where it does not fit in an `Int`.
  public func size(inBatchOf count: Int) -> Int? {
    switch self {
    case .fixed(let size): return size
    case .batch(let factor):
      let (product, overflow) = factor.multipliedReportingOverflow(by: count)
      return overflow ? nil : product
    }
  }

  /// The product with another dimension; nil on overflow and for batch times batch.
  func multiplied(by other: FlowDimension) -> FlowDimension? {
    func product(_ a: Int, _ b: Int) -> Int? {
      let (product, overflow) = a.multipliedReportingOverflow(by: b)
      return overflow ? nil : product
    }
    switch (self, other) {
    case (.fixed(let a), .fixed(let b)): return product(a, b).map { .fixed($0) }
    case (.batch(let a), .fixed(let b)), (.fixed(let a), .batch(let b)):
      return product(a, b).map { .batch($0) }
    case (.batch, .batch): return nil
    }
  }
}

extension FlowShape {
  public var rank: Int { dimensions.count }

  /// True where the first dimension is the batch, size left open.
  public var isBatched: Bool { dimensions.first == .batch(1) }

  /// `N×32×16×16`, the form of messages.
  var crossed: String {
    dimensions.isEmpty ? "scalar" : dimensions.map(\.description).joined(separator: "×")
  }

  /// One sample of it where the first dimension is the batch, the whole otherwise: `32×16×16`.
  public var sampleText: String {
    let sample = isBatched ? Array(dimensions.dropFirst()) : dimensions
    return sample.isEmpty ? "one number" : sample.map(\.description).joined(separator: "×")
  }

  /// The shape in a batch of `count`; nil where a size or the number of elements does not fit, or
  /// where it has too many dimensions.
  public func shape(inBatchOf count: Int) -> Shape? {
    guard rank <= Shape.maximumRank else { return nil }
    let sizes = dimensions.compactMap { $0.size(inBatchOf: count) }
    guard sizes.count == rank else { return nil }
    let shape = Shape(sizes)
    return shape.elementCountIfRepresentable == nil ? nil : shape
  }
}
