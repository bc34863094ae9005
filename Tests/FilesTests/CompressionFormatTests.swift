import Testing

@testable import Files

@Suite struct CompressionFormatTests {
    @Test(arguments: CompressionFormat.allCases)
    func formatIsKnownByAWholeOpeningAndNoLess(format: CompressionFormat) {
        for opening in format.openings {
            #expect(CompressionFormat(beginning: opening) == format)
            #expect(CompressionFormat(beginning: opening + [0, 1, 2]) == format)
            for length in opening.indices {
                #expect(CompressionFormat(beginning: opening.prefix(length)) == nil)
            }
        }
    }

    @Test func noLineOfAManifestBeginsLikeOne() {
        for text in [#"{"job_id":1}"#, #""x""#, "[1]", "true", "-1", "\u{FEFF}{}", "", "\n"] {
            #expect(CompressionFormat(beginning: Array(text.utf8)) == nil)
        }
    }
}
