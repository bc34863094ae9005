import Files

/// How a kind of file is known by its first bytes.
///
/// What is decided from some bytes is decided in the same way from those and any that follow, so it does not matter in
/// what pieces a file comes.
extension FileKind {
    /// Most bytes that are looked at.
    static let longestBeginning = 512

    /// The kind of a file that begins with these bytes; nil if more of them could still decide it.
    ///
    /// With `isWhole` there are no more, or no more are looked at, and the answer is never nil.
    init?(beginning bytes: [UInt8], isWhole: Bool) {
        var mayBeMore = false
        for (kind, parts) in Self.signatures {
            switch Match(of: parts, with: bytes) {
            case .complete:
                self = kind
                return
            case .possible: mayBeMore = true
            case .none: break
            }
        }
        switch Match(of: [(4, Array("ftyp".utf8))], with: bytes) {
        case .complete:
            guard let kind = Self.kind(ofBaseMedia: bytes, isWhole: isWhole) else { return nil }
            self = kind
            return
        case .possible: mayBeMore = true
        case .none: break
        }
        guard !mayBeMore || isWhole else { return nil }
        guard let kind = Self.kind(ofText: bytes, isWhole: isWhole) else { return nil }
        self = kind
    }

    private typealias Part = (offset: Int, bytes: [UInt8])

    /// How far the parts of a signature are there.
    private enum Match {
        case complete, possible, none

        init(of parts: [Part], with bytes: [UInt8]) {
            self = .complete
            for part in parts {
                let there = bytes.dropFirst(part.offset).prefix(part.bytes.count)
                guard part.bytes.starts(with: there) else {
                    self = .none
                    return
                }
                if there.count < part.bytes.count { self = .possible }
            }
        }
    }

    /// Parts that all have to be there, each at its offset. No file can bear the signature of two kinds.
    private static let signatures: [(kind: FileKind, parts: [Part])] =
        [
            (.jpeg, [(0, [0xFF, 0xD8, 0xFF])]),
            (.webP, [(0, ascii("RIFF")), (8, ascii("WEBP"))]),
            (.gif, [(0, ascii("GIF87a"))]), (.gif, [(0, ascii("GIF89a"))]),
            (.tiff, [(0, ascii("II*\0"))]), (.tiff, [(0, ascii("MM\0*"))]),
            (.tiff, [(0, ascii("II+\0"))]), (.tiff, [(0, ascii("MM\0+"))]),
            // The bare codestream, and the container.
            (.jpegXL, [(0, [0xFF, 0x0A])]), (.jpegXL, [(0, [0, 0, 0, 12] + ascii("JXL \r\n") + [0x87, 0x0A])]),
            (.avi, [(0, ascii("RIFF")), (8, ascii("AVI "))]),
            // EBML, which Matroska is made of too.
            (.webM, [(0, [0x1A, 0x45, 0xDF, 0xA3])]),
            // Whole, with its highest bit cut off, in UTF-8 by way of Latin-1, repaired as UTF-8, in ASCII, dropped.
            (.damagedPNG, [(0, [0x89] + ascii("PNG"))]), (.damagedPNG, [(0, [0x09] + ascii("PNG"))]),
            (.damagedPNG, [(0, [0xC2, 0x89] + ascii("PNG"))]), (.damagedPNG, [(0, [0xEF, 0xBF, 0xBD] + ascii("PNG"))]),
            (.damagedPNG, [(0, ascii("?PNG"))]), (.damagedPNG, [(0, ascii("PNG\r\n"))]),
            (.pdf, [(0, ascii("%PDF-"))]),
            // UTF-16 by its mark.
            (.text, [(0, [0xFF, 0xFE])]), (.text, [(0, [0xFE, 0xFF])]),
        ]
        // Two letters are no signature; with the fields that are always zero and the size of a header that exists they are.
        + [12, 40, 52, 56, 64, 108, 124].map { size in
            (.bmp, [(0, ascii("BM")), (6, [0, 0, 0, 0]), (14, [size, 0, 0, 0])])
        }
        // A film of QuickTime may begin without naming its brand; the size before the name is below 16 MiB, or 1.
        + ["moov", "mdat", "wide"].map { name in (.quickTime, [(0, [0]), (4, ascii(name))]) }
        + CompressionFormat.allCases.flatMap { format in format.openings.map { (.compressed(format), [(0, $0)]) } }

    private static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// The kind of a file of boxes (ISO/IEC 14496-12), which its brands tell: films, and still pictures too.
    private static func kind(ofBaseMedia bytes: [UInt8], isWhole: Bool) -> FileKind? {
        guard let brand = brand(at: 8, of: bytes) else { return isWhole ? .unknown : nil }
        if let kind = brands[brand] { return kind }
        // A still picture by a general brand names the particular one among those that it is compatible with.
        guard stillPictures.contains(brand) else { return .mp4 }
        let size = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        for place in stride(from: 16, to: max(16, min(size, longestBeginning) - 3), by: 4) {
            guard let brand = self.brand(at: place, of: bytes) else { return isWhole ? .heic : nil }
            if let kind = brands[brand] { return kind }
        }
        return .heic
    }

    private static func brand(at offset: Int, of bytes: [UInt8]) -> String? {
        let brand = bytes.dropFirst(offset).prefix(4)
        return brand.count == 4 ? String(decoding: brand, as: UTF8.self) : nil
    }

    private static let stillPictures: Set = ["mif1", "msf1", "mif2", "miaf"]

    private static let brands: [String: FileKind] = [
        "avif": .avif, "avis": .avif, "avio": .avif, "heic": .heic, "heix": .heic, "heim": .heic, "heis": .heic,
        "hevc": .heic, "hevx": .heic, "hevm": .heic, "hevs": .heic, "jxl ": .jpegXL, "qt  ": .quickTime,
    ]
}
