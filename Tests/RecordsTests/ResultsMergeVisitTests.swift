import FetchCore
import Files
import TestSupport
import Testing

@testable import Records

/// Records that count can be visited one by one, in place of being written.
@Suite(.timeLimit(.minutes(1))) struct ResultsMergeVisitTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static func line(_ number: Int, _ outcome: JobOutcome, manifest: String = "a.jsonl") throws -> String {
        let digits = String(number, radix: 16)
        let id = try Sample.id("00000000-0000-0000-0000-\(String(repeating: "0", count: 12 - digits.count))\(digits)")
        let entry = ManifestEntry(manifest: manifest, line: number, input: nil, firstSeen: Sample.now)
        return RecordEncoding.text(
            JobRecord(
                entry: entry, jobID: id, outcome: outcome, creditsUsed: "0.5", polls: 3, downloads: 1,
                elapsed: .seconds(60)),
            finishedAt: Sample.now + .seconds(number))
    }

    /// A merge that has read these lines.
    private func merge(_ lines: [String]) throws -> ResultsMerge {
        let path = try folder.write(lines.joined(), to: "results.jsonl")
        var merge = ResultsMerge(of: [path], temporaryDirectory: folder(""), words: Sample.words, tell: { _ in })
        merge.read()
        return merge
    }

    private static func lines() throws -> [String] {
        [
            try line(9, Sample.downloaded, manifest: "b.jsonl"), try line(3, Sample.pending),
            try line(1, Sample.downloaded), try line(2, .failed(JobFailure(.jobFailed, at: .poll, "It failed."))),
        ]
    }

    @Test func visitHasTheTextTheOrderAndTheTotalsOfWhatIsWritten() throws {
        var merge = try merge(try Self.lines())
        var text: [UInt8] = []
        let totals = try merge.visit(where: { _ in true }) { (_, record) throws(MergeError) in
            text += record.withUnsafeBufferPointer { Array($0) } + [UInt8(ascii: "\n")]
        }
        var output = try MergedOutput(folder("merged"), replacing: false)
        let written = try merge.write(to: &output)
        try output.finish(durability: .none)
        #expect(try folder.read("merged") == text)
        #expect(totals == written)
        #expect(totals.records == 4)
    }

    @Test func recordThatIsNotWantedIsCountedAndNotRead() throws {
        var merge = try merge(try Self.lines())
        var visited: [RecordStatus] = []
        let totals = try merge.visit(where: { $0.status != .downloaded }) { (record, _) throws(MergeError) in
            visited.append(record.status)
        }
        #expect(visited == [.failed, .pending])
        #expect(totals.count(of: .downloaded) == 2)
        #expect(
            Array(merge.countedRecords).map(\.status).sorted { $0.rawValue < $1.rawValue } == [
                .downloaded, .downloaded, .failed, .pending,
            ])
    }

    @Test func detailsAreThoseOfTheRecord() throws {
        var merge = try merge(try Self.lines())
        var details: [RecordDetails] = []
        _ = try merge.visitDetails { details.append($1) }
        #expect(details.map(\.line) == [9, 1, 2, 3])
        #expect(details.map(\.manifest) == ["b.jsonl", "a.jsonl", "a.jsonl", "a.jsonl"])
        #expect(details[1].image == RecordDetails.Image(path: "images/a.png", name: nil, bytes: 70))
        #expect(details[1].failure == nil)
        #expect(details[2].failure?.code == "job_failed")
        #expect(details[2].failure?.message == "It failed.")
        #expect(details[3].failure?.action == "rerun")
        #expect(details.allSatisfy { $0.polls == 3 && $0.elapsed == .seconds(60) })
    }

    @Test(
        arguments: [
            ("images/a.png", nil, "images"), ("a.png", nil, "."), ("/a.png", nil, "/"), ("o/7/a.png", "7/a.png", "o"),
            ("/7/a.png", "7/a.png", "/"), ("o/b.png", "7/a.png", "o"), ("o//a.png", "a.png", "o/"),
            ("o/e\u{301}.png", "\u{e9}.png", "o"), ("7/a.png", "7/a.png", "."), ("a.png", "a.png", "."),
        ] as [(String, String?, String)])
    func directoryIsThePathWithoutTheName(path: String, name: String?, directory: String) {
        #expect(RecordDetails.Image(path: path, name: name, bytes: 1).directory == directory)
    }

    @Test func fileThatIsWrittenOverMeanwhileIsAnError() throws {
        var merge = try merge(try Self.lines())
        let count = try folder.read("results.jsonl").count
        _ = try folder.write([UInt8](repeating: UInt8(ascii: "x"), count: count), to: "results.jsonl")
        #expect(throws: MergeError.self) { _ = try merge.visitDetails { _, _ in } }
    }
}
