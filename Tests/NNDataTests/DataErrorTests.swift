import NNData
import Testing

struct DataErrorTests {
  static let errors: [(DataError, allowsElse: Bool, text: String)] = [
    (
      .missing(path: "data/test_batch.bin", help: "download=True fetches it."), true,
      "data/test_batch.bin: not found. download=True fetches it."
    ),
    (
      .unreachable(url: "http://h/f", reason: "Couldn't connect to server"), true,
      "http://h/f: cannot be fetched: Couldn't connect to server"
    ),
    (
      .brokenOff(url: "http://h/f", received: 5, expected: 9, reason: "Transferred a partial file"), false,
      "http://h/f: the transfer broke off after 5 of 9 bytes (Transferred a partial file). "
        + "The part is kept; run again to go on from there."
    ),
    (
      .corrupt(file: "a.bin", offset: 3073, reason: "label 12"), false, "a.bin: byte 3073: label 12"
    ),
    (.corrupt(file: "a.gz", offset: nil, reason: "no gzip"), false, "a.gz: no gzip"),
    (
      .wrongDigest(file: "a.bin", algorithm: "md5", expected: "aa", found: "bb"), false,
      "a.bin: md5 is bb, the published one is aa: the file is damaged or another one. "
        + "Delete it and get it again."
    ),
    (.unsupported(file: "a.npy", reason: "complex"), false, "a.npy: complex"),
    (
      .unreadable(file: "a.npy", reason: "Permission denied"), false,
      "a.npy: cannot be read: Permission denied"
    ),
    (
      .unwritable(file: "a.npy", reason: "No space left"), false,
      "a.npy: cannot be written: No space left"
    ),
    (.invalidRequest(reason: "Shapes10: n=0"), false, "Shapes10: n=0"),
    (
      .interrupted(url: "http://h/f"), false,
      "http://h/f: stopped before the end of the transfer; run again to go on from there."
    ),
  ]

  @Test(arguments: errors)
  func textAndElse(_ error: DataError, allowsElse: Bool, text: String) {
    #expect(error.description == text)
    #expect(error.allowsElse == allowsElse)
  }
}
