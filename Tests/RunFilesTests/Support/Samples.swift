import FetchCore
import Testing

@testable import RunFiles

/// Ids, moments and lines that tests share.
enum Sample {
    static let idText = "0b7e6f6c-52e0-4a51-9d3c-1f2a3b4c5d6e"
    static let otherIDText = "ffffffff-52e0-4a51-9d3c-1f2a3b4c5d6e"
    static let now = Timestamp(milliseconds: 1_772_357_400_250)
    static let nowText = "2026-03-01T09:30:00.250Z"

    static func id(_ text: String = idText) throws -> JobID {
        try #require(JobID(text))
    }

    static func entry(line: Int = 3, input: String? = nil, runs: Int = 1) -> ManifestEntry {
        ManifestEntry(
            manifest: "jobs.jsonl", line: line, input: input.map { Array($0.utf8) }, firstSeen: now, runs: runs)
    }

    static func record(
        _ outcome: JobOutcome, input: String? = nil, runs: Int = 1, warnings: [Warning] = []
    ) throws -> JobRecord {
        JobRecord(entry: entry(input: input, runs: runs), jobID: try id(), outcome: outcome, warnings: warnings)
    }

    static let pending = JobOutcome.pending(
        JobFailure(.stillInProgress, at: .poll, "The job was still in progress after 15 minutes."))

    static let image = ProvenImage(
        path: "images/a.png", bytes: 70, width: 1, height: 2, sha256: "ab", url: "https://host/a.png")

    /// What the parser makes of a line.
    static func item(_ line: String, at number: Int = 1) -> ManifestItem {
        item(Array(line.utf8), at: number)
    }

    static func item(_ line: [UInt8], at number: Int = 1) -> ManifestItem {
        ManifestLineParser.item(of: line.span, manifest: "jobs.jsonl", line: number, now: now)
    }
}

extension ManifestItem {
    var id: JobID? {
        if case .job(let id, _) = self { id } else { nil }
    }

    var failure: JobFailure? {
        if case .invalid(_, let failure) = self { failure } else { nil }
    }

    var input: String? {
        entry.input.map { String(decoding: $0, as: UTF8.self) }
    }
}

extension RecordEncoding {
    /// A record's line as text, its newline included.
    static func text(_ record: JobRecord, finishedAt: Timestamp = Sample.now) -> String {
        String(decoding: line(for: record, finishedAt: finishedAt), as: UTF8.self)
    }
}
