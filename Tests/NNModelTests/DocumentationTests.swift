import NNModel
import Testing

/// What `nnrun layers` prints, held to the checker.
struct DocumentationTests {
  @Test(arguments: Catalogue.schemas.map(\.name))
  func everyEntryIsDocumented(_ name: String) throws {
    let schema = try #require(Catalogue.schema(name))
    let documentation = try #require(schema.documentation, "\(name) has no documentation")
    #expect(!documentation.formula.isEmpty)
    if [.layer, .loss, .transform, .dataSet].contains(schema.kind) { #expect(documentation.shapes != nil) }
    // A weight has a beginning.
    let hasWeights = documentation.shapes?.contains("\nweight") ?? false
    #expect(hasWeights == (documentation.initialization != nil), "\(name)")
  }

  @Test(arguments: Catalogue.schemas.filter { $0.documentation != nil }.map(\.name))
  func everyExamplePassesTheCheck(_ name: String) throws {
    let example = try #require(Catalogue.schema(name)?.documentation?.example)
    let checked = Checked(example)
    #expect(checked.errors.isEmpty, "\(example)\n\(checked.rendered)")
    #expect(checked.plan != nil)
    #expect(example.contains(name), "the example of \(name) does not use it")
  }

  @Test func entriesArePrintedInFull() throws {
    let text = try #require(Catalogue.schema("Linear")).text
    #expect(
      text == """
        Linear, a layer: a fully connected layer

          Linear(in_features, out_features, bias=True)

        Parameters:
          in_features    features of the input
                         a whole number, at least 1, or _ to work it out; required
          out_features   features of the output
                         a whole number, at least 1; required
          bias           whether a bias is added
                         True or False; default True
          device         only None, without effect
                         None; default None
          dtype          only None, without effect
                         None; default None
          init           how the weight is drawn: a function of torch.nn.init
                         the name of an initialisation, such as xavier_uniform, or None; default None; by name only
          requires_grad  False leaves the weights as they are while training
                         True or False; default True; by name only

        Formula:
          y = x · weightᵀ + bias

        Shapes:
          (*, in_features) → (*, out_features)
          weight (out_features, in_features), bias (out_features)

        Initial weights:
          weight and bias U(-k, k) with k = 1 / sqrt(in_features)

        Example:
          input = 784
          model Net { Linear(784, 128), ReLU(), Linear(128, 10) }

        """)
  }

  @Test func theListHasEveryName() {
    for schema in Catalogue.schemas {
      #expect(Catalogue.listing.contains("\n  \(schema.name) "))
    }
  }

  @Test func absentNamesAreAnswered() {
    #expect(Catalogue.absence(of: "Liner").help == "did you mean `Linear`?")
    #expect(Catalogue.absence(of: "Dense").help == "PyTorch's name for it is `Linear`")
    #expect(Catalogue.absence(of: "LSTM").message.contains("a layer of PyTorch's"))
  }
}
