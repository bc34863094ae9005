import FetchCore
import Files
import Glibc
import Testing
import TestSupport

@testable import Records

@Suite(.timeLimit(.minutes(1))) struct ResultFileResumeTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func resume(
        _ name: String = "results", manifests: [String] = [], durability: Durability = .full, shard: Shard? = nil
    ) throws(OutputError) -> (results: ResultFile, journal: JournalIndex) {
        try ResultFile.resume(
            folder(name), manifests: manifests, durability: durability, shard: shard, words: Sample.words,
            clock: { Sample.now })
    }

    private func record(_ runs: Int) throws -> JobRecord { try Sample.record(Sample.pending, runs: runs) }

    private func refusal(_ name: String = "results", manifests: [String] = []) -> String? {
        let error = #expect(throws: OutputError.self) { try resume(name, manifests: manifests) }
        return error?.description.replacing("the results file \(folder(name)) ", with: "")
    }

    @Test(arguments: Durability.allCases) func missingFileIsCreatedAndResumedThen(durability: Durability) throws {
        for runs in 1...3 {
            let (results, journal) = try resume(durability: durability)
            let item = journal.judge(.job(try Sample.id(), Sample.entry()), imageBytes: { _, _ in nil })
            #expect(item.entry.runs == runs)
            try results.append(try record(runs))
            try results.sync()
        }
        #expect(try folder.text("results") == (1...3).map { RecordEncoding.text(try record($0)) }.joined())
    }

    @Test(arguments: Durability.allCases) func tornRecordIsGoneBeforeTheNextIsWritten(durability: Durability) throws {
        let whole = RecordEncoding.text(try record(1))
        for torn in [String(whole.prefix(40)), "\0\0\0", String(whole.prefix(40)) + "\n"] {
            _ = try folder.write(whole + torn, to: "results")
            let results = try resume(durability: durability).results
            #expect(try folder.text("results") == whole)
            try results.append(try record(2))
            #expect(try folder.text("results") == whole + RecordEncoding.text(try record(2)))
        }
    }

    @Test func recordWithoutNewlineIsGivenOne() throws {
        let whole = RecordEncoding.text(try record(1))
        _ = try folder.write(String(whole.dropLast()), to: "results")
        _ = try resume()
        #expect(try folder.text("results") == whole)
    }

    @Test func recordsAreAppendedWhateverElseGrowsTheFile() throws {
        let results = try resume().results
        try results.append(try record(1))
        let resumed = try Descriptor.open(folder("results"), O_WRONLY | O_APPEND)
        try resumed.writeAll(Array("other\n".utf8).span.bytes)
        #expect(try folder.text("results").hasSuffix("}\nother\n"))
    }

    @Test func fileOfAnotherMakeIsRefusedAndKept() throws {
        let whole = RecordEncoding.text(try record(1))
        for text in ["text", whole + "text\n" + whole, whole + "{}\n"] {
            _ = try folder.write(text, to: "results")
            let number = text == "text" ? 1 : 2
            #expect(refusal() == "cannot be resumed: its line \(number) is no result record")
            #expect(try folder.text("results") == text)
        }
    }

    @Test func journalOfAnotherPartIsRefusedAndKeptAsItIs() throws {
        let second = try #require(Shard("2/8"))
        try resume(shard: second).results.append(try record(1))
        // Torn as it is, it is not even mended.
        let text = try folder.text("results") + "{\"v\":1,\"job_id\":\"0b"
        _ = try folder.write(text, to: "results")
        for (shard, reason) in [
            (nil, "is the journal of shard 2/8: --shard 2/8 carries on with it"),
            (Shard("3/8"), "holds a record of shard 2/8, in line 1, and this run is shard 3/8"),
        ] {
            let error = #expect(throws: OutputError.self) { try resume(shard: shard) }
            #expect(error?.description == "the results file \(folder("results")) \(reason)")
            #expect(try folder.text("results") == text)
        }
        try resume(shard: second).results.append(try record(2))
        let lines = try folder.text("results").split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.contains(#","line":3,"shard":"2/8","#) })
    }

    @Test func whatIsNoRegularFileIsRefusedAtOnce() throws {
        try #require(mkfifo(folder("fifo"), 0o600) == 0)
        try #require(mkdir(folder("directory"), 0o700) == 0)
        try #require(symlink("/dev/null", folder("null")) == 0)
        #expect(refusal("fifo") == "is no regular file, which --resume needs")
        #expect(refusal("null") == "is no regular file, which --resume needs")
        #expect(refusal("directory") == "cannot be written: Is a directory")
        #expect(refusal("missing/results") == "cannot be written: No such file or directory")
    }

    @Test func linkIsFollowedToAFileAndNotToNothing() throws {
        try #require(symlink(folder("target"), folder("results")) == 0)
        #expect(refusal() == "cannot be written: No such file or directory")
        #expect(folder.status("target") == nil)
        _ = try folder.write(RecordEncoding.text(try record(1)), to: "target")
        try resume().results.append(try record(2))
        #expect(try folder.text("target").split(separator: "\n").count == 2)
    }

    @Test func manifestIsNotAppendedTo() throws {
        let path = try folder.write(RecordEncoding.text(try record(1)), to: "jobs")
        try #require(link(path, folder("results")) == 0)
        #expect(refusal(manifests: ["/dev/null", path]) == "is a manifest of this run")
    }

    @Test func oneRunAtATimeWritesToAFile() throws {
        let busy = "is being written by another run"
        do {
            let first = try ResultFile.open(folder("results"))
            #expect(refusal() == busy)
            try first.append(try record(1))
        }
        do {
            let (second, _) = try resume()
            #expect(refusal() == busy)
            let error = #expect(throws: OutputError.self) { try ResultFile.open(folder("results"), replacing: true) }
            #expect(error?.description.hasSuffix(busy) == true)
            try second.append(try record(2))
        }
        #expect(try folder.text("results").split(separator: "\n").count == 2)
        _ = try resume()
    }

    @Test func runThatReplacesAFileKeepsOthersFromItToo() throws {
        _ = try folder.write("old", to: "results")
        let first = try ResultFile.open(folder("results"), replacing: true)
        #expect(refusal() == "is being written by another run")
        try first.append(try record(1))
    }
}
