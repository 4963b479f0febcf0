import Glibc
import Synchronization

/// An HTTP server on the loopback interface, one connection at a time, for as long as it lives.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    var path: String
    /// The first byte asked for by a `Range` header.
    var rangeStart: Int?
  }

  struct Response: Sendable {
    var status = 200
    var headers: [String] = []
    var body: [UInt8] = []
    /// What `Content-Length` says; more than there is makes a transfer that breaks off.
    var declaredLength: Int?
  }

  let port: UInt16
  private let listener: Int32
  private let log = Mutex<[Request]>([])
  private let respond: @Sendable (Request) -> Response

  /// What was asked, in order.
  var requests: [Request] { log.withLock { $0 } }

  init(_ respond: @escaping @Sendable (Request) -> Response) throws {
    self.respond = respond
    (listener, port) = try LoopbackServer.listen()
    let thread = Unmanaged.passRetained(ServerLoop(server: self))
    var identifier = pthread_t()
    pthread_create(
      &identifier, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<ServerLoop>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, thread.toOpaque())
    pthread_detach(identifier)
  }

  /// Stops listening: connections are then refused, and the thread ends.
  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  func url(_ path: String) -> String { "http://127.0.0.1:\(port)/\(path)" }

  /// The whole of `body`, or its end where a range is asked for.
  static func file(_ body: [UInt8], for request: Request) -> Response {
    guard let start = request.rangeStart else { return Response(body: body) }
    guard start < body.count else { return Response(status: 416) }
    return Response(
      status: 206, headers: ["Content-Range: bytes \(start)-\(body.count - 1)/\(body.count)"],
      body: Array(body[start...]))
  }

  private struct SocketError: Error {}

  /// A socket that listens on a free port.
  private static func listen() throws -> (Int32, UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && Glibc.listen(descriptor, 8) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isListening else { throw SocketError() }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  fileprivate func serve() {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      handle(connection)
      close(connection)
    }
    close(listener)
  }

  private func handle(_ connection: Int32) {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\r\n\r\n") {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    let lines = text.split(separator: "\r\n")
    let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
    let request = Request(
      path: String(lines.first?.split(separator: " ").dropFirst().first?.dropFirst() ?? ""),
      rangeStart: range.flatMap { Int($0.dropFirst("range: bytes=".count).prefix { $0 != "-" }) })
    log.withLock { $0.append(request) }
    let response = respond(request)
    let head =
      [
        "HTTP/1.1 \(response.status) Status",
        "Content-Length: \(response.declaredLength ?? response.body.count)",
      ]
      + response.headers + ["Connection: close", "", ""]
    let bytes = Array(head.joined(separator: "\r\n").utf8) + response.body
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }
}

/// What the server's thread holds.
private final class ServerLoop {
  let server: LoopbackServer
  init(server: LoopbackServer) { self.server = server }
  func run() { server.serve() }
}
