import Testing

@testable import FetchCore

extension Progress {
    /// A run under way; what is not given is unremarkable.
    static func sample(
        downloaded: Int = 0, failed: Int = 0, settled: Int = 0, inFlight: Int = 0, waiting: Int = 0,
        unfinished: Int? = nil, read: Int = 0, total: Total = .unknown, longestPolled: PolledJob? = nil,
        pace: Double? = nil, api: Origin = .open, images: Origin = .open
    ) -> Progress {
        var summary = RunSummary()
        for _ in 0..<downloaded { summary.add(.sample(.sampleImage)) }
        for _ in 0..<failed { summary.add(.sample(.failed(JobFailure(.jobFailed, at: .poll, "no")))) }
        for _ in 0..<settled { summary.addSettled(.downloaded) }
        let ended = if case .exact = total { true } else { false }
        return Progress(
            summary: summary, inFlight: inFlight, waiting: waiting, unfinished: unfinished ?? inFlight + waiting,
            read: read, manifestEnded: ended, total: total, longestPolled: longestPolled, pace: pace,
            api: api, images: images)
    }
}

extension JobRecord {
    static func sample(_ outcome: JobOutcome, credits: String? = nil, polls: Int = 1) -> JobRecord {
        let entry = ManifestEntry(
            manifest: "jobs.jsonl", line: 1, input: nil, firstSeen: Timestamp(milliseconds: 0))
        return JobRecord(
            entry: entry, jobID: nil, outcome: outcome, creditsUsed: credits, polls: polls, downloads: 1)
    }
}

extension JobOutcome {
    static let sampleImage = JobOutcome.downloaded(
        ProvenImage(path: "images/a.png", bytes: 1_500_000, width: 64, height: 64, sha256: "00"),
        url: "https://cdn.example/a.png")
}

extension JobID {
    static func sample() throws -> JobID {
        try #require(JobID("4d82d040-4394-4371-867d-72ae1dd62b6d"))
    }
}
