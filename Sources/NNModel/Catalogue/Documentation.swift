/// What `nnrun layers NAME` says of an entry besides its parameters.
public struct Documentation: Sendable {
  /// What it computes: `y = x Wᵀ + b`.
  public var formula: String
  /// What goes in and what comes out, by letters: `(*, in_features) → (*, out_features)`. Nil where the
  /// entry is no map of shapes.
  public var shapes: String?
  /// How its weights begin; nil where it has none.
  public var initialization: String?
  /// A whole model file that uses it and passes the check.
  public var example: String

  public init(formula: String, shapes: String? = nil, initialization: String? = nil, example: String) {
    self.formula = formula
    self.shapes = shapes
    self.initialization = initialization
    self.example = example
  }

  /// Of a layer: the example is a model of `layers` for samples of shape `input`.
  static func layer(
    _ formula: String, shapes: String, initialization: String? = nil, input: String, _ layers: String
  ) -> Documentation {
    Documentation(
      formula: formula, shapes: shapes, initialization: initialization,
      example: "input = \(input)\nmodel Net { \(layers) }\n")
  }

  /// Of a layer that works on each element by itself: the example has it between two `Linear`.
  static func elementwise(_ formula: String, _ call: String) -> Documentation {
    layer(
      formula, shapes: "(*) → (*), the same shape", input: "10", "Linear(10, 20), \(call), Linear(20, 3)")
  }

  /// Of what stands in a file that trains: the example is one, with these statements.
  static func training(
    _ formula: String, shapes: String? = nil,
    data: String = "DataLoader(Shapes10(), batch_size=64, shuffle=True)",
    layers: String = "Flatten(), Linear(_, 64), ReLU(), Linear(64, 10)", loss: String = "CrossEntropyLoss()",
    optimizer: String = "SGD(lr=0.01)", train: String = "train(epochs=3)"
  ) -> Documentation {
    Documentation(
      formula: formula, shapes: shapes,
      example: """
        data = \(data)
        model Net { \(layers) }
        loss = \(loss)
        optimizer = \(optimizer)
        \(train)

        """)
  }

  /// Of a loss against target values: the example is for `nnrun apply`, since data sets have classes.
  static func values(_ formula: String, _ loss: String, ending: String = "") -> Documentation {
    Documentation(
      formula: formula, shapes: "values (*), targets (*) → one number",
      example: """
        # nnrun apply FILE --input x.npy --target t.npy
        input = 10
        model Net { Linear(10, 20), ReLU(), Linear(20, 3)\(ending) }
        loss = \(loss)

        """)
  }

  /// Of a schedule: the example trains with it.
  static func schedule(_ formula: String, _ schedule: String) -> Documentation {
    training(formula, optimizer: "SGD(lr=0.1)\nschedule = \(schedule)", train: "train(epochs=30)")
  }

  /// Of a transform: the example trains on images that it acts on.
  static func transform(_ formula: String, shapes: String, _ call: String) -> Documentation {
    training(
      formula, shapes: shapes,
      data: "DataLoader(Shapes10(transform=[\(call)]), batch_size=64, shuffle=True)")
  }
}
