import ImageProof

/// What the scanner says of bytes that arrive in these pieces.
func verdict(onPieces pieces: [ArraySlice<UInt8>]) -> Result<ScannedPNG, PNGFault> {
    Result { () throws(PNGFault) in
        var scanner = PNGScanner()
        for piece in pieces { try scanner.consume(piece.span.bytes) }
        return try scanner.finish()
    }
}

/// What the scanner says of bytes that arrive all at once.
func verdict(on bytes: [UInt8]) -> Result<ScannedPNG, PNGFault> {
    verdict(onPieces: [bytes[...]])
}

/// What the prover says of bytes that arrive in these pieces.
func proof(ofPieces pieces: [ArraySlice<UInt8>]) -> Result<ProvenBytes, PNGFault> {
    Result { () throws(PNGFault) in
        var prover = ImageProver()
        for piece in pieces { try prover.consume(piece.span.bytes) }
        return try prover.finish()
    }
}

extension Result where Failure == PNGFault {
    /// The fault, or nil if the bytes were proven.
    var fault: PNGFault? {
        if case .failure(let fault) = self { fault } else { nil }
    }

    var isProven: Bool { fault == nil }
}

extension Result where Success == ScannedPNG, Failure == PNGFault {
    /// The forgivable rule that a whole image breaks; nil if it breaks none, or is no whole image.
    var irregularity: PNGFault? {
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
    /// The fault that the next piece raises, if any.
    mutating func faultConsuming(_ bytes: ArraySlice<UInt8>) -> PNGFault? {
        Result { () throws(PNGFault) in try consume(bytes.span.bytes) }.fault
    }

    /// The fault that the end of the stream raises, if any.
    mutating func faultFinishing() -> PNGFault? {
        Result { () throws(PNGFault) in try finish() }.fault
    }
}

extension ImageProver {
    /// The fault that the next piece raises, if any.
    mutating func faultConsuming(_ bytes: ArraySlice<UInt8>) -> PNGFault? {
        Result { () throws(PNGFault) in try consume(bytes.span.bytes) }.fault
    }

    /// The fault that the end of the stream raises, if any.
    mutating func faultFinishing() -> PNGFault? {
        Result { () throws(PNGFault) in try finish() }.fault
    }
}
