/// Why a stream of bytes is not proven to be a PNG.
///
/// Two errors are equal when the same rule was broken at the same place.
public struct PNGError: Error, Sendable, Equatable {
    /// What the error means for the caller who asked for the image.
    ///
    /// The raw values are stable and serve as codes in records.
    public enum Kind: String, Sendable, Equatable, CaseIterable {
        /// The bytes do not begin like a PNG: something else was sent.
        case notPNG = "not_png"
        /// It begins like a PNG and breaks a rule of the format.
        case corrupt = "corrupt_png"
        /// The bytes are the beginning of a good PNG, as far as they go, and the rest is missing.
        case truncated
    }

    /// The rule that was broken.
    public let reason: Reason
    /// The first byte of the field that is wrong, counted from 0 at the start of the stream.
    ///
    /// For a truncated image it is the number of bytes that came.
    public let offset: Int
    /// The chunk that was being read, if its name was already known.
    public let chunk: PNGChunkName?

    /// What the error means for the caller who asked for the image.
    public var kind: Kind { reason.kind }

    init(_ reason: Reason, at offset: Int, in chunk: PNGChunkName? = nil) {
        self.reason = reason
        self.offset = offset
        self.chunk = chunk
    }
}

extension PNGError: CustomStringConvertible {
    /// One sentence for a person: the rule, the chunk and the byte offset.
    public var description: String {
        if let chunk { return "\(reason.clause), in chunk \(chunk) at byte \(offset)." }
        return "\(reason.clause), at byte \(offset)."
    }
}
