import NNDiagnostics
import NNModel
import NNShapes
import NNTestSupport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The reference cases computed by PyTorch, as far as the checker is concerned with them.
enum CoreCases {
  struct Tensor: Decodable, Sendable {
    let shape: [Int]
    let dtype: String?
  }

  struct Raised: Decodable, Sendable {
    let type: String
    let message: String
  }

  struct ShapeRow: Decodable, Sendable {
    let repr: String
    let out: [Int]
    let params: Int
  }

  struct Case: Decodable, Sendable, CustomStringConvertible {
    let id: String
    let kind: String
    let layer: String?
    let text: String?
    let repr: String?
    let inputs: [Tensor]?
    let outputs: [Tensor]?
    let input_shape: [Int]?
    let layers: [ShapeRow]?
    let total_params: Int?
    let phase: String?
    let raised: Raised?
    let input_shapes: [[Int]]?
    let input_dtypes: [String]?
    let arg_tensors: [String: Tensor]?

    var description: String { id }
  }

  private struct File: Decodable { let cases: [Case] }

  /// Empty where the shared folder is absent.
  static let all: [Case] = {
    guard let path = TestPaths.shared("cases/core.json"),
      let data = try? Data(contentsOf: URL(fileURLWithPath: path)),
      let file = try? JSONDecoder().decode(File.self, from: data)
    else { return [] }
    return file.cases
  }()

  /// The layers of the catalogue.
  static let layers = Set(Catalogue.schemas.filter { $0.kind == .layer }.map(\.name) + ["Sequential"])

  static let losses: Set<String> = [
    "CrossEntropyLoss", "NLLLoss", "MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "BCELoss",
    "BCEWithLogitsLoss", "KLDivLoss",
  ]

  static func shape(_ sizes: [Int]) -> String { sizes.map(String.init).joined(separator: ", ") }
}
