/// How a file may be compressed, told by the bytes that every such file begins with.
public enum CompressionFormat: String, Sendable, CaseIterable {
    case gzip, zip, zstd, xz, bzip2

    /// The format of a file that begins with these bytes; nil if it is none of them, or there are too few bytes.
    public init?(beginning: some Collection<UInt8>) {
        let format = Self.allCases.first { format in format.openings.contains { beginning.starts(with: $0) } }
        guard let format else { return nil }
        self = format
    }

    /// The first bytes of a file; any one of these.
    public var openings: [[UInt8]] {
        switch self {
        // RFC 1952, 2.3.1: the identification, and the only method.
        case .gzip: [[0x1F, 0x8B, 0x08]]
        // APPNOTE 4.3.7, 4.3.16 and 8.5.5: a file's header, the end of an empty archive, a part of a split one.
        case .zip: [Array("PK\u{3}\u{4}".utf8), Array("PK\u{5}\u{6}".utf8), Array("PK\u{7}\u{8}".utf8)]
        // RFC 8878, 3.1.1.
        case .zstd: [[0x28, 0xB5, 0x2F, 0xFD]]
        case .xz: [[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]]
        case .bzip2: (UInt8(ascii: "1")...UInt8(ascii: "9")).map { Array("BZh".utf8) + [$0] + Array("1AY&SY".utf8) }
        }
    }

    /// What such a file is called in a sentence.
    public var noun: String {
        switch self {
        case .gzip: "a gzip file"
        case .zip: "a ZIP file"
        case .zstd: "a zstd file"
        case .xz: "an xz file"
        case .bzip2: "a bzip2 file"
        }
    }

    /// The command that writes what is in a file to standard output, without the file's name.
    public var unpackingCommand: String {
        switch self {
        case .gzip: "gzip -dc"
        case .zip: "unzip -p"
        case .zstd: "zstd -dc"
        case .xz: "xz -dc"
        case .bzip2: "bzip2 -dc"
        }
    }
}
