import Files

/// How a kind of file is recognised by its first bytes.
///
/// Once some bytes have decided the kind, more bytes do not change it. So it does not matter in what pieces a file
/// comes.
extension FileKind {
    /// How many bytes are looked at, at most.
    static let longestBeginning = 512

    /// The kind of a file that begins with these bytes; nil if it takes more bytes to decide.
    ///
    /// `isWhole` says that no more bytes come, or that no more are looked at: then the answer is never nil.
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

    /// How much of a signature is there.
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

    /// A signature is a list of parts, each at its offset. No file matches the signatures of two kinds.
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
            // EBML, the format of WebM and of Matroska.
            (.webM, [(0, [0x1A, 0x45, 0xDF, 0xA3])]),
            // The first byte, 0x89: whole, without its highest bit, as UTF-8 that was made of Latin-1, as U+FFFD, as
            // `?`, and lost.
            (.damagedPNG, [(0, [0x89] + ascii("PNG"))]), (.damagedPNG, [(0, [0x09] + ascii("PNG"))]),
            (.damagedPNG, [(0, [0xC2, 0x89] + ascii("PNG"))]), (.damagedPNG, [(0, [0xEF, 0xBF, 0xBD] + ascii("PNG"))]),
            (.damagedPNG, [(0, ascii("?PNG"))]), (.damagedPNG, [(0, ascii("PNG\r\n"))]),
            (.pdf, [(0, ascii("%PDF-"))]),
            // UTF-16, by its byte order mark.
            (.text, [(0, [0xFF, 0xFE])]), (.text, [(0, [0xFE, 0xFF])]),
        ]
        // `BM` alone is too short for a signature: the fields that are always zero, and the size of a header, belong to
        // it.
        + [12, 40, 52, 56, 64, 108, 124].map { size in
            (.bmp, [(0, ascii("BM")), (6, [0, 0, 0, 0]), (14, [size, 0, 0, 0])])
        }
        // A QuickTime file may begin without a brand. The size before the name is below 16 MiB, or 1.
        + ["moov", "mdat", "wide"].map { name in (.quickTime, [(0, [0]), (4, ascii(name))]) }
        + CompressionFormat.allCases.flatMap { format in format.openings.map { (.compressed(format), [(0, $0)]) } }

    private static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// The kind of a file in the ISO base media format (ISO/IEC 14496-12), by its brands: a video, or a still picture.
    private static func kind(ofBaseMedia bytes: [UInt8], isWhole: Bool) -> FileKind? {
        guard let brand = brand(at: 8, of: bytes) else { return isWhole ? .unknown : nil }
        if let kind = brands[brand] { return kind }
        // A still picture with a general brand has the particular one among its compatible brands.
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
