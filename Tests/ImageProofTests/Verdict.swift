import ImageProof

/// What the scanner says of bytes that arrive in these pieces.
func verdict(onPieces pieces: [ArraySlice<UInt8>]) -> Result<ScannedPNG, PNGError> {
    Result { () throws(PNGError) in
        var scanner = PNGScanner()
        for piece in pieces { try scanner.consume(piece.span.bytes) }
        return try scanner.finish()
    }
}

/// What the scanner says of bytes that arrive all at once.
func verdict(on bytes: [UInt8]) -> Result<ScannedPNG, PNGError> {
    verdict(onPieces: [bytes[...]])
}

/// What the prover says of bytes that arrive in these pieces.
func proof(ofPieces pieces: [ArraySlice<UInt8>]) -> Result<ProvenPNG, PNGError> {
    Result { () throws(PNGError) in
        var prover = ImageProver()
        for piece in pieces { try prover.consume(piece.span.bytes) }
        return try prover.finish()
    }
}

extension Result where Failure == PNGError {
    /// The error, or nil if the bytes were proven.
    var error: PNGError? {
        if case .failure(let error) = self { error } else { nil }
    }

    var isProven: Bool { error == nil }
}

extension Result where Success == ScannedPNG, Failure == PNGError {
    /// The forgivable rule that a whole image breaks; nil if it breaks none, or is no whole image.
    var irregularity: PNGError? {
        if case .success(let png) = self { png.irregularity } else { nil }
    }
}

extension [UInt8] {
    /// The bytes in pieces of `size`, the last one perhaps shorter.
    func pieces(of size: Int) -> [ArraySlice<UInt8>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}

extension PNGScanner {
    /// The error that the next piece raises, if any.
    mutating func errorConsuming(_ bytes: ArraySlice<UInt8>) -> PNGError? {
        Result { () throws(PNGError) in try consume(bytes.span.bytes) }.error
    }

    /// The error that the end of the stream raises, if any.
    mutating func errorFinishing() -> PNGError? {
        Result { () throws(PNGError) in try finish() }.error
    }
}

extension ImageProver {
    /// The error that the next piece raises, if any.
    mutating func errorConsuming(_ bytes: ArraySlice<UInt8>) -> PNGError? {
        Result { () throws(PNGError) in try consume(bytes.span.bytes) }.error
    }

    /// The error that the end of the stream raises, if any.
    mutating func errorFinishing() -> PNGError? {
        Result { () throws(PNGError) in try finish() }.error
    }
}
