import NIOCore
import NIOHTTP1

/// The parts of a reply that have arrived and were not asked for yet.
struct WaitingParts {
    private var parts: CircularBuffer<HTTPClientResponsePart> = []
    /// Their size in bytes.
    private var bytes = 0

    /// Reading pauses at this many bytes: a few of the largest reads.
    private static let bytesLimit = 256 * 1024
    /// What a part counts besides its bytes, so that a body of tiny chunks is limited too.
    private static let partOverhead = 256

    var isEmpty: Bool { parts.isEmpty }
    /// Nothing more is to be read before some of them were asked for.
    var isFull: Bool { bytes >= Self.bytesLimit }

    mutating func append(_ part: HTTPClientResponsePart) {
        bytes += Self.size(of: part)
        parts.append(part)
    }

    mutating func popFirst() -> HTTPClientResponsePart? {
        guard let part = parts.popFirst() else { return nil }
        bytes -= Self.size(of: part)
        return part
    }

    private static func size(of part: HTTPClientResponsePart) -> Int {
        if case .body(let bytes) = part { bytes.readableBytes + partOverhead } else { partOverhead }
    }
}
