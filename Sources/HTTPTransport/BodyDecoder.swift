/// Why a compressed body cannot be decompressed.
enum BodyDecoderError: Error, Equatable {
    /// It ends before its last byte or its checksum has arrived.
    case truncated
    /// It breaks the rules of its format, or its checksum is wrong.
    case corrupt
    /// More comes out than the limit.
    case tooLarge
    /// There is not enough memory.
    case noMemory
}

/// Decompresses a body as `Content-Encoding` says, piece by piece, while it arrives.
///
/// A few bytes may stand for a thousand times as many, so each coding has one buffer of a fixed size, and no coding may
/// give more than the limit.
final class BodyDecoder {
    private let layers: [Layer]

    /// A decoder for a reply; nil if the reply names no known coding, as nearly all do.
    ///
    /// - Parameters:
    ///   - contentEncodings: the values of its `Content-Encoding` fields.
    ///   - limit: most bytes that may come out.
    init?(for contentEncodings: [String], limit: Int) {
        let codings = ContentCoding.layers(in: contentEncodings)
        guard !codings.isEmpty else { return nil }
        layers = codings.map { Layer($0, limit: limit) }
    }

    /// Decompresses the next bytes of the body, and passes on what comes out, in pieces.
    ///
    /// - Throws: ``BodyDecoderError``, and what `consume` throws.
    func decode(_ bytes: RawSpan, into consume: (RawSpan) throws -> Void) throws {
        try feed(bytes, to: 0, into: consume)
    }

    /// Passes on what is left, and checks that the body was complete.
    ///
    /// - Throws: as ``decode(_:into:)``. Nothing that was passed on is good before this returns.
    func finish(into consume: (RawSpan) throws -> Void) throws {
        for index in layers.indices {
            try layers[index].finish { try feed($0, to: index + 1, into: consume) }
        }
    }

    private func feed(_ bytes: RawSpan, to index: Int, into consume: (RawSpan) throws -> Void) throws {
        guard index < layers.count else { return try consume(bytes) }
        try layers[index].feed(bytes) { try feed($0, to: index + 1, into: consume) }
    }
}

extension BodyDecoder {
    /// One coding.
    private final class Layer {
        private enum State {
            /// Too few bytes have arrived to tell how they are compressed.
            case unknown([UInt8])
            case compressed(Inflater)
            case plain
        }

        private let coding: ContentCoding
        private let limit: Int
        private var state = State.unknown([])

        init(_ coding: ContentCoding, limit: Int) {
            self.coding = coding
            self.limit = limit
        }

        func feed(_ bytes: RawSpan, into consume: (RawSpan) throws -> Void) throws {
            switch state {
            case .unknown(var start):
                bytes.withUnsafeBytes { start += $0 }
                if start.count < ContentCoding.detectionLength {
                    state = .unknown(start)
                } else {
                    try begin(with: start, into: consume)
                }
            case .compressed(let inflater): try inflater.feed(bytes, into: consume)
            case .plain: try consume(bytes)
            }
        }

        func finish(into consume: (RawSpan) throws -> Void) throws {
            if case .unknown(let start) = state { try begin(with: start, into: consume) }
            if case .compressed(let inflater) = state, !inflater.isComplete { throw BodyDecoderError.truncated }
        }

        /// Finds out how the first bytes are compressed, and begins with them.
        ///
        /// Two bytes are not enough to be sure of zlib, so a body that fails before anything came out was not zlib. Raw
        /// deflate has no signature at all, and any bytes may look like it for a while: a body that fails before anything
        /// was passed on was not compressed.
        private func begin(with start: [UInt8], into consume: (RawSpan) throws -> Void) throws {
            let form = coding.form(of: start)
            guard form != .plain else { return try pass(start, into: consume) }
            let inflater = try Inflater(form, limit: limit)
            state = .compressed(inflater)
            do {
                try inflater.feed(start.span.bytes, into: consume)
            } catch BodyDecoderError.corrupt
                where form == .zlib && inflater.produced == 0 || form == .rawDeflate && inflater.passedOn == 0
            {
                try pass(start, into: consume)
            }
        }

        private func pass(_ start: [UInt8], into consume: (RawSpan) throws -> Void) throws {
            state = .plain
            if !start.isEmpty { try consume(start.span.bytes) }
        }
    }
}
