import NNKernels
import NNModel
import NNRuntime
import NNShapes
import NNTraining
import Testing

/// The examples of `nnrun layers NAME`, run.
@Suite("Examples of the catalogue")
struct CatalogueExamplesTests {
  @Test(
    "A forward pass gives the shape that the checker says",
    arguments: Catalogue.schemas.filter { $0.kind == .layer && $0.documentation != nil }.map(\.name))
  func forward(_ name: String) throws {
    let example = try #require(Catalogue.schema(name)?.documentation?.example)
    let model = try #require(try planned(example, isApplied: true).plan.models.first)
    let layers = makeSequential(model.layers, generator: Generator(seed: 0))
    let tape = Tape(threads: ThreadPool(threads: 1), generator: Generator(seed: 1))
    let input = try #require(model.input.shape(inBatchOf: 2))
    let output = layers.forward(tape.variable(Tensor(zeros: input)), tape)
    #expect(tape.shape(output) == model.output.shape(inBatchOf: 2))
  }
}
