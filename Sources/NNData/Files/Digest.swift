import CCrypto

/// A published checksum, in lower-case hexadecimal.
public struct Digest: Hashable, Sendable {
  /// How it is computed.
  public enum Algorithm: String, Hashable, Sendable {
    case md5
    case sha256
  }

  public let algorithm: Algorithm
  public let hexadecimal: String

  public static func md5(_ hexadecimal: String) -> Digest {
    Digest(algorithm: .md5, hexadecimal: hexadecimal)
  }

  public static func sha256(_ hexadecimal: String) -> Digest {
    Digest(algorithm: .sha256, hexadecimal: hexadecimal)
  }

  /// The digest of `bytes`.
  public static func of(_ bytes: [UInt8], _ algorithm: Algorithm) -> Digest {
    let hasher = Hasher(algorithm)
    bytes.withUnsafeBytes { hasher.update($0) }
    return hasher.finish()
  }

  /// Throws ``DataError/wrongDigest(file:algorithm:expected:found:)`` unless `found` is this.
  func check(_ found: Digest, of file: String) throws {
    guard found == self else {
      throw DataError.wrongDigest(
        file: file, algorithm: algorithm.rawValue, expected: hexadecimal, found: found.hexadecimal)
    }
  }

  /// Computes a digest from bytes that come piece by piece.
  final class Hasher {
    private let algorithm: Algorithm
    private let context: OpaquePointer

    init(_ algorithm: Algorithm) {
      self.algorithm = algorithm
      guard let context = EVP_MD_CTX_new(),
        EVP_DigestInit_ex(context, algorithm == .md5 ? EVP_md5() : EVP_sha256(), nil) == 1
      else { preconditionFailure("libcrypto has no \(algorithm.rawValue)") }
      self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    func update(_ bytes: UnsafeRawBufferPointer) {
      EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    }

    func finish() -> Digest {
      var length: UInt32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
        EVP_DigestFinal_ex(context, buffer.baseAddress, &length)
        count = Int(length)
      }
      let hexadecimal = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      return Digest(algorithm: algorithm, hexadecimal: hexadecimal)
    }
  }
}
