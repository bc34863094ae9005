import FetchCore
import Files
import Glibc
import TestSupport

@testable import Records

/// Records to merge, and the merge of them, in a folder of the test's own.
protocol MergesResults {
    var folder: TemporaryFolder { get }
}

extension MergesResults {
    static var done: JobOutcome { Sample.downloaded }
    static var noRecord: JobOutcome { .pending(JobFailure(.noRecord, at: .run, "None.")) }
    static var invalid: JobOutcome { .invalid(JobFailure(.invalidJSON, at: .manifest, "No JSON.")) }
    private static var hour: Int64 { 3_600_000 }

    static func duplicate(of line: Int) -> JobOutcome {
        .duplicate(ofLine: line, JobFailure(.duplicateJobID, at: .manifest, "Again."))
    }

    static func id(_ number: Int) throws -> JobID {
        let digits = String(number, radix: 16)
        return try Sample.id("00000000-0000-0000-0000-\(String(repeating: "0", count: 12 - digits.count))\(digits)")
    }

    static func entry(_ line: Int, of manifest: String = "a.jsonl") -> ManifestEntry {
        ManifestEntry(manifest: manifest, line: line, input: nil, firstSeen: Sample.now)
    }

    /// The line of a record that was finished `hours` after the others.
    static func line(
        job: Int?, at line: Int, of manifest: String = "a.jsonl", _ outcome: JobOutcome, hours: Int64 = 0,
        polls: Int = 1, credits: String? = nil, waited: Duration? = nil, downloadTime: Duration? = nil
    ) throws -> String {
        let record = JobRecord(
            entry: entry(line, of: manifest), jobID: try job.map(id), outcome: outcome, creditsUsed: credits,
            polls: polls, downloads: polls, elapsed: .seconds(60), waited: waited, downloadTime: downloadTime)
        return RecordEncoding.text(
            record, finishedAt: Timestamp(milliseconds: Sample.now.milliseconds + hours * hour))
    }

    /// Merges files of these contents; with `manifest`, along its lines.
    func merge(_ files: [String], along manifest: [ManifestItem]? = nil) throws -> MergedResults {
        let paths = try files.enumerated().map { try folder.write($1, to: "r\($0)") }
        return try merge(paths: paths, along: manifest)
    }

    func merge(paths: [String], along manifest: [ManifestItem]? = nil) throws -> MergedResults {
        let told = Told()
        unlink(folder("merged"))
        var output = try MergedOutput(folder("merged"), replacing: false)
        var merge = ResultsMerge(
            of: paths, temporaryDirectory: folder(""), words: Sample.words, tell: { told.sentences.append($0) })
        merge.read()
        let summary =
            if let manifest {
                try merge.write(to: &output, along: ManifestLines(items: manifest), now: Sample.now)
            } else {
                try merge.write(to: &output)
            }
        try output.finish(durability: .full)
        let names = told.sentences.map { $0.replacing(folder(""), with: "") }
        return MergedResults(
            text: try folder.text("merged"), summary: summary, told: names,
            unreadable: merge.unreadable.map { $0.replacing(folder(""), with: "") })
    }
}

/// What a merge has made of results files.
struct MergedResults {
    let text: String
    let summary: RunSummary
    let told: [String]
    let unreadable: [String]
    var end: RunEnd {
        RunEnd(
            of: RunReport(
                summary: summary, stop: nil, failure: nil, manifestExhausted: true, unreadable: unreadable,
                elapsed: .zero))
    }
}

private final class Told {
    var sentences: [String] = []
}

/// A manifest in memory, read in small pieces.
private final class ManifestLines: ManifestSource, @unchecked Sendable {
    private var rest: ArraySlice<ManifestItem>

    init(items: [ManifestItem]) {
        rest = items[...]
    }

    func read(upTo limit: Int) -> ManifestBatch {
        defer { rest = rest.dropFirst(2) }
        return ManifestBatch(items: Array(rest.prefix(2)), ended: rest.count <= 2)
    }

    func stop() {}
    var unreadable: [String] { [] }
}
