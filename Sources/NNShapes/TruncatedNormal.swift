#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// N(mean, deviation²) between two bounds: what drawing from it by trial depends on. Source:
/// `torch/nn/init.py`, `trunc_normal_`.
public struct TruncatedNormal: Sendable {
  public let mean: Double
  public let deviation: Double
  public let a: Double
  public let b: Double

  public init(mean: Double, deviation: Double, a: Double, b: Double) {
    self.mean = mean
    self.deviation = deviation
    self.a = a
    self.b = b
  }

  /// The share of the whole distribution that lies between the bounds.
  public var inside: Double {
    func below(_ x: Double) -> Double { (1 + erf((x - mean) / deviation / 2.0.squareRoot())) / 2 }
    return below(b) - below(a)
  }

  /// The share of trials that are kept: of normal values where 30 % lie inside, else of uniform ones.
  public var accepted: Double {
    if inside > 0.3 { return inside }
    return inside * deviation * (2 * Double.pi).squareRoot() / ((b - a) * exp(logPeak))
  }

  /// The logarithm of the density at x over the largest between the bounds.
  public func logDensity(_ x: Float) -> Float {
    let distance = (x - Float(mean)) / Float(deviation)
    return distance * distance * -0.5 - Float(logPeak)
  }

  private var logPeak: Double {
    let distance = (max(a, min(mean, b)) - mean) / deviation
    return -0.5 * distance * distance
  }
}
