import CArchive

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An archive read by libarchive, member after member.
final class ArchiveReader {
  /// What the file must be; nothing else is recognised.
  enum Content {
    /// One file, compressed by gzip.
    case gzip
    /// A tar archive, compressed by gzip.
    case tarGzip
  }

  /// A member's header.
  struct Member {
    var name: String
    var size: Int
    /// False for folders, links and devices.
    var isRegularFile: Bool
  }

  private let path: String
  private let archive: OpaquePointer

  init(path: String, content: Content) throws {
    self.path = path
    guard let archive = archive_read_new() else {
      throw DataError.unreadable(file: path, reason: "out of memory")
    }
    self.archive = archive
    archive_read_support_filter_gzip(archive)
    switch content {
    case .gzip: archive_read_support_format_raw(archive)
    case .tarGzip: archive_read_support_format_tar(archive)
    }
    guard archive_read_open_filename(archive, path, 65536) == ARCHIVE_OK else { throw failure() }
    if content == .gzip, archive_filter_count(archive) < 2 {
      throw DataError.corrupt(file: path, offset: 0, reason: "not a gzip file")
    }
  }

  deinit { archive_read_free(archive) }

  /// The next member, or nil at the end. What was not read of the one before is skipped.
  func nextMember() throws -> Member? {
    var entry: OpaquePointer?
    let status = archive_read_next_header(archive, &entry)
    if status == ARCHIVE_EOF { return nil }
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else { throw failure() }
    let isLink = archive_entry_hardlink(entry) != nil || archive_entry_symlink(entry) != nil
    return Member(
      name: archive_entry_pathname(entry).map { String(cString: $0) } ?? "",
      size: Int(archive_entry_size(entry)),
      isRegularFile: !isLink && archive_entry_filetype(entry) & S_IFMT == S_IFREG)
  }

  /// Reads up to `buffer.count` bytes of the member; fewer only at its end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = archive_read_data(archive, rest.baseAddress, rest.count)
      if count == 0 { break }
      guard count > 0 else { throw failure() }
      done += count
    }
    return done
  }

  /// Bytes of the file that decompression has used.
  var compressedBytesRead: Int { Int(archive_filter_bytes(archive, -1)) }

  private func failure() -> DataError {
    let text = archive_error_string(archive).map { String(cString: $0) } ?? "unknown error"
    return .corrupt(file: path, offset: nil, reason: "cannot be unpacked: \(text)")
  }
}
