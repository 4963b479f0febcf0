import CCurl

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One HTTP transfer into an open file, through libcurl.
///
/// What the file holds already is not asked for again (`Range`); a server that sends everything all
/// the same starts the file anew. Redirects are followed, to http and https only.
final class Transfer {
  /// How long each part of a transfer may take.
  struct Limits {
    /// Seconds until a connection is there, name look-up included.
    var connect = 10
    /// Seconds without data worth the name (a kilobyte a second).
    var stall = 30
  }

  private let item: Downloadable
  private let path: String
  private let descriptor: Int32
  private let monitor: DownloadMonitor
  private let handle: UnsafeMutableRawPointer
  /// Bytes in the file.
  private(set) var received: Int
  /// Whether any of them came before this transfer and still stand.
  private(set) var isResumed: Bool
  private var hasBegun = false
  private var failure: DataError?

  /// `received` bytes lie in the file already; `descriptor` is open for writing.
  init(
    _ item: Downloadable, path: String, descriptor: Int32, received: Int, monitor: DownloadMonitor,
    limits: Limits
  ) throws {
    guard Transfer.isLibraryReady, let handle = curl_easy_init() else {
      throw DataError.unreachable(url: item.url, reason: "libcurl cannot be started")
    }
    self.item = item
    self.path = path
    self.descriptor = descriptor
    self.received = received
    self.monitor = monitor
    self.handle = handle
    isResumed = received > 0
    nn_curl_set_string(handle, CURLOPT_URL, item.url)
    nn_curl_set_string(handle, CURLOPT_USERAGENT, "nnrun")
    nn_curl_allow_http_only(handle)
    nn_curl_leave_lookups_behind(handle)
    nn_curl_set_long(handle, CURLOPT_FOLLOWLOCATION, 1)
    nn_curl_set_long(handle, CURLOPT_MAXREDIRS, 10)
    nn_curl_set_long(handle, CURLOPT_FAILONERROR, 1)
    nn_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    nn_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, limits.connect)
    nn_curl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1024)
    nn_curl_set_long(handle, CURLOPT_LOW_SPEED_TIME, limits.stall)
    if received > 0 { nn_curl_set_string(handle, CURLOPT_RANGE, "\(received)-") }
  }

  deinit { curl_easy_cleanup(handle) }

  private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// Runs the transfer to its end: the file then has the whole size.
  ///
  /// Throws ``DataError``: `unreachable` where no byte of the file came, `brokenOff` where some did,
  /// `corrupt` where the file is longer than it may be, `unwritable`, `interrupted`.
  func run() throws {
    // The callbacks get this object; it outlives the call below.
    let this = Unmanaged.passUnretained(self).toOpaque()
    nn_curl_set_pointer(handle, CURLOPT_WRITEDATA, this)
    nn_curl_set_write_function(handle) { bytes, size, count, this in
      guard let bytes, let this else { return 0 }
      let transfer = Unmanaged<Transfer>.fromOpaque(this).takeUnretainedValue()
      let chunk = UnsafeRawBufferPointer(start: bytes, count: size * count)
      return transfer.take(chunk) ? chunk.count : 0
    }
    nn_curl_set_long(handle, CURLOPT_NOPROGRESS, 0)
    nn_curl_set_pointer(handle, CURLOPT_XFERINFODATA, this)
    nn_curl_set_progress_function(handle) { this, _, _, _, _ in
      guard let this else { return 1 }
      return Unmanaged<Transfer>.fromOpaque(this).takeUnretainedValue().continues() ? 0 : 1
    }
    let code = curl_easy_perform(handle)
    if let failure { throw failure }
    guard code == CURLE_OK else { throw error(code) }
    guard received == item.size else {
      throw DataError.brokenOff(
        url: item.url, received: received, expected: item.size, reason: "the server sent no more")
    }
  }

  /// Writes what has arrived; false ends the transfer.
  private func take(_ chunk: UnsafeRawBufferPointer) -> Bool {
    do {
      if !hasBegun {
        hasBegun = true
        try begin()
      }
      guard received + chunk.count <= item.size else {
        throw DataError.corrupt(
          file: item.url, offset: item.size,
          reason: "the server sends more than the \(item.size) bytes of this file")
      }
      try writeAll(chunk, to: descriptor, named: path)
      received += chunk.count
      return true
    } catch {
      failure = error as? DataError
      return false
    }
  }

  /// The first bytes are here: are they the rest, as asked, or the whole file?
  private func begin() throws {
    var status = 0
    nn_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    guard isResumed, status != 206 else { return }
    isResumed = false
    received = 0
    guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw DataError.unwritable(file: path, reason: systemMessage(errno))
    }
  }

  private func continues() -> Bool {
    if monitor.isCancelled() {
      failure = .interrupted(url: item.url)
      return false
    }
    if hasBegun { monitor.progress(item.url, received, item.size) }
    return true
  }

  private func error(_ code: CURLcode) -> DataError {
    var reason = String(cString: curl_easy_strerror(code))
    if code == CURLE_HTTP_RETURNED_ERROR {
      var status = 0
      nn_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
      reason = "the server answers with status \(status)"
      if status == 416 && isResumed {
        return .corrupt(file: path, offset: received, reason: "the server's file is no longer than this part")
      }
    }
    if hasBegun {
      return .brokenOff(url: item.url, received: received, expected: item.size, reason: reason)
    }
    return .unreachable(url: item.url, reason: reason)
  }
}
