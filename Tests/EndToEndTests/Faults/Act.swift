import Foundation

/// One thing that a server does on a connection.
enum Act: Sendable {
    case send([UInt8])
    /// One byte at a time, with a pause after each.
    case drip([UInt8], pause: TimeInterval)
    /// The same bytes again and again, until nobody takes them.
    case flood([UInt8])
    /// Nothing, until the other side hangs up.
    case hold
    /// Nothing, until the other side makes its next request over this connection; that one gets no answer.
    case hear
    /// Ends the connection with a reset instead of an orderly close.
    case reset

    static func text(_ text: String) -> Act { .send(Array(text.utf8)) }

    /// A whole reply in proper framing.
    static func reply(_ status: Int, _ headers: [String] = [], body: [UInt8] = []) -> [Act] {
        [head(status, headers + ["Content-Length: \(body.count)"]), .send(body)]
    }

    static func reply(_ status: Int, _ headers: [String] = [], json: String) -> [Act] {
        reply(status, headers + ["Content-Type: application/json"], body: Array(json.utf8))
    }

    /// A head alone; what follows is the caller's.
    static func head(_ status: Int, _ headers: [String]) -> Act {
        .text(
            "HTTP/1.1 \(status) Status\r\nConnection: close\r\n" + headers.map { $0 + "\r\n" }.joined() + "\r\n")
    }
}

/// The other end of an accepted connection.
struct Peer: Sendable {
    let socket: Int32

    /// More than any request of ours takes.
    private static let longestHead = 64 * 1024

    /// Reads up to the blank line; nil if the other side hangs up before it.
    func readHead() -> String? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < Self.longestHead {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            if let text = String(bytes: bytes, encoding: .utf8), text.contains("\r\n\r\n") { return text }
        }
        return nil
    }

    func play(_ act: Act) {
        switch act {
        case .send(let bytes):
            _ = send(bytes)
        case .drip(let bytes, let pause):
            for byte in bytes where send([byte]) {
                Thread.sleep(forTimeInterval: pause)
            }
        case .flood(let bytes):
            while send(bytes) {}
        case .hold:
            var buffer = [UInt8](repeating: 0, count: 256)
            while recv(socket, &buffer, buffer.count, 0) > 0 {}
        case .hear:
            _ = readHead()
        case .reset:
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        }
    }

    /// False once nobody takes it any more.
    private func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
