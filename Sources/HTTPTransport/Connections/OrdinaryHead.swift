import Glibc

/// The head of a reply that is like nearly all others, read where it lies: no name and no value becomes a string.
///
/// Ordinary is a complete head of at most ``mostBytes`` and ``mostFields`` that says `HTTP/1.1 200` in lines of printable
/// ASCII that end in CRLF, has one `Content-Length`, and nothing else that matters to how the reply is read. Every other
/// head is left to NIO's decoder, also one that is merely unusual: so what is refused, and what is forgiven, is that
/// decoder's decision alone.
struct OrdinaryHead: Equatable {
    /// Bytes of the head, its blank line included.
    let length: Int
    /// Bytes of the body.
    let contentLength: Int
    /// The server keeps the connection open after this reply.
    let isKeptAlive: Bool

    /// Reads the head at the start of what has arrived; nil if it is not ordinary.
    init?(_ bytes: UnsafeRawBufferPointer) {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.mostBytes))
        guard let base = bytes.baseAddress, bytes.count > Self.beginning.utf8CodeUnitCount,
            memcmp(base, Self.beginning.utf8Start, Self.beginning.utf8CodeUnitCount) == 0
        else { return nil }
        var contentLength: Int?
        var isKeptAlive: Bool?
        var start = 0
        var lines = 0
        while let lineFeed = memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start) {
            let end = UnsafeRawPointer(lineFeed) - base - 1
            guard end >= start, bytes[end] == UInt8(ascii: "\r") else { return nil }
            let line = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            start = end + 2
            if line.isEmpty {
                guard let contentLength else { return nil }
                self.length = start
                self.contentLength = contentLength
                self.isKeptAlive = isKeptAlive ?? true
                return
            }
            guard lines <= Self.mostFields, line.allSatisfy(Self.isPrintable) else { return nil }
            lines += 1
            // The reason after the status says nothing.
            switch lines == 1 ? .irrelevant : Field(line) {
            case .irrelevant: break
            case .contentLength(let bytes) where contentLength == nil: contentLength = bytes
            case .connection(let isKept) where isKeptAlive == nil: isKeptAlive = isKept
            case .contentLength, .connection, .extraordinary: return nil
            }
        }
        return nil
    }

    static let status = 200
    /// Many times as long as heads are, and far below the most that NIO's decoder lets pass, which is 80 kB.
    static let mostBytes = 16 * 1024
    /// The same of fields, of which NIO's decoder lets 256 pass.
    static let mostFields = 100
    private static let beginning: StaticString = "HTTP/1.1 200 "

    private static func isPrintable(_ byte: UInt8) -> Bool {
        0x20...0x7E ~= byte || byte == UInt8(ascii: "\t")
    }
}

/// What one header field of a reply means.
private enum Field {
    /// Nothing here.
    case irrelevant
    case contentLength(Int)
    case connection(isKeptAlive: Bool)
    /// Something that is left to NIO's decoder.
    case extraordinary

    /// - Parameter line: a line of printable ASCII, without its end.
    init(_ line: UnsafeRawBufferPointer) {
        guard let colon = line.firstIndex(where: { !Self.isNameByte($0) }), colon > 0, line[colon] == UInt8(ascii: ":")
        else {
            self = .extraordinary
            return
        }
        let name = line[..<colon]
        let value = line[(colon + 1)...]
        // Nearly every field is told from these by the length of its name.
        switch colon {
        case 7 where name.spells("upgrade"), 8 where name.spells("location"),
            11 where name.spells("retry-after"), 16 where name.spells("content-encoding"),
            16 where name.spells("proxy-connection"), 17 where name.spells("transfer-encoding"):
            self = .extraordinary
        case 10 where name.spells("connection"):
            self = Self.connection(value.withoutBlanksAround())
        case 14 where name.spells("content-length"):
            self = Self.length(value.drop { $0 == UInt8(ascii: " ") }).map { .contentLength($0) } ?? .extraordinary
        default:
            self = .irrelevant
        }
    }

    private static func connection(_ value: Slice<UnsafeRawBufferPointer>) -> Field {
        if value.spells("keep-alive") { return .connection(isKeptAlive: true) }
        return value.spells("close") ? .connection(isKeptAlive: false) : .extraordinary
    }

    /// A number of digits that surely does not overflow, and nothing after it.
    private static func length(_ value: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard 1...15 ~= value.count else { return nil }
        var length = 0
        for byte in value {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            length = length * 10 + Int(byte & 0x0F)
        }
        return length
    }

    /// Whether the byte may stand in a name (RFC 9110, section 5.6.2).
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
