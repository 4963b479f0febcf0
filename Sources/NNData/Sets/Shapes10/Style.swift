enum Style {
  static let groundGray = 90...165
  static let groundSlope = -30...30
  static let tint = 20
  static let slopeTint = 15
  static let brighterPercent = 100
  static let contrast = 30...70
  static let patches = 2...5
  static let patchContrast = -50...50
  static let noise = 20
  static let radius = 25...42
  static let reach = 20
}
