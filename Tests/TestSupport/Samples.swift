public import FetchCore
public import Files
public import Records

/// Ids, moments and lines that tests share.
public enum Sample {
    public static let idText = "0b7e6f6c-52e0-4a51-9d3c-1f2a3b4c5d6e"
    public static let otherIDText = "ffffffff-52e0-4a51-9d3c-1f2a3b4c5d6e"
    public static let now = Timestamp(milliseconds: 1_772_357_400_250)
    public static let nowText = "2026-03-01T09:30:00.250Z"

    public static func id(_ text: String = idText) throws -> JobID {
        guard let id = JobID(text) else { throw NoJobID(text: text) }
        return id
    }

    private struct NoJobID: Error {
        let text: String
    }

    public static func entry(line: Int = 3, input: String? = nil, runs: Int = 1) -> ManifestEntry {
        ManifestEntry(
            manifest: "jobs.jsonl", line: line, input: input.map { Array($0.utf8) }, firstSeen: now, runs: runs)
    }

    public static func record(
        _ outcome: JobOutcome, input: String? = nil, runs: Int = 1, warnings: [Warning] = [], polls: Int = 0
    ) throws -> JobRecord {
        JobRecord(
            entry: entry(input: input, runs: runs), jobID: try id(), outcome: outcome, warnings: warnings, polls: polls)
    }

    public static let pending = JobOutcome.pending(
        JobFailure(.stillInProgress, at: .poll, "The job was still in progress after 15 minutes."))

    public static let image = ProvenImage(path: "images/a.png", bytes: 70, width: 1, height: 2, sha256: "ab")
    public static let imageURL = "https://host/a.png"
    public static let downloaded = JobOutcome.downloaded(image, url: imageURL)

    /// Stands for the sentences, which are the program's.
    public static let words: AdviceWords = { "About \($0)." }
}

extension ResultFile {
    /// Opens results whose advice is in the words of the samples.
    public static func open(
        _ path: String, replacing: Bool = false, manifests: [String] = [], durability: Durability = .full
    ) throws(OutputError) -> ResultFile {
        try open(
            path, replacing: replacing, manifests: manifests, durability: durability, words: Sample.words,
            clock: { Sample.now })
    }
}

extension RecordEncoding {
    /// A record's line with advice in the words of the samples, its newline included.
    public static func line(for record: JobRecord, finishedAt: Timestamp = Sample.now) -> [UInt8] {
        line(for: record, finishedAt: finishedAt, words: Sample.words)
    }

    /// A record's line as text, its newline included.
    public static func text(_ record: JobRecord, finishedAt: Timestamp = Sample.now) -> String {
        String(decoding: line(for: record, finishedAt: finishedAt), as: UTF8.self)
    }
}
