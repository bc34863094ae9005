import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Records

@Suite struct JournalTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func journal(_ text: some Sequence<UInt8>) throws -> Journal {
        let path = try folder.write(Array(text), to: "journal")
        return try Journal(try Descriptor.open(path, O_RDONLY))
    }

    private func record(_ outcome: JobOutcome = Sample.downloaded, input: String? = nil) throws -> [UInt8] {
        Array(RecordEncoding.text(try Sample.record(outcome, input: input)).utf8)
    }

    private func isSettled(_ journal: Journal) throws -> Bool {
        let item = ManifestItem.job(try Sample.id(), Sample.entry())
        return if case .settled = journal.index.judge(item, imageBytes: { _, _ in 70 }) { true } else { false }
    }

    private static let failed = JobOutcome.failed(JobFailure(.timeout, at: .poll, "No answer."))

    @Test func lastRecordOfAnIdCounts() throws {
        #expect(try isSettled(journal(record())))
        #expect(try !isSettled(journal(record() + record(Self.failed))))
        #expect(try isSettled(journal(record(Self.failed) + record())))
    }

    @Test func namesOfImagesAreKeptIfTheyAreAskedFor() throws {
        let named = ProvenImage(
            path: "images/acme/a.png", name: ImageName("acme/a.png"), bytes: 70, width: 1, height: 2,
            sha256: String(repeating: "ab", count: 32))
        let text = try record(.downloaded(named, url: Sample.imageURL)) + record() + record(Self.failed)
        let path = try folder.write(text, to: "journal")
        let index = try Journal(try Descriptor.open(path, O_RDONLY), keepingNames: true).index
        // Without a name of its own an image has the last one of its path.
        for name in ["acme/a.png", "a.png"] {
            #expect(try index.names?.holder(of: #require(ImageName(name))) == Sample.id())
        }
        #expect(try index.names?.holder(of: #require(ImageName("images/a.png"))) == nil)
        #expect(try journal(text).index.names == nil)
    }

    @Test func goodFileNeedsNoRepair() throws {
        let newline = Array("\n".utf8)
        for text in try [[], newline, record() + record(), newline + record() + newline + newline] {
            #expect(try journal(text).repair == .nothing)
        }
    }

    @Test func tornRecordIsCutOffWhereverItIsTorn() throws {
        let before = try record(Self.failed)
        let torn = try record(input: #"{"a":"é"}"#)
        // Closely where the opening is, and then often enough to meet every kind of value.
        for length in Array(1..<30) + Array(stride(from: 30, to: torn.count - 1, by: 5)) + [torn.count - 2] {
            for end in [[], Array("\n".utf8), [0, 0, 0], [0, UInt8(ascii: "\n")]] {
                let journal = try journal(before + torn.prefix(length) + end)
                #expect(journal.repair == .cut(at: before.count), "\(length) \(end)")
                #expect(try !isSettled(journal))
            }
        }
    }

    @Test func recordThatLacksItsNewlineAloneIsKept() throws {
        let journal = try journal(record().dropLast())
        #expect(journal.repair == .endLine)
        #expect(try isSettled(journal))
    }

    @Test func zerosAtTheEndAreCutOff() throws {
        for zeros in [1, 4096, 100_000] {
            let text = try record() + [UInt8](repeating: 0, count: zeros)
            #expect(try journal(text).repair == .cut(at: record().count))
            #expect(try journal([UInt8](repeating: 0, count: zeros)).repair == .cut(at: 0))
        }
    }

    @Test(arguments: ["text", "{\"job_id\":", "{}", "{\"v\":1,\"job_id\":\"x\"}", "[", "\u{1}", "{\"v\":1,\"job\":"])
    func lastLineOfAnotherMakeIsNotCutOff(line: String) throws {
        for text in try [Array(line.utf8), record() + Array(line.utf8), record() + Array("\(line)\n".utf8)] {
            let number = text.starts(with: try record()) ? 2 : 1
            #expect(throws: RecordLinesError.notARecord(line: number)) { try journal(text) }
        }
    }

    @Test func lineInTheMiddleThatIsNoRecordIsNamed() throws {
        let torn = try record().prefix(200)
        for line in [Array(torn), Array("text".utf8), [0, 0]] {
            let text = try record() + Array("\n".utf8) + line + Array("\n".utf8) + record()
            #expect(throws: RecordLinesError.notARecord(line: 3)) { try journal(text) }
        }
        // Two damaged lines are more than a killed run leaves.
        let twice = try record() + torn + Array("\n".utf8) + torn
        #expect(throws: RecordLinesError.notARecord(line: 2)) { try journal(twice) }
    }

    @Test func longestManifestLineFitsAndEndlessOneIsRefused() throws {
        let input = "\"" + String(repeating: "x", count: (1 << 20) - 2) + "\""
        #expect(try isSettled(journal(record(input: input))))
        let endless = Array(#"{"v":1,"job_id":""#.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 5 << 20)
        #expect(throws: RecordLinesError.notARecord(line: 1)) { try journal(endless) }
    }

    @Test func fileThatCannotBeReadIsReported() throws {
        let unreadable = try Descriptor.open(folder.path, O_RDONLY)
        #expect(throws: RecordLinesError.notReadable(SystemError(EISDIR))) { try Journal(unreadable) }
    }
}
