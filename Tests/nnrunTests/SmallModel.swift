/// A model file that trains in no time, on drawn images of 16×16.
enum SmallModel {
  /// Twenty steps an epoch.
  static func text(epochs: Int, data: String = "Shapes10(n=200, size=16)") -> String {
    """
    seed = 1
    data = DataLoader(\(data), batch_size=10, shuffle=True)
    model Net {
        Conv2d(3, 4, 3), ReLU(), MaxPool2d(2)
        Flatten(), Dropout(0.1), Linear(_, 10)
    }
    loss = CrossEntropyLoss()
    optimizer = SGD(lr=0.05, momentum=0.9)
    train(epochs=\(epochs))

    """
  }

  /// One step of it takes long enough to be interrupted in.
  static let slow = """
    seed = 1
    data = DataLoader(Shapes10(n=1200), batch_size=1200)
    model Net {
        Conv2d(3, 32, 5, padding=2), ReLU(), Conv2d(32, 32, 5, padding=2), ReLU(), MaxPool2d(2)
        Flatten(), Linear(_, 10)
    }
    loss = CrossEntropyLoss()
    optimizer = SGD(lr=0.01)
    train(epochs=100)

    """
}
