import CDeflate
import Files

/// Records as a page holds them: JSON Lines, byte for byte, compressed by gzip and spelled in Base64.
struct RecordBlock: Sendable {
    let base64: [UInt8]
    let count: Int

    /// Records in a block: a browser unpacks one after the other, and shows the first while it does.
    static let mostRecords = 2000
    /// Or so many bytes of them, if they are long.
    static let mostBytes = 4 << 20

    /// Lines, their newlines included.
    init(_ lines: [UInt8], count: Int) {
        base64 = Base64.encoded(Gzip.compressed(lines))
        self.count = count
    }
}

/// Puts records together until there is something to pack: several blocks, which are packed side by side.
///
/// So what waits is bounded, whatever the number of records.
struct RecordPacker {
    private let width: Int
    private var waiting: [(lines: [UInt8], count: Int)] = []
    private var lines: [UInt8] = []
    private var count = 0

    /// Packs `width` blocks at a time.
    init(width: Int) {
        self.width = max(1, width)
    }

    /// Takes in the next record. Returns the blocks that are ready by now, in order; mostly none.
    mutating func add(_ text: Span<UInt8>) -> [RecordBlock] {
        text.withUnsafeBufferPointer { lines.append(contentsOf: $0) }
        lines.append(UInt8(ascii: "\n"))
        count += 1
        guard count == RecordBlock.mostRecords || lines.count >= RecordBlock.mostBytes else { return [] }
        endBlock()
        return waiting.count == width ? packed() : []
    }

    /// The blocks that are left.
    mutating func finish() -> [RecordBlock] {
        if count > 0 { endBlock() }
        return packed()
    }

    private mutating func endBlock() {
        waiting.append((lines, count))
        (lines, count) = ([], 0)
    }

    private mutating func packed() -> [RecordBlock] {
        defer { waiting = [] }
        return waiting.concurrentMap(maxConcurrent: width) { RecordBlock($0.lines, count: $0.count) }
    }
}

/// The gzip form of bytes, without a name and without a time: the same bytes give the same.
enum Gzip {
    /// Higher levels take twice the time and more for some hundredths of the size.
    private static let level: Int32 = 6

    static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        guard let compressor = libdeflate_alloc_compressor(level) else {
            preconditionFailure("libdeflate is out of memory")
        }
        defer { libdeflate_free_compressor(compressor) }
        let bound = libdeflate_gzip_compress_bound(compressor, bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { space, count in
            count = bytes.withUnsafeBytes {
                libdeflate_gzip_compress(compressor, $0.baseAddress, $0.count, space.baseAddress, space.count)
            }
            precondition(count > 0, "what libdeflate has said is room enough")
        }
    }
}

/// Base64 as RFC 4648 has it in section 4, with padding and without lines.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let padding = UInt8(ascii: "=")

    static func encoded(_ bytes: [UInt8]) -> [UInt8] {
        let (digits, padding) = (digits, padding)
        return [UInt8](unsafeUninitializedCapacity: (bytes.count + 2) / 3 * 4) { text, count in
            for start in stride(from: 0, to: bytes.count, by: 3) {
                let second = start + 1 < bytes.count ? bytes[start + 1] : 0
                let third = start + 2 < bytes.count ? bytes[start + 2] : 0
                let group = UInt32(bytes[start]) << 16 | UInt32(second) << 8 | UInt32(third)
                text[count] = digits[Int(group >> 18)]
                text[count + 1] = digits[Int(group >> 12 & 63)]
                text[count + 2] = start + 1 < bytes.count ? digits[Int(group >> 6 & 63)] : padding
                text[count + 3] = start + 2 < bytes.count ? digits[Int(group & 63)] : padding
                count += 4
            }
        }
    }
}
