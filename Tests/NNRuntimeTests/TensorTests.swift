import NNRuntime
import NNShapes
import Testing

@Suite
struct TensorTests {
  /// The logical order is PyTorch's; the memory order is the format's.
  @Test
  func channelsLastChangesTheMemoryOnly() {
    let values = (0..<12).map { Float($0) }
    let tensor = Tensor(values, [1, 3, 2, 2], .channelsLast)
    #expect(tensor.values == values)
    let memory = (0..<12).map { tensor.pointer[$0] }
    #expect(memory == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
    let unbatched = Tensor(values, [3, 2, 2], .channelsLast)
    #expect((0..<12).map { unbatched.pointer[$0] } == memory)
    let flat = Tensor(values, [3, 4], .channelsLast)
    #expect((0..<12).map { flat.pointer[$0] } == values)
  }

  @Test
  func copyingSharesTheMemory() {
    let tensor = Tensor([1, 2], [2])
    let other = tensor
    other.pointer[0] = 5
    #expect(tensor.values == [5, 2])
  }

  @Test
  func memoryIsAligned() {
    let pool = StoragePool()
    for count in [0, 1, 15, 16, 17, 1000, 4097] {
      let tensor = pool.makeTensor(Shape(count))
      #expect(UInt(bitPattern: tensor.pointer) % 64 == 0)
    }
  }

  @Test
  func theCountMustFit() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2, 3], [2]) }
  }
}
