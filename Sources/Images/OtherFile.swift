import FetchCore
import ImageProof

/// A stream that is not a PNG: finds what kind of file it is and, for an image, the SHA-256 of all bytes.
///
/// Bytes come in pieces of any size. An image is read to its end, so that it is recognised when it comes a second time.
/// Anything else is refused as soon as its kind is known. Memory is bounded by ``FileKind/longestBeginning``.
struct OtherFile: Sendable {
    private var beginning: [UInt8] = []
    /// Nil while the bytes so far may be the beginning of several kinds.
    private var kind: FileKind?
    private var sum = ContentSum()

    /// Reads the next piece of the stream; throws as soon as the stream is known to be no image.
    mutating func consume(_ bytes: RawSpan) throws(JobFailure) {
        sum.consume(bytes)
        if kind == nil {
            let missing = FileKind.longestBeginning - beginning.count
            bytes.withUnsafeBytes { beginning.append(contentsOf: $0.prefix(missing)) }
            kind = FileKind(beginning: beginning, isWhole: beginning.count == FileKind.longestBeginning)
        }
        if let kind, kind.family != .image { throw failure(kind) }
    }

    /// Why the stream is refused, once it has ended.
    var failure: JobFailure {
        failure(kind ?? FileKind(beginning: beginning, isWhole: true) ?? .unknown)
    }

    private func failure(_ kind: FileKind) -> JobFailure {
        JobFailure(
            kind.family == .video ? .notAnImageJob : .notPNG, at: .download, kind.sentence,
            cause: kind.family == .image ? .otherImage(sha256: sum.sha256) : nil)
    }
}
