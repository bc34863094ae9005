import FetchCore
import Glibc
import Testing
import TestSupport

@testable import Records

/// Results files that hold other things too, cannot be read, are no files, are many, or change under the merge.
@Suite(.timeLimit(.minutes(1))) struct ResultsMergeFilesTests: MergesResults {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func whatIsNoRecordIsToldAndPassedOver() throws {
        let record = try Self.line(job: 1, at: 1, Self.done)
        let other = try Self.line(job: 2, at: 2, Self.done)
        let merged = try merge([
            "text\n{}\n\n[]\n" + record + record.prefix(40) + other + "\0\0", other.prefix(90) + "\n" + other,
        ])
        #expect(merged.text == record + other)
        #expect(
            merged.told == [
                "the results file r0: 5 lines are no result records and are passed over: 1 to 2, 4, 6 to 7",
                "the results file r1: line 1 is no result record and is passed over",
            ])
        #expect(merged.unreadable.isEmpty)
    }

    @Test func manyLinesThatAreNoRecordsAreToldInOneSentence() throws {
        let record = try Self.line(job: 1, at: 1, Self.done)
        let merged = try merge([
            String(repeating: record + "{}\n", count: 2000), "[]\n[]\n" + record,
        ])
        #expect(
            merged.told == [
                "the results file r0: 2,000 lines are no result records and are passed over: 2, 4, 6, 8, 10 and further ones",
                "the results file r1: lines 1 to 2 are no result records and are passed over",
            ])
    }

    @Test func fileWithoutARecordIsUnreadableAndTheRestIsDone() throws {
        let record = try Self.line(job: 1, at: 1, Self.done)
        let paths = try [
            folder.write("{}\n{}\n", to: "foreign"), folder.write("\u{1F}\u{8B}\u{8}text", to: "zipped"),
            folder("missing"), folder(""), folder.write("", to: "empty"), folder.write(record, to: "good"),
        ]
        let merged = try merge(paths: paths)
        #expect(merged.text == record)
        #expect(merged.told.isEmpty)
        #expect(merged.unreadable.count == 4, "\(merged.unreadable)")
        #expect(merged.end == .manifestUnreadable)
    }

    @Test func pipeIsReadOnceAndItsRecordsTwice() throws {
        let lines = try (1...60).map { try Self.line(job: $0, at: 61 - $0, Self.done) }
        let pipe = try Pipe()
        try pipe.write(lines.joined())
        pipe.closeWriteEnd()
        #expect(try merge(paths: [pipe.readPath]).text == lines.reversed().joined())
        #expect(try folder.names() == ["merged"])
    }

    @Test func fileThatIsCutShortMeanwhileEndsTheMerge() throws {
        let path = try folder.write(try Self.line(job: 1, at: 1, Self.done), to: "r0")
        var merge = ResultsMerge(of: [path], temporaryDirectory: folder(""), words: Sample.words, tell: { _ in })
        merge.read()
        _ = try folder.write("", to: "r0")
        do {
            var output = try MergedOutput(folder("merged"), replacing: false)
            #expect(throws: MergeError.self) { try merge.write(to: &output) }
        }
        #expect(folder.status("merged") == nil)
    }

    @Test func fileThatIsWrittenOverMeanwhileEndsTheMerge() throws {
        let line = try Self.line(job: 1, at: 1, Self.done)
        let path = try folder.write(line, to: "r0")
        var merge = ResultsMerge(of: [path], temporaryDirectory: folder(""), words: Sample.words, tell: { _ in })
        merge.read()
        _ = try folder.write(String(repeating: "x", count: line.utf8.count), to: "r0")
        var output = try MergedOutput(folder("merged"), replacing: false)
        #expect(throws: MergeError.self) { try merge.write(to: &output) }
    }

    @Test func moreFilesThanMayBeOpenAreRead() throws {
        let files = try (1...230).map { try Self.line(job: $0, at: 231 - $0, Self.done) }
        #expect(try merge(files).text == files.reversed().joined())
    }
}
