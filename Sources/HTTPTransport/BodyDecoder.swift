import NIOHTTP1

/// Undoes what `Content-Encoding` names, piece by piece, while a body arrives.
///
/// A few bytes may stand for a thousand times as many, so each coding has one room of a fixed size, and no coding may
/// give more than the limit.
final class BodyDecoder {
    /// Why a body cannot be unpacked.
    enum Fault: Error, Equatable {
        /// It ends before its last byte or its checksum has come.
        case truncated
        /// It breaks the rules of its format, or its checksum is wrong.
        case corrupt
        /// More comes out than the limit.
        case tooLarge
        /// There is no memory to do it in.
        case noMemory
    }

    private let layers: [Layer]

    /// A decoder for a reply; nil if it names no coding that is known, as nearly all do.
    ///
    /// - Parameter limit: most bytes that may come out.
    init?(for headers: HTTPHeaders, limit: Int) {
        let codings = ContentCoding.layers(in: headers)
        guard !codings.isEmpty else { return nil }
        layers = codings.map { Layer($0, limit: limit) }
    }

    /// Unpacks the next bytes of the body, and hands on what comes out, in pieces.
    ///
    /// - Throws: ``Fault``, and what `consume` throws.
    func decode(_ bytes: RawSpan, into consume: (RawSpan) throws -> Void) throws {
        try feed(bytes, to: 0, into: consume)
    }

    /// Hands on what is left, and makes sure that the body was whole.
    ///
    /// - Throws: as ``decode(_:into:)``. Nothing that was handed on is good before this returns.
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
            /// Too few bytes have come to tell how they are packed.
            case unknown([UInt8])
            case packed(Inflater)
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
                if start.count < ContentCoding.tellingLength {
                    state = .unknown(start)
                } else {
                    try begin(with: start, into: consume)
                }
            case .packed(let inflater): try inflater.feed(bytes, into: consume)
            case .plain: try consume(bytes)
            }
        }

        func finish(into consume: (RawSpan) throws -> Void) throws {
            if case .unknown(let start) = state { try begin(with: start, into: consume) }
            if case .packed(let inflater) = state, !inflater.isWhole { throw Fault.truncated }
        }

        /// Takes the first bytes for what they are.
        ///
        /// Two bytes are little to tell zlib by, so what fails before anything came out was never packed like that. Bare
        /// deflate has no mark at all, and anything may look like it for a while: what fails at once was not packed.
        private func begin(with start: [UInt8], into consume: (RawSpan) throws -> Void) throws {
            let form = coding.form(of: start)
            guard form != .plain else { return try pass(start, into: consume) }
            let inflater = try Inflater(form, limit: limit)
            state = .packed(inflater)
            do {
                try inflater.feed(start.span.bytes, into: consume)
            } catch Fault.corrupt
                where form == .zlib && inflater.produced == 0 || form == .bareDeflate && inflater.handedOn == 0
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
