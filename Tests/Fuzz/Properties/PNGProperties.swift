import ImageProof

/// An image is proven if and only if a second reading finds every rule kept, or broken in a way that decoders forgive,
/// in whatever pieces it comes.
enum PNGProperties {
    static func check(_ input: [UInt8]) throws(Violation) {
        var choices = Choices(input)
        // A mutated chunk rarely has the right CRC, and would hide every rule behind that one.
        let isRepaired = choices.byte() & 1 == 1
        let seed = choices.number(bytes: 2)
        var cuts = CutPoints(seed: seed)
        let bytes = isRepaired ? ReferencePNG.repaired(Array(choices.rest)) : Array(choices.rest)

        let verdict = proof(of: [bytes[...]])
        try require(proof(of: cuts.pieces(of: bytes, longest: 40)) == verdict, "pieces give another verdict")
        try require(proof(of: bytes.indices.map { bytes[$0...$0] }) == verdict, "single bytes give another verdict")

        let reference = ReferencePNG(bytes)
        switch verdict {
        case .success(let proven):
            let reference = try require(reference, "a broken image is proven")
            try require(proven.bytes == bytes.count, "\(bytes.count) bytes are counted as \(proven.bytes)")
            try require(
                proven.header.width == reference.width && proven.header.height == reference.height,
                "the image's size is \(reference.width)×\(reference.height), not \(proven.header)")
            try require(
                (proven.irregularity != nil) == reference.isIrregular,
                "the irregularity is \(String(describing: proven.irregularity))")
            if let irregularity = proven.irregularity {
                try require(0..<bytes.count ~= irregularity.offset, "an irregularity at \(irregularity.offset)")
                try requireSentence("\(irregularity)")
            }
            let longer = proof(of: [bytes[...], [0]])
            try require(
                longer.irregularity == (proven.irregularity ?? longer.irregularity) && longer.irregularity != nil,
                "a byte after the end is not seen")
            let cut = bytes.prefix(Int(seed) % reference.endOfImage)
            try require(proof(of: [cut]).error?.kind == .truncated, "\(cut.count) of \(bytes.count) bytes suffice")
        case .failure(let error):
            try require(reference == nil, "a sound image is refused: \(error)")
            try require(0...bytes.count ~= error.offset, "an error at \(error.offset) of \(bytes.count) bytes")
            try requireSentence("\(error)")
            let isSigned = bytes.starts(with: ReferencePNG.signature.prefix(bytes.count))
            try require(isSigned == (error.kind != .notPNG), "\(error) is of kind \(error.kind)")
            try checkStaysFailed(bytes, error)
        }
    }

    private static func proof(of pieces: [ArraySlice<UInt8>]) -> Result<ProvenPNG, PNGError> {
        Result { () throws(PNGError) in
            var prover = ImageProver()
            for piece in pieces { try prover.consume(piece.span.bytes) }
            return try prover.finish()
        }
    }

    /// Nothing that comes after an error makes an image of it.
    private static func checkStaysFailed(_ bytes: [UInt8], _ error: PNGError) throws(Violation) {
        var scanner = PNGScanner()
        let outcomes = (0..<3).map { round in
            Result { () throws(PNGError) -> ScannedPNG in
                if round < 2 { try scanner.consume(bytes.span.bytes) }
                return try scanner.finish()
            }
        }
        for outcome in outcomes {
            try require(outcome.error == error, "a failed scanner says \(outcome) after \(error)")
        }
    }
}

extension Result where Success == ProvenPNG, Failure == PNGError {
    fileprivate var irregularity: PNGError? {
        if case .success(let proven) = self { proven.irregularity } else { nil }
    }
}

extension Result where Failure == PNGError {
    fileprivate var error: PNGError? {
        if case .failure(let error) = self { error } else { nil }
    }
}
