/// The name of a PNG's chunk: four bytes that say what kind of chunk it is.
///
/// It is a binary code: it is compared as one number, and case counts (PNG third edition, 5.4).
public struct PNGChunkName: Sendable, Equatable {
    /// The four bytes, the first one highest.
    public let code: UInt32

    init(code: UInt32) {
        self.code = code
    }

    static let header = Self(code: 0x4948_4452)  // IHDR
    static let palette = Self(code: 0x504C_5445)  // PLTE
    static let imageData = Self(code: 0x4944_4154)  // IDAT
    static let end = Self(code: 0x4945_4E44)  // IEND

    /// Whether each byte is an ASCII letter, as a chunk's name has to be (table in 5.3).
    var isFourLetters: Bool {
        bytes.allSatisfy { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
    }

    /// Whether a decoder has to understand the chunk to show the picture (5.4: bit 5 of the first byte is 0).
    var isCritical: Bool { code & 0x2000_0000 == 0 }

    private var bytes: [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: code >> $0) }
    }
}

extension PNGChunkName: CustomStringConvertible {
    /// The name as letters, or as hexadecimal digits if the bytes are not letters.
    ///
    /// Bytes from outside never reach a terminal or a log as they are.
    public var description: String {
        if isFourLetters { return String(decoding: bytes, as: Unicode.ASCII.self) }
        return "0x" + lowerCaseHex(bytes)
    }
}
