import Foundation

/// A request of HTTP/1.1 to a server on this machine, and its reply, over a connection of its own.
///
/// Foundation's own client does not take the headers that chromedriver sends.
enum LocalHTTP {
    struct LocalHTTPError: Error, CustomStringConvertible {
        let description: String
    }

    /// How long the server may be silent, in seconds: it starts a browser meanwhile.
    private static let patience = 60

    /// Sends a JSON text and returns the status and the body of the reply.
    static func send(_ method: String, port: UInt16, path: String, body: Data) throws -> (status: Int, body: Data) {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard connection >= 0 else { throw LocalHTTPError(description: "no socket") }
        defer { close(connection) }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        try connect(connection, to: port)
        let head = """
            \(method) \(path) HTTP/1.1\r
            Host: 127.0.0.1:\(port)\r
            Content-Type: application/json\r
            Content-Length: \(body.count)\r
            \r\n
            """
        try write(Data(head.utf8) + body, to: connection)
        return try readReply(from: connection)
    }

    private static func connect(_ connection: Int32, to port: UInt16) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw LocalHTTPError(description: "nobody listens on port \(port)") }
    }

    private static func write(_ data: Data, to connection: Int32) throws {
        var sent = 0
        while sent < data.count {
            let count = data.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress?.advanced(by: sent), data.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw LocalHTTPError(description: "the server takes no request") }
            sent += count
        }
    }

    /// Reads a reply whose header tells its length.
    private static func readReply(from connection: Int32) throws -> (status: Int, body: Data) {
        var reply = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            if let end = reply.firstRange(of: Data("\r\n\r\n".utf8)) {
                let head = String(decoding: reply[..<end.lowerBound], as: UTF8.self)
                let length = head.firstMatch(of: /(?i)content-length: *([0-9]+)/).flatMap { Int($0.1) } ?? 0
                let status = head.firstMatch(of: /^HTTP\/1.1 ([0-9]+)/).flatMap { Int($0.1) } ?? 0
                let body = reply[end.upperBound...]
                if body.count >= length { return (status, Data(body.prefix(length))) }
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { throw LocalHTTPError(description: "the reply has no end: \(reply.count) bytes") }
            reply.append(contentsOf: buffer[..<count])
        }
    }
}
