/// How the pixels of a resized image are made: torchvision's `InterpolationMode`.
public enum Interpolation: String, CaseIterable, Hashable, Sendable {
  case nearest
  case nearestExact = "nearest-exact"
  case bilinear
  case bicubic
  /// For images before `ToTensor` only, as the two below.
  case box
  case hamming
  case lanczos
}
