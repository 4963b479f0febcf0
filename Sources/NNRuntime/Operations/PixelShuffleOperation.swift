import NNShapes

/// The numbers of a recorded pixel shuffle.
struct PixelShuffleOperation {
  /// r.
  let factor: Int
  /// From pixels to channels.
  let isInverse: Bool
}

extension Tape {
  /// (*, C·r², H, W) to (*, C, H·r, W·r): channel c·r² + i·r + j becomes the pixels (h·r + i, w·r + j). With
  /// `isInverse` the other way round. Traps where r does not divide.
  public func pixelShuffle(_ input: Variable, factor: Int, isInverse: Bool) -> Variable {
    let input = stored(input, as: .contiguous)
    let operation = PixelShuffleOperation(factor: factor, isInverse: isInverse)
    return record(
      .pixelShuffle(operation), Node.Inputs(first: input.index),
      shuffled(tensor(input), factor, isInverse: isInverse))
  }

  /// The shuffle the other way round.
  func pixelShuffleBackward(_ operation: PixelShuffleOperation, _ node: Node, _ outputGradient: Tensor) {
    addGradient(
      shuffled(outputGradient, operation.factor, isInverse: !operation.isInverse), to: node.inputs.first)
  }

  private func shuffled(_ input: Tensor, _ factor: Int, isInverse: Bool) -> Tensor {
    let (rank, block) = (input.shape.rank, factor * factor)
    precondition(rank >= 3, "PixelShuffle of \(input.shape)")
    let (channels, height, width) = (input.shape[rank - 3], input.shape[rank - 2], input.shape[rank - 1])
    precondition(
      isInverse ? height % factor == 0 && width % factor == 0 : channels % block == 0,
      "PixelShuffle: factor \(factor) on \(input.shape)")
    // The sizes of the smaller maps, with more channels.
    let small =
      isInverse
      ? (channels: channels, height: height / factor, width: width / factor)
      : (channels: channels / block, height: height, width: width)
    let output = pool.makeTensor(
      input.shape.replacing(rank - 3, with: isInverse ? channels * block : small.channels)
        .replacing(rank - 2, with: isInverse ? small.height : height * factor)
        .replacing(rank - 1, with: isInverse ? small.width : width * factor))
    let maps = input.shape.elementCount(from: 0, to: rank - 3) * small.channels
    threads.run(tasks: maps) { map, _ in
      for place in 0..<block {
        for h in 0..<small.height {
          let many = ((map * block + place) * small.height + h) * small.width
          let row = (map * small.height + h) * factor + place / factor
          let few = row * small.width * factor + place % factor
          for w in 0..<small.width {
            let (a, b) = (many + w, few + w * factor)
            if isInverse {
              output.pointer[a] = input.pointer[b]
            } else {
              output.pointer[b] = input.pointer[a]
            }
          }
        }
      }
    }
    return output
  }
}
