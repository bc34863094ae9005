public import FetchCore
import JSONBridge

/// What a later report takes from the totals of a run, as ``SummaryEncoding`` has written them.
public struct PastSummary: Sendable, Equatable {
    public let startedAt: Timestamp
    public let finishedAt: Timestamp
    public let images: Int
    /// Records of jobs and lines that have no image.
    public let failures: Int
    public let elapsed: Duration
    /// Nil where the sum was beyond all numbers.
    public let creditsUsed: Double?

    public init(
        startedAt: Timestamp, finishedAt: Timestamp, images: Int, failures: Int, elapsed: Duration, creditsUsed: Double?
    ) {
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.images = images
        self.failures = failures
        self.elapsed = elapsed
        self.creditsUsed = creditsUsed
    }

    /// Larger than any summary: the paths of very many manifests stand in it.
    public static let sizeLimit = 16 << 20

    /// Reads the one JSON object of a summary file; nil for anything else.
    public init?(_ bytes: [UInt8]) {
        guard let root = (try? JSONDocument(parsing: bytes, limits: JSONLimits(bytes: Self.sizeLimit)))?.root,
            Self.count(root["v"]) == SummaryFields.versionNumber,
            let start = root["started_at"]?.string.flatMap(Timestamp.init(rfc3339:)),
            let finish = root["finished_at"]?.string.flatMap(Timestamp.init(rfc3339:)),
            let elapsed = Self.count(root["elapsed_ms"]), let counts = root["by_status"]
        else { return nil }
        let byStatus = RecordStatus.allCases.reduce(into: [:]) { $0[$1] = Self.count(counts[$1.rawValue]) ?? 0 }
        self.init(
            startedAt: start, finishedAt: finish, images: byStatus[.downloaded, default: 0],
            failures: [.pending, .failed, .invalid].reduce(0) { $0 + byStatus[$1, default: 0] },
            elapsed: .milliseconds(elapsed), creditsUsed: root["credits_used"]?.number?.double)
    }

    /// Whether the run began before a time and ended after it.
    public func covers(_ span: ClosedRange<Timestamp>) -> Bool {
        startedAt <= span.lowerBound && finishedAt >= span.upperBound
    }

    /// A count within what any night comes to; nil for what is none.
    private static func count(_ value: JSONValue?) -> Int? {
        value?.number?.int.flatMap { (0...1 << 50).contains($0) ? $0 : nil }
    }
}
