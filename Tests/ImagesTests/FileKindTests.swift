import FetchCore
import Files
import Testing

@testable import Images

/// What comes in place of a PNG, by its first bytes.
@Suite struct FileKindTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: [UInt8]
        let kind: FileKind

        init(_ name: String, _ bytes: [UInt8], _ kind: FileKind) {
            (self.name, self.bytes, self.kind) = (name, bytes, kind)
        }

        init(_ text: String, _ kind: FileKind) {
            self.init(text, Array(text.utf8), kind)
        }

        var testDescription: String { name }
    }

    /// A box of brands, and something after it.
    private static func media(_ brands: String...) -> [UInt8] {
        let body = Array("ftyp\(brands[0])".utf8) + [0, 0, 2, 0] + brands.dropFirst().flatMap { Array($0.utf8) }
        return [0, 0, 0, UInt8(body.count + 4)] + body + [0, 0, 0, 9] + Array("meta".utf8)
    }

    private static let binary: [Sample] = [
        Sample("JPEG, JFIF", [0xFF, 0xD8, 0xFF, 0xE0, 0, 0x10] + Array("JFIF\0".utf8), .jpeg),
        Sample("JPEG, bare", [0xFF, 0xD8, 0xFF, 0xDB, 0, 0x43], .jpeg),
        Sample("WebP", Array("RIFF\u{1A}\0\0\0WEBPVP8L".utf8), .webP),
        Sample("GIF 87", Array("GIF87a\u{1}\0\u{1}\0".utf8), .gif), Sample("GIF 89", Array("GIF89a".utf8), .gif),
        Sample("AVIF", media("avif", "avif", "mif1"), .avif), Sample("AVIF sequence", media("avis"), .avif),
        Sample("AVIF by a general brand", media("mif1", "miaf", "avif"), .avif),
        Sample("HEIC", media("heic", "mif1"), .heic), Sample("HEIF", media("mif1", "heic"), .heic),
        Sample("HEIF of no known brand", media("msf1", "abcd"), .heic),
        Sample("BMP", Array("BM".utf8) + [70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1], .bmp),
        Sample("TIFF", Array("II*\0\u{8}\0".utf8), .tiff), Sample("TIFF, big-endian", Array("MM\0*\0\0".utf8), .tiff),
        Sample("JPEG XL", [0xFF, 0x0A, 0xFA], .jpegXL),
        Sample("JPEG XL, boxed", [0, 0, 0, 12] + Array("JXL \r\n".utf8) + [0x87, 0x0A] + media("jxl "), .jpegXL),
        Sample("MP4", media("isom", "iso2", "mp41"), .mp4), Sample("MP4, 42", media("mp42"), .mp4),
        Sample("QuickTime", media("qt  "), .quickTime),
        Sample("QuickTime without brand", [0, 0, 0, 1] + Array("mdat".utf8) + [0, 0, 0, 0, 9], .quickTime),
        Sample("WebM", [0x1A, 0x45, 0xDF, 0xA3, 0x9F], .webM), Sample("AVI", Array("RIFF\0\0\0\0AVI LIST".utf8), .avi),
        Sample("PDF", Array("%PDF-1.7\n".utf8), .pdf),
        Sample("gzip", [0x1F, 0x8B, 8, 0, 0], .compressed(.gzip)),
        Sample("ZIP", Array("PK\u{3}\u{4}\0".utf8), .compressed(.zip)),
        Sample("zstd", [0x28, 0xB5, 0x2F, 0xFD, 4], .compressed(.zstd)),
        Sample("xz", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0, 0], .compressed(.xz)),
        Sample("bzip2", Array("BZh91AY&SY".utf8), .compressed(.bzip2)),
        Sample("PNG, line ends made LF", [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A], .damagedPNG),
        Sample("PNG, line ends made CRLF", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0D, 0x0A], .damagedPNG),
        Sample("PNG, seven bits", [0x09, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .damagedPNG),
        Sample("PNG, through UTF-8", [0xEF, 0xBF, 0xBD, 0x50, 0x4E, 0x47, 0x0D, 0x0A], .damagedPNG),
        Sample("PNG, through Latin-1", [0xC2, 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A], .damagedPNG),
        Sample("UTF-16", [0xFF, 0xFE, 0x3C, 0, 0x68, 0], .text),
        Sample("zeros", Array(repeating: 0, count: 600), .unknown), Sample("a byte", [0x80], .unknown),
        Sample("JNG", [0x8B, 0x4A, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], .unknown),
        Sample("Latin-1", Array("caf".utf8) + [0xE9], .unknown),
        Sample("BM and no more", Array("BM\u{1}\0\0\0".utf8), .unknown),
    ]

    private static let text: [Sample] = [
        Sample("<html><body>", .html), Sample("<!DOCTYPE html>\n<html>", .html), Sample(" \r\n\t<HTML lang=en>", .html),
        Sample("\u{FEFF}<!doctype HTML PUBLIC \"x\">", .html), Sample("<!-- a > b -->\n<html>", .html),
        Sample("<!-- only -->", .html), Sample("<h1>502 Bad Gateway</h1>", .html), Sample("<script>1</script>", .html),
        Sample("<!-- x --> text", .html),
        Sample("<?xml version='1.0'?><html xmlns='x'>", .html),
        Sample("<svg xmlns='x'></svg>", .svg), Sample("<?xml version=\"1.0\"?>\n<!-- c -->\n<svg width='1'>", .svg),
        Sample("<!DOCTYPE svg PUBLIC \"x\" \"y\"><svg>", .svg), Sample("<svg:svg xmlns:svg='x'>", .svg),
        Sample("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'b'>]><svg >", .svg),
        Sample(
            "<?xml version='1.0'?>" + String(repeating: " ", count: 100) + "<!-- " + String(repeating: "c", count: 300)
                + " --><svg>", .svg),
        Sample("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", .xml),
        Sample("<Error>x</Error>", .xml),
        Sample("<?xml version=\"1.0\"?>", .xml), Sample("<?xml version='1.0'?><!DOCTYPE x><y:z a='1'>", .xml),
        Sample("<![CDATA[x]]>", .xml),
        Sample(#"{"success":false}"#, .json), Sample("\u{FEFF} { }", .json), Sample("[\n {\"a\":1}]", .json),
        Sample("[]", .json),
        Sample("{", .text), Sample("[error] no such file", .text), Sample("{not json}", .text),
        Sample("404 page not found\n", .text),
        Sample("<3 hearts", .text), Sample("é€😀", .text), Sample("   ", .text), Sample("\u{1B}[31mred", .text),
        Sample("The wide free world", .text), Sample("BMW and others", .text), Sample("PKZIP", .text),
        Sample("text with a NUL \0", .unknown), Sample("RIFF raff and more", .text),
        Sample(String(repeating: "é", count: 400), .text), Sample("x" + String(repeating: "é", count: 400), .text),
    ]

    @Test(arguments: binary + text)
    func kindIsKnownByTheBeginning(sample: Sample) {
        let beginning = Array(sample.bytes.prefix(FileKind.longestBeginning))
        #expect(FileKind(beginning: beginning, isWhole: true) == sample.kind)
    }

    /// What some bytes decide, those and more decide in the same way.
    @Test(arguments: binary + text)
    func whatIsDecidedEarlyIsDecidedRight(sample: Sample) {
        for length in 0...min(sample.bytes.count, FileKind.longestBeginning) {
            let early = FileKind(beginning: Array(sample.bytes.prefix(length)), isWhole: false)
            #expect(early == nil || early == sample.kind, "\(length) bytes")
        }
    }

    @Test func decisionsHoldForAnyBytes() {
        var random = SystemRandomNumberGenerator()
        let parts =
            (Self.binary + Self.text).map(\.bytes) + [Array("<!--".utf8), Array("-->".utf8), Array("<".utf8), [0]]
        for _ in 0..<2000 {
            let bytes = (0..<3).flatMap { _ in
                let part = parts.randomElement(using: &random) ?? []
                return Array(part.prefix(Int.random(in: 0...part.count, using: &random)))
            }
            let beginning = Array(bytes.prefix(FileKind.longestBeginning))
            let kind = FileKind(beginning: beginning, isWhole: true)
            #expect(kind != nil)
            for length in beginning.indices {
                let early = FileKind(beginning: Array(beginning.prefix(length)), isWhole: false)
                #expect(early == nil || early == kind, "\(length) of \(beginning)")
            }
        }
    }

    /// The failure of a file that comes in these pieces, and in which call it shows.
    private func failure(_ pieces: [[UInt8]]) -> (JobFailure, atEnd: Bool) {
        var file = OtherFile()
        for piece in pieces {
            do {
                try file.consume(piece.span.bytes)
            } catch {
                return (error, false)
            }
        }
        return (file.failure, true)
    }

    @Test(arguments: binary + text)
    func piecesHaveNoInfluenceOnTheFailure(sample: Sample) {
        let whole = failure([sample.bytes]).0
        #expect(whole.code == (sample.kind.family == .video ? .notAnImageJob : .notPNG))
        #expect(whole.stage == .download)
        #expect(whole.message == sample.kind.sentence)
        for cut in sample.bytes.indices {
            let pieces = [Array(sample.bytes[..<cut]), Array(sample.bytes[cut...])]
            #expect(failure(pieces).0 == whole, "cut at \(cut)")
        }
        #expect(failure(sample.bytes.map { [$0] }).0 == whole)
    }

    @Test func imageOfAnotherKindIsReadToItsEndAndKnownByItsSum() {
        let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 7, count: 100_000)
        let (failure, atEnd) = failure([Array(jpeg[..<3]), Array(jpeg[3..<70_000]), Array(jpeg[70_000...])])
        #expect(atEnd)
        #expect(failure.message == "What came is a JPEG, not a PNG.")
        guard case .otherImage(let sum, confirmed: false) = failure.cause else {
            Issue.record("\(failure)")
            return
        }
        #expect(sum.utf8.count == 64)
        var other = jpeg
        other[99_999] = 8
        #expect(self.failure([other]).0.cause != failure.cause)
        #expect(self.failure([jpeg]).0.cause == failure.cause)
    }

    @Test func anythingElseIsRefusedAsSoonAsItIsKnown() {
        for (bytes, length) in [
            (Array("<html>".utf8), 6), (FileKindTests.media("isom"), 12), ([0, 0, 0, 0, 0], 5),
            (Array("%PDF-".utf8), 5),
        ] {
            var file = OtherFile()
            var taken = 0
            for byte in bytes {
                taken += 1
                do { try file.consume([byte].span.bytes) } catch { break }
            }
            #expect(taken == length)
            // And ever after.
            #expect(throws: JobFailure.self) { try file.consume([0].span.bytes) }
        }
        let text = failure([Array(repeating: 0x20, count: 600)])
        #expect(!text.atEnd)
    }

    @Test func onlyAnImageHasACause() {
        for sample in Self.binary + Self.text {
            #expect((failure([sample.bytes]).0.cause != nil) == (sample.kind.family == .image), "\(sample.name)")
        }
    }

    @Test func everyKindIsNamed() {
        #expect(FileKind.webP.sentence == "What came is a WebP image, not a PNG.")
        #expect(FileKind.html.sentence == "What came is an HTML page, not a PNG.")
        #expect(FileKind.compressed(.gzip).sentence == "What came is a gzip file, not a PNG.")
        #expect(FileKind.compressed(.zip).sentence == "What came is a ZIP file, not a PNG.")
        let sentences = (Self.binary + Self.text).map(\.kind.sentence)
        #expect(sentences.allSatisfy { $0.hasPrefix("What came ") && $0.hasSuffix(".") })
    }
}
