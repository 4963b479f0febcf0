/// What a run saves.
public enum Checkpoint {
  /// Which moment of the run.
  public enum Name: String, Sendable, CaseIterable {
    /// The last step saved.
    case last
    /// The end of the epoch with the lowest validation loss, or else the lowest mean training loss.
    case best
  }
}
