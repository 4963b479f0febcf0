import NNData
import NNTraining
import Testing

/// `requires_grad=False` and `init=` in a run.
@Suite("Frozen layers")
struct FrozenTests {
  @Test("Frozen weights stay, running statistics and other weights go on")
  func frozen() throws {
    let place = try TemporaryFolder()
    func weights(epochs: Int, _ name: String) throws -> Safetensors {
      try RunRecorder().train(
        """
        seed = 3
        data = DataLoader(Shapes10(n=40, size=8), batch_size=10)
        model M {
          Conv2d(3, 4, 3, requires_grad=False), BatchNorm2d(4, requires_grad=False), ReLU(), Flatten()
          Linear(_, 10, init=constant(0.01))
        }
        loss = CrossEntropyLoss()
        optimizer = SGD(lr=0.1, momentum=0.9, weight_decay=0.1)
        train(epochs=\(epochs), clip_grad_norm=1)
        """, in: place.file(name))
      return try Safetensors.read(place.file("\(name)/last.safetensors"))
    }
    let (one, three) = (try weights(epochs: 1, "one"), try weights(epochs: 3, "three"))
    for key in ["0.weight", "0.bias", "1.weight", "1.bias"] {
      #expect(try #require(one[key]).floats == three[key]?.floats, "\(key)")
    }
    for key in ["1.running_mean", "1.running_var", "4.weight", "4.bias"] {
      #expect(try #require(one[key]).floats != three[key]?.floats, "\(key)")
    }
    #expect(one["1.num_batches_tracked"]?.integers == [4])
    #expect(three["1.num_batches_tracked"]?.integers == [12])
  }
}
