public import FetchCore
import Files
import JSONBridge

/// Reads the lines of a results file back.
///
/// It reads whatever ``RecordEncoding`` writes, with the fields in any order and with any white space. So a file that
/// was written again by another JSON tool can still be resumed. The whole line is checked, but without a tree.
public struct RecordReader: Sendable {
    private(set) var fields = RecordOutline()
    private var recent = RecentValues()

    /// Values that most records share with the record before.
    private struct RecentValues: Sendable {
        var manifest = RecentValue<String>()
        var shard = RecentValue<Shard>()
        var firstSeen = RecentValue<Timestamp>()
        var status = RecentValue<RecordStatus>()
        var action = RecentValue<RetryAdvice.Action>()
        var stage = RecentValue<JobFailure.Stage>()
        var code = RecentValue<FailureCode>()
    }

    public enum Line: Sendable, Equatable {
        case record(PastRecord)
        /// It is JSON, but none that this program writes.
        case otherJSON
        case notJSON
    }

    public init() {}

    /// Reads a line, given without its end.
    public mutating func line(_ text: Span<UInt8>) -> Line {
        do {
            try fields.read(text)
        } catch {
            return .notJSON
        }
        return record(in: text).map(Line.record) ?? .otherJSON
    }

    /// What the record that was read last says of its image; nil when there is none, or not all of it.
    public func image(in text: Span<UInt8>) -> RecordedBytes? {
        guard let path = fields.value(of: RecordFields.imagePath, in: text), RecordedBytes.canBeFile(path),
            let bytes = fields.value(of: RecordFields.imageBytes, in: text), (0...RecordedBytes.most).contains(bytes),
            let width = fields.value(of: RecordFields.imageWidth, in: text).flatMap(UInt32.init(exactly:)),
            let height = fields.value(of: RecordFields.imageHeight, in: text).flatMap(UInt32.init(exactly:)),
            let sha256 = fields.value(of: RecordFields.imageSHA256, in: text).flatMap(SHA256Sum.init(hex:))
        else { return nil }
        // Most records have no warning, and then nothing is read for it.
        let warnings = fields.value(of: RecordFields.warnings, in: text)
        return RecordedBytes(
            path: path, name: fields.value(of: RecordFields.imageName, in: text).flatMap { ImageName($0) },
            bytes: bytes, width: width, height: height, sha256: sha256,
            isIrregular: warnings?.contains(.irregularPNG) == true)
    }

    /// What the image of the record that was read last is called below the output directory, and by what it is known;
    /// nil when there is none.
    func namedImage(in text: Span<UInt8>) -> (name: String, mark: ImageMark)? {
        guard let path = fields.value(of: RecordFields.imagePath, in: text),
            let bytes = fields.value(of: RecordFields.imageBytes, in: text),
            let mark = fields.value(of: RecordFields.imageSHA256, in: text)
                .flatMap({ ImageMark(bytes: bytes, sha256: $0) })
        else { return nil }
        return (fields.value(of: RecordFields.imageName, in: text) ?? TypedPath.lastName(of: path), mark)
    }

    /// What the record that was read last says for an account of many; nil when it does not say when it was written.
    public func account(in text: Span<UInt8>) -> RecordedAccount? {
        guard let finishedAt = fields.value(of: RecordFields.finishedAt, in: text),
            let status = fields.value(of: RecordFields.status, in: text)
        else { return nil }
        // Nearly every record of most results, and it has no error.
        let hasFailed = status != .downloaded
        return RecordedAccount(
            finishedAt: finishedAt, status: status,
            code: hasFailed ? fields.value(of: RecordFields.errorCode, in: text) : nil,
            action: hasFailed ? fields.value(of: RecordFields.retryAction, in: text) : nil,
            reason: hasFailed ? fields.value(of: RecordFields.retryReason, in: text) : nil,
            polls: count(RecordFields.polls, in: text), downloads: count(RecordFields.downloads, in: text),
            bytes: count(RecordFields.imageBytes, in: text),
            creditsUsed: fields.value(of: RecordFields.creditsUsed, in: text).flatMap(Double.init) ?? 0,
            elapsed: .milliseconds(count(RecordFields.elapsed, in: text)),
            waited: duration(RecordFields.waited, in: text),
            // Only what was kept was downloaded in a time.
            downloadTime: hasFailed ? nil : duration(RecordFields.downloadTime, in: text))
    }

    /// A time that not every record has; what is no such time counts as absent.
    private func duration(_ field: RecordField<Int>, in text: Span<UInt8>) -> Duration? {
        fields.value(of: field, in: text).flatMap { $0 >= 0 ? .milliseconds($0) : nil }
    }

    /// A count that is none if it is absent. Beyond what any job comes to it is cut, so that sums have room.
    private func count(_ field: RecordField<Int>, in text: Span<UInt8>) -> Int {
        min(max(fields.value(of: field, in: text) ?? 0, 0), Self.mostCounted)
    }

    static let mostCounted = 1 << 40

    private mutating func record(in text: Span<UInt8>) -> PastRecord? {
        guard fields.value(of: RecordFields.version, in: text) != nil,
            let runs = fields.value(of: RecordFields.runs, in: text),
            runs > 0 || runs == 0 && fields.value(of: RecordFields.errorCode, in: text) == .noRecord,
            let line = fields.value(of: RecordFields.line, in: text), line > 0,
            let status = fields.value(of: RecordFields.status, in: text, recent: &recent.status),
            let end = end(status, in: text),
            let manifest = fields.value(of: RecordFields.manifest, in: text, recent: &recent.manifest),
            let firstSeen = fields.value(of: RecordFields.firstSeen, in: text, recent: &recent.firstSeen)
        else { return nil }
        return PastRecord(
            end, manifest: manifest, line: line,
            shard: fields.value(of: RecordFields.shard, in: text, recent: &recent.shard), firstSeen: firstSeen,
            runs: runs, isKnownToAPI: showsKnownJob(status, in: text))
    }

    private mutating func end(_ status: RecordStatus, in text: Span<UInt8>) -> PastRecord.End? {
        guard let id = fields.value(of: RecordFields.jobID, in: text) else { return nil }
        switch (status, id) {
        case (.downloaded, let id?):
            return fields.value(of: RecordFields.imageBytes, in: text).map { .job(id, .downloaded(bytes: $0)) }
        case (.pending, let id?), (.failed, let id?):
            return fields.value(of: RecordFields.retryAction, in: text, recent: &recent.action)
                .map { .job(id, PastJobEnd(advice: $0)) }
        case (.duplicate, let id?):
            return .line(.duplicate(id))
        case (.invalid, nil):
            return fields.value(of: RecordFields.errorCode, in: text, recent: &recent.code)
                .map { .line(.invalid($0)) }
        case (.invalid, _), (_, nil):
            return nil
        }
    }

    private mutating func showsKnownJob(_ status: RecordStatus, in text: Span<UInt8>) -> Bool {
        // Nearly every record of most journals, and it has no error.
        guard status != .downloaded else { return status.showsKnownJob(stage: nil, code: nil, polls: nil) }
        return status.showsKnownJob(
            stage: fields.value(of: RecordFields.errorStage, in: text, recent: &recent.stage),
            code: fields.value(of: RecordFields.errorCode, in: text, recent: &recent.code),
            polls: fields.value(of: RecordFields.polls, in: text))
    }
}

/// What an account of many records takes from one of them, beside what ``FetchCore/PastRecord`` has.
public struct RecordedAccount: Sendable, Equatable {
    public let finishedAt: Timestamp
    public let status: RecordStatus
    /// Of a record without an image; nil for one that this program does not know.
    public let code: FailureCode?
    public let action: RetryAdvice.Action?
    /// A sentence for a person.
    public let reason: String?
    public let polls: Int
    public let downloads: Int
    /// Of the image.
    public let bytes: Int
    public let creditsUsed: Double
    /// From the first poll to the end; zero when it was never polled.
    public let elapsed: Duration
    /// From the first poll to the reply that said "completed"; nil where the record does not say it.
    public let waited: Duration?
    /// Of the image that was kept.
    public let downloadTime: Duration?
}
