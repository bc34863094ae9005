import Crypto
import FetchCore

/// The lines of a manifest that belong to one part of it, see ``FetchCore/Shard``.
struct ManifestShare: Sendable {
    private let shard: Shard
    /// The bytes of the longest lines come in pieces.
    private var longLine = SHA256()

    init(_ shard: Shard) {
        self.shard = shard
    }

    /// Whether a job belongs to the part.
    func holds(_ id: JobID) -> Bool {
        let text = id.ascii
        return shard.holds(Self.sum(of: text.span))
    }

    /// Whether a line does: it goes by its job or, if it names none, by its bytes, given without its end.
    func holds(_ item: ManifestItem, on bytes: Span<UInt8>) -> Bool {
        switch item {
        case .job(let id, _), .settled(let id, _, _), .told(let id, _, _): holds(id)
        case .invalid: shard.holds(Self.sum(of: bytes))
        }
    }

    /// Takes in a piece of a line of which no more is kept.
    mutating func noteLongLine(_ piece: Span<UInt8>, isFirst: Bool) {
        if isFirst { longLine = SHA256() }
        piece.withUnsafeBytes { longLine.update(bufferPointer: $0) }
    }

    /// Whether the line belongs to the part whose pieces were taken in last.
    var holdsLongLine: Bool { shard.holds(Self.number(longLine.finalize())) }

    private static func sum(of bytes: Span<UInt8>) -> UInt32 {
        var digest = SHA256()
        bytes.withUnsafeBytes { digest.update(bufferPointer: $0) }
        return number(digest.finalize())
    }

    /// The first 8 hexadecimal digits as a number.
    private static func number(_ digest: SHA256Digest) -> UInt32 {
        digest.withUnsafeBytes { UInt32(bigEndian: $0.loadUnaligned(as: UInt32.self)) }
    }
}
