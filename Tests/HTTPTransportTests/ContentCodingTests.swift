import Testing

@testable import HTTPTransport

@Suite("The label of a body", .timeLimit(.minutes(1)))
struct ContentCodingTests {
    private func layers(_ fields: String...) -> [ContentCoding] {
        ContentCoding.layers(in: fields)
    }

    @Test func noLabelIsNoCoding() {
        #expect(layers() == [])
    }

    @Test(arguments: ["gzip", "x-gzip", "GZip", " gzip ", "gzip,", ",, gzip", "gzip, identity", "aws-chunked,gzip"])
    func gzipIsFoundAmongOtherWords(field: String) {
        #expect(layers(field) == [.gzip])
    }

    @Test(arguments: [
        "", " ", ",", "identity", "identity, identity", "base64", "aws-chunked", "utf-8", "binary", "none", "br",
        "zstd", "compress", "gzip2", "gzip;q=1", "\"gzip\"", "\u{fc}",
    ])
    func otherWordsAreOnlyLabels(field: String) {
        #expect(layers(field) == [])
    }

    @Test func whatWasDoneLastIsUndoneFirst() {
        #expect(layers("gzip, deflate") == [.deflate, .gzip])
        #expect(layers("deflate", "gzip") == [.gzip, .deflate])
        #expect(layers("gzip, gzip") == [.gzip, .gzip])
    }

    @Test func tooManyCodingsAreOnlyALabel() {
        #expect(layers("gzip, gzip, gzip").count == ContentCoding.mostLayers)
        #expect(layers("gzip, gzip, gzip, gzip") == [])
    }

    @Test func bytesShowHowTheyArePacked() throws {
        let bytes = Array("some text".utf8)
        let (gzip, zlib, bare) = try (Compressed.gzip(bytes), Compressed.zlib(bytes), Compressed.rawDeflate(bytes))
        #expect(ContentCoding.gzip.form(of: gzip) == .gzip)
        #expect(ContentCoding.gzip.form(of: zlib) == .plain)
        #expect(ContentCoding.gzip.form(of: bare) == .plain)
        #expect(ContentCoding.deflate.form(of: gzip) == .gzip)
        #expect(ContentCoding.deflate.form(of: zlib) == .zlib)
        #expect(ContentCoding.deflate.form(of: bare) == .rawDeflate)
    }

    @Test(arguments: [
        "", "x", "{", "{\"job_id\":1}", "[1]", " \r\n\t{\"a\":1}", "\u{1F}",
    ])
    func textIsNotPacked(text: String) {
        for coding in [ContentCoding.gzip, .deflate] { #expect(coding.form(of: Array(text.utf8)) == .plain, "\(text)") }
    }

    @Test func pngIsNotPacked() {
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        for coding in [ContentCoding.gzip, .deflate] { #expect(coding.form(of: png) == .plain) }
    }
}
