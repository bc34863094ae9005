import Glibc
import NIOCore
import WebAddress

/// Mends what NIO's decoder does not take, or spoils, in the head of a reply; all else passes as it came.
///
/// - A header field that goes on in the next line, after white space: RFC 9112, section 5.2, has the line break read as
///   spaces. The decoder refuses such a reply.
/// - A byte beyond ASCII in a `Location`: it is percent-encoded, as browsers do. The decoder replaces what is not UTF-8.
///
/// Nearly every head comes in one piece with nothing to mend. That is found without looking at each byte, and costs no
/// copy. A head ends at its first blank line at the latest, so no byte of a body is ever touched.
struct HeadMender {
    private enum Place: Equatable {
        /// In the first line, of which so many bytes have come.
        case statusLine(Int)
        case lineStart
        /// In a field's name; so much of it is `location`, or nil if it is another name.
        case name(Int?)
        case value(isLocation: Bool)
        /// After a carriage return in a value, which is held back, and a line feed after it. Where the connection ends
        /// here, so does the reply in the middle of its head, and nobody asks for them.
        case lineEnd(isLocation: Bool, sawLineFeed: Bool)
        case blankLine
        case behindHead
    }

    private var place = Place.statusLine(0)
    /// The status line says `1xx`: another head follows, unless it is 101, which ends HTTP.
    private var isInterim = false

    /// Whether the next bytes belong to a head.
    var isInHead: Bool { place != .behindHead }

    /// The bytes with what they need; fewer if the end of a line is held back until it is known what follows.
    mutating func mend(_ bytes: ByteBuffer) -> ByteBuffer {
        guard isInHead else { return bytes }
        if place == .statusLine(0), bytes.withUnsafeReadableBytes(Self.isWholeAndSound) {
            place = .behindHead
            return bytes
        }
        var mended: [UInt8] = []
        mended.reserveCapacity(bytes.readableBytes + 2)
        var rest = bytes.readableBytesView[...]
        while isInHead, let byte = rest.popFirst() { take(byte, into: &mended) }
        mended += rest
        return ByteBuffer(bytes: mended)
    }

    // MARK: Byte by byte

    private mutating func take(_ byte: UInt8, into mended: inout [UInt8]) {
        switch place {
        case .lineEnd(let isLocation, sawLineFeed: false) where byte == Self.lineFeed:
            place = .lineEnd(isLocation: isLocation, sawLineFeed: true)
            return
        case .lineEnd(let isLocation, sawLineFeed: false):
            mended.append(Self.carriageReturn)
            place = .value(isLocation: isLocation)
        case .lineEnd(let isLocation, sawLineFeed: true) where byte == Self.space || byte == Self.tab:
            mended += [Self.space, Self.space]
            place = .value(isLocation: isLocation)
        case .lineEnd(_, sawLineFeed: true):
            mended += [Self.carriageReturn, Self.lineFeed]
            place = .lineStart
        default: break
        }
        if case .value(let isLocation) = place {
            takeInValue(byte, isLocation: isLocation, into: &mended)
        } else {
            mended.append(byte)
            takeAsItIs(byte)
        }
    }

    private mutating func takeInValue(_ byte: UInt8, isLocation: Bool, into mended: inout [UInt8]) {
        switch byte {
        case Self.carriageReturn: place = .lineEnd(isLocation: isLocation, sawLineFeed: false)
        case 0x80... where isLocation: mended += PercentEncoding.encoded(byte)
        default:
            mended.append(byte)
            if byte == Self.lineFeed { place = .lineStart }
        }
    }

    private mutating func takeAsItIs(_ byte: UInt8) {
        switch place {
        case .statusLine(let count):
            if count == Self.statusOffset { isInterim = byte == UInt8(ascii: "1") }
            if count == Self.statusOffset + 2, byte == UInt8(ascii: "1") { isInterim = false }
            place = byte == Self.lineFeed ? .lineStart : .statusLine(count + 1)
        case .lineStart where byte == Self.carriageReturn: place = .blankLine
        case .lineStart, .blankLine:
            if byte == Self.lineFeed { endHead() } else { place = .name(Self.matched(0, byte)) }
        case .name(let count):
            switch byte {
            case UInt8(ascii: ":"): place = .value(isLocation: count == Self.location.count)
            case Self.lineFeed: place = .lineStart
            default: place = .name(count.flatMap { Self.matched($0, byte) })
            }
        case .value, .lineEnd, .behindHead: break
        }
    }

    private mutating func endHead() {
        place = isInterim ? .statusLine(0) : .behindHead
        isInterim = false
    }

    /// How much of `location` has come with one more byte.
    private static func matched(_ count: Int, _ byte: UInt8) -> Int? {
        count < location.count && location[count] == byte | 0x20 ? count + 1 : nil
    }

    // MARK: All at once

    /// Whether the bytes hold the whole head of a last reply, which passes as it is.
    private static func isWholeAndSound(_ bytes: UnsafeRawBufferPointer) -> Bool {
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

    /// Where the status code stands: after `HTTP/1.1 `.
    private static let statusOffset = 9
    private static let location = Array("location".utf8)
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let space = UInt8(ascii: " ")
    private static let tab = UInt8(ascii: "\t")
}
