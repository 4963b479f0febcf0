/// What the check is for.
public struct CheckOptions: Sendable {
  /// The model that tools work on, where the file has several; nil takes the one that is trained.
  public var model: String?
  /// Bytes that a run may take; nil for no limit.
  public var memoryLimit: Int?
  /// The file is only applied: a loss or an optimizer without `train` is as it should be.
  public var isApplied: Bool

  public init(model: String? = nil, memoryLimit: Int? = nil, isApplied: Bool = false) {
    self.model = model
    self.memoryLimit = memoryLimit
    self.isApplied = isApplied
  }
}
