import NNShapes

/// A channels-last tensor seen as images: (N, C, H, W), or (C, H, W) as one image.
struct ImageLayout {
  /// N.
  let batch: Int
  /// C.
  let channels: Int
  /// H.
  let height: Int
  /// W.
  let width: Int

  /// Traps on other ranks.
  init(_ shape: Shape) {
    let rank = shape.rank
    precondition(rank == 3 || rank == 4, "\(shape) is neither (C, H, W) nor (N, C, H, W)")
    batch = rank == 4 ? shape[0] : 1
    channels = shape[rank - 3]
    height = shape[rank - 2]
    width = shape[rank - 1]
  }
}
