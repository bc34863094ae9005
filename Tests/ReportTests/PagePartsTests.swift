import CZlib
import FetchCore
import JSONBridge
import Records
import Testing

@testable import Report

@Suite struct PagePlaceTests {
    @Test(arguments: [
        ("/srv", "/srv", ""), ("/srv/reports", "/srv", "../"), ("/srv/a/b", "/srv/c d", "../../c%20d/"),
        ("/", "/srv", "srv/"), ("/other", "/", "../"), ("/srv/é", "/srv/e\u{301}", "../e%CC%81/"),
        ("/a", "/a%/\"<", "../a%25/%22%3C/"), ("/srv/\u{301}a", "/srv", "../"),
    ])
    func imagesAreNamedFromThePage(directory: String, here: String, base: String) {
        #expect(PagePlace(directory: directory, workingDirectory: here).imageBase == base)
    }

    @Test func placeOfThePageStandsInItOnlyIfItIsNeeded() {
        let place = PagePlace(directory: "/srv/a b", workingDirectory: "/srv")
        func text(_ isNeeded: Bool) -> String {
            String(
                decoding: place.settings(records: 3, leftOut: 1, namesImagesFromRoot: isNeeded), as: UTF8.self)
        }
        #expect(text(false) == #"{"imageBase":"../","pageDirectory":null,"records":3,"leftOut":1,"groups":[]}"#)
        #expect(text(true) == #"{"imageBase":"../","pageDirectory":"/srv/a%20b/","records":3,"leftOut":1,"groups":[]}"#)
    }

    @Test func jsonInAScriptEndsNeitherTheScriptNorALine() throws {
        let text = "</script><!--&\u{2028}\u{2029}é\u{1F600}"
        let json = PagePlace.inScript(.string(text))
        let spelled = String(decoding: json, as: UTF8.self)
        #expect(!spelled.contains { "<>&\u{2028}\u{2029}".contains($0) }, "\(spelled)")
        #expect(try JSONDocument(parsing: json).root.string == text)
    }
}

@Suite struct RecordSelectionTests {
    private func records(_ statuses: [RecordStatus]) -> [CountedRecord] {
        statuses.enumerated().map {
            CountedRecord(status: $1, finishedAt: Timestamp(milliseconds: Int64($0)), bytes: 100)
        }
    }

    /// The places of those that are taken.
    private func taken(_ records: [CountedRecord], _ limits: RecordSelection.Limits) -> [Int] {
        var selection = RecordSelection(from: records, limits: limits)
        let taken = records.indices.filter { selection.takes(records[$0]) }
        #expect(selection.taken == taken.count)
        #expect(selection.leftOut == records.count - taken.count)
        return taken
    }

    @Test func allAreTakenWhereThereIsRoom() {
        let records = records([.downloaded, .failed, .pending, .invalid, .duplicate])
        #expect(taken(records, .init(records: 5, bytes: 500)) == Array(0..<5))
    }

    @Test func thoseWithoutAnImageGoFirstThenTheNewest() {
        let records = records([.failed, .downloaded, .pending, .downloaded, .invalid, .duplicate, .downloaded])
        #expect(taken(records, .init(records: 5, bytes: 10_000)) == [0, 2, 4, 5, 6])
        #expect(taken(records, .init(records: 100, bytes: 450)) == [0, 2, 4, 6])
        #expect(taken(records, .init(records: 2, bytes: 10_000)) == [2, 4])
    }

    @Test func ofOneMomentOnlySoManyAreTakenAsThereIsRoomFor() {
        let moment = Timestamp(milliseconds: 5)
        let records = (0..<10).map { _ in CountedRecord(status: .downloaded, finishedAt: moment, bytes: 1) }
        #expect(taken(records, .init(records: 4, bytes: 100)) == [0, 1, 2, 3])
        #expect(taken(records, .init(records: 100, bytes: 7)).count == 7)
    }
}

@Suite struct RecordBlockTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64IsThatOfRFC4648(text: String, encoded: String) {
        #expect(String(decoding: Base64.encoded(Array(text.utf8)), as: UTF8.self) == encoded)
    }

    @Test func recordsComeBackByteForByteInTheirOrder() throws {
        var packer = RecordPacker(width: 2)
        let lines = (0..<4500).map { "{\"n\":\($0)}" }
        var blocks: [RecordBlock] = []
        for line in lines { blocks += packer.add(Array(line.utf8).span) }
        #expect(blocks.map(\.count) == [2000, 2000])
        blocks += packer.finish()
        #expect(blocks.map(\.count) == [2000, 2000, 500])
        let text = try blocks.map { String(decoding: try unpacked($0.base64), as: UTF8.self) }.joined()
        #expect(text == lines.map { $0 + "\n" }.joined())
    }

    @Test func longRecordsEndABlockEarly() {
        var packer = RecordPacker(width: 1)
        let line = [UInt8](repeating: UInt8(ascii: "a"), count: RecordBlock.mostBytes / 2)
        #expect(packer.add(line.span).isEmpty)
        #expect(packer.add(line.span).map(\.count) == [2])
        #expect(packer.finish().isEmpty)
    }

    @Test func noTimeStandsInABlock() {
        let bytes = Gzip.compressed(Array("abc".utf8))
        #expect(bytes[4..<8] == [0, 0, 0, 0])
        #expect(bytes == Gzip.compressed(Array("abc".utf8)))
    }
}

/// Undoes Base64 and gzip, by code that shares nothing with what is tested.
func unpacked(_ base64: [UInt8]) throws -> [UInt8] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var packed: [UInt8] = []
    var (bits, count) = (0, 0)
    for digit in base64 where digit != UInt8(ascii: "=") {
        bits = bits << 6 | (try #require(digits.firstIndex(of: digit)))
        count += 6
        if count >= 8 {
            count -= 8
            packed.append(UInt8(truncatingIfNeeded: bits >> count))
        }
    }
    var stream = z_stream()
    // The window of 15 bits, and 16 for the header of gzip.
    try #require(inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK)
    defer { inflateEnd(&stream) }
    var bytes = [UInt8](repeating: 0, count: 16 << 20)
    let (result, length) = packed.withUnsafeMutableBufferPointer { input in
        bytes.withUnsafeMutableBufferPointer { output in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            return (inflate(&stream, Z_FINISH), output.count - Int(stream.avail_out))
        }
    }
    try #require(result == Z_STREAM_END)
    return Array(bytes[..<length])
}

@Suite struct PageHeadlineTests {
    private func headline(_ images: Int, rerun: Int = 0, other: Int = 0, duplicates: Int = 0) -> PageHeadline {
        var totals = RunSummary()
        func add(_ count: Int, _ status: RecordStatus, _ action: RetryAdvice.Action?) {
            for _ in 0..<count { totals.add(status, advice: action, failure: nil, creditsUsed: 0) }
        }
        add(images, .downloaded, nil)
        add(rerun, .pending, .rerun)
        add(other, .failed, .fix)
        add(duplicates, .duplicate, RetryAdvice.Action.none)
        return PageHeadline(totals)
    }

    @Test func headlineSaysWhatTheTotalsComeTo() {
        #expect(headline(0).sentence == "A night without jobs.")
        #expect(headline(1).sentence == "The image is there.")
        #expect(headline(300, duplicates: 4).sentence == "All 300 images are there.")
        #expect(
            headline(1288, rerun: 10, other: 1).sentence
                == "1,288 of 1,299 images are there; 10 are worth another run, 1 needs a look.")
        #expect(headline(5, rerun: 1).sentence == "5 of 6 images are there; 1 is worth another run.")
        #expect(headline(0, other: 1).sentence == "The image is not there; it needs a look.")
        #expect(headline(0, rerun: 2).sentence == "None of the 2 images is there; 2 are worth another run.")
        #expect(headline(0, duplicates: 2).sentence == "A night of duplicates.")
    }

    @Test func toneFollowsFromTheImages() {
        #expect(headline(3).tone == .good)
        #expect(headline(0).tone == .good)
        #expect(headline(3, other: 1).tone == .mixed)
        #expect(headline(0, other: 1).tone == .bad)
    }

    @Test(arguments: [
        ([1, 249], ["<1 %", ">99 %"]), ([1, 1], ["50 %", "50 %"]), ([5], ["100 %"]), ([], []),
        ([296, 2, 2], ["99 %", "<1 %", "<1 %"]), ([995, 5], [">99 %", "<1 %"]), ([99, 1], ["99 %", "1 %"]),
        ([4, 1, 1, 1, 1], ["50 %", "13 %", "13 %", "13 %", "13 %"]), ([3, 1, 3, 1], ["38 %", "13 %", "38 %", "13 %"]),
        ([21, 22], ["49 %", "51 %"]),
    ])
    func sharesAreRoundedEachAndNoneSaysAllOrNoneThatIsNot(counts: [Int], texts: [String]) {
        #expect(PageText.shares(of: counts) == texts)
    }
}

@Suite struct UniqueIDsTests {
    @Test func noIDComesTwiceAndEachIsPlain() {
        var ids = UniqueIDs()
        #expect(ids.id("failed-job_failed-rerun") == "failed-job-failed-rerun")
        #expect(ids.id("failed-job-failed-rerun") == "failed-job-failed-rerun-2")
        #expect(ids.id("\"><é" + String(repeating: "a", count: 100)).utf8.count == 60)
    }
}
