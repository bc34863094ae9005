import Glibc
import NIOCore
import WebAddress

/// Rewrites what NIO's decoder refuses, or changes, in the head of a reply; everything else passes unchanged.
///
/// - A header field that continues in the next line, after white space (obsolete line folding): the line break becomes
///   spaces (RFC 9112, section 5.2). The decoder refuses such a reply.
/// - A byte beyond ASCII in a `Location`: it is percent-encoded, as browsers do. The decoder replaces what is not UTF-8.
///
/// Nearly every head arrives in one piece and needs no change. This is found without a look at each byte, and costs no
/// copy. A head ends at its first blank line at the latest, so no byte of a body is ever changed.
struct HeadNormalizer {
    private enum Position: Equatable {
        /// In the first line, of which so many bytes have arrived.
        case statusLine(Int)
        case lineStart
        /// In a field's name: how many of its bytes match `location`, or nil if it is another name.
        case name(Int?)
        case value(isLocation: Bool)
        /// After a carriage return in a value, and a line feed after it; both are held back until the next byte shows
        /// whether the field continues.
        case lineEnd(isLocation: Bool, sawLineFeed: Bool)
        case blankLine
        case afterHead
    }

    private var position = Position.statusLine(0)
    /// The status is `1xx`, so another head follows; after 101 there is no more HTTP.
    private var isInterim = false

    /// Whether the next bytes belong to a head.
    var isInHead: Bool { position != .afterHead }

    /// The bytes, rewritten where they have to be; fewer if the end of a line is held back.
    mutating func normalize(_ bytes: ByteBuffer) -> ByteBuffer {
        guard isInHead else { return bytes }
        if position == .statusLine(0), bytes.withUnsafeReadableBytes(Self.isCompleteAndNormal) {
            position = .afterHead
            return bytes
        }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.readableBytes + 2)
        var rest = bytes.readableBytesView[...]
        while isInHead, let byte = rest.popFirst() { take(byte, into: &output) }
        output += rest
        return ByteBuffer(bytes: output)
    }

    // MARK: Byte by byte

    private mutating func take(_ byte: UInt8, into output: inout [UInt8]) {
        switch position {
        case .lineEnd(let isLocation, sawLineFeed: false) where byte == Self.lineFeed:
            position = .lineEnd(isLocation: isLocation, sawLineFeed: true)
            return
        case .lineEnd(let isLocation, sawLineFeed: false):
            output.append(Self.carriageReturn)
            position = .value(isLocation: isLocation)
        case .lineEnd(let isLocation, sawLineFeed: true) where byte == Self.space || byte == Self.tab:
            output += [Self.space, Self.space]
            position = .value(isLocation: isLocation)
        case .lineEnd(_, sawLineFeed: true):
            output += [Self.carriageReturn, Self.lineFeed]
            position = .lineStart
        default: break
        }
        if case .value(let isLocation) = position {
            takeInValue(byte, isLocation: isLocation, into: &output)
        } else {
            output.append(byte)
            takeAsItIs(byte)
        }
    }

    private mutating func takeInValue(_ byte: UInt8, isLocation: Bool, into output: inout [UInt8]) {
        switch byte {
        case Self.carriageReturn: position = .lineEnd(isLocation: isLocation, sawLineFeed: false)
        case 0x80... where isLocation: output += PercentEncoding.encoded(byte)
        default:
            output.append(byte)
            if byte == Self.lineFeed { position = .lineStart }
        }
    }

    private mutating func takeAsItIs(_ byte: UInt8) {
        switch position {
        case .statusLine(let count):
            if count == Self.statusOffset { isInterim = byte == UInt8(ascii: "1") }
            if count == Self.statusOffset + 2, byte == UInt8(ascii: "1") { isInterim = false }
            position = byte == Self.lineFeed ? .lineStart : .statusLine(count + 1)
        case .lineStart where byte == Self.carriageReturn: position = .blankLine
        case .lineStart, .blankLine:
            if byte == Self.lineFeed { endHead() } else { position = .name(Self.matched(0, byte)) }
        case .name(let count):
            switch byte {
            case UInt8(ascii: ":"): position = .value(isLocation: count == Self.location.count)
            case Self.lineFeed: position = .lineStart
            default: position = .name(count.flatMap { Self.matched($0, byte) })
            }
        case .value, .lineEnd, .afterHead: break
        }
    }

    private mutating func endHead() {
        position = isInterim ? .statusLine(0) : .afterHead
        isInterim = false
    }

    /// How many bytes match `location` with one more byte; nil if this one does not match.
    private static func matched(_ count: Int, _ byte: UInt8) -> Int? {
        count < location.count && location[count] == byte | 0x20 ? count + 1 : nil
    }

    // MARK: All at once

    /// Whether the bytes hold a complete head that is not `1xx` and needs no change.
    private static func isCompleteAndNormal(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress, bytes.count > statusOffset, bytes[statusOffset] != UInt8(ascii: "1") else {
            return false
        }
        var start = 0
        while let found = memchr(base + start, Int32(lineFeed), bytes.count - start) {
            let next = UnsafeRawPointer(found) - base + 1
            let isBlank = next - start == 1 || next - start == 2 && bytes[start] == carriageReturn
            if isBlank { return start > 0 && isASCII(UnsafeRawBufferPointer(rebasing: bytes[..<next])) }
            guard next < bytes.count, bytes[next] != space, bytes[next] != tab else { return false }
            start = next
        }
        return false
    }

    private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var all: UInt64 = 0
        var offset = 0
        while offset + 8 <= bytes.count {
            all |= bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        while offset < bytes.count {
            all |= UInt64(bytes[offset])
            offset += 1
        }
        return all & 0x8080_8080_8080_8080 == 0
    }

    /// The offset of the status code: after `HTTP/1.1 `.
    private static let statusOffset = 9
    private static let location = Array("location".utf8)
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let space = UInt8(ascii: " ")
    private static let tab = UInt8(ascii: "\t")
}
