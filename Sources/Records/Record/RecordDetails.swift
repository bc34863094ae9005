public import FetchCore
import Files

/// What a page for a person takes from one record, beside the record itself.
public struct RecordDetails: Sendable {
    /// Why there is no image, in the words of the record: they may be those of another version of the program.
    public struct Failure: Sendable, Equatable {
        public let code: String
        public let action: String
        /// A sentence for a person: what helps.
        public let reason: String
        /// A sentence for a person: what happened.
        public let message: String
    }

    public struct Image: Sendable, Equatable {
        public let path: String
        /// The path below the output directory, where a template made it; nil for the job's own name.
        public let name: String?
        public let bytes: Int

        /// The output directory, as far as the path tells it.
        public var directory: String {
            guard let name, let directory = TypedPath.directory(of: path, holding: name) else {
                return TypedPath.parent(of: path)
            }
            switch directory {
            case "": return "."
            case "/": return "/"
            default: return String(decoding: directory.utf8.dropLast(), as: UTF8.self)
            }
        }
    }

    public let status: RecordStatus
    /// In lower case; nil for a line that had none.
    public let jobID: JobID?
    public let manifest: String
    public let line: Int
    public let shard: Shard?
    public let finishedAt: Timestamp
    public let failure: Failure?
    public let image: Image?
    /// Nil for a line that is no job of its own.
    public let polls: Int?
    /// From the first poll to the reply that said that the job is completed.
    public let waited: Duration?
    /// From the first poll to the end.
    public let elapsed: Duration?
    /// From the request for the image to its last byte.
    public let downloadTime: Duration?
}

extension RecordReader {
    /// What the record that was read last says for a page; nil if it does not say when it was written.
    public func details(of record: PastRecord, in text: Span<UInt8>) -> RecordDetails? {
        guard let status = fields.value(of: RecordFields.status, in: text),
            let finishedAt = fields.value(of: RecordFields.finishedAt, in: text)
        else { return nil }
        return RecordDetails(
            status: status, jobID: fields.value(of: RecordFields.jobID, in: text) ?? nil, manifest: record.manifest,
            line: record.line, shard: record.shard, finishedAt: finishedAt,
            failure: status == .downloaded ? nil : failure(in: text),
            image: status == .downloaded ? recordedImage(in: text) : nil,
            polls: count(of: RecordFields.polls, in: text), waited: duration(RecordFields.waited, in: text),
            elapsed: duration(RecordFields.elapsed, in: text),
            downloadTime: duration(RecordFields.downloadTime, in: text))
    }

    private func failure(in text: Span<UInt8>) -> RecordDetails.Failure {
        RecordDetails.Failure(
            code: fields.text(of: RecordFields.errorCode, in: text) ?? "",
            action: fields.text(of: RecordFields.retryAction, in: text) ?? "",
            reason: fields.text(of: RecordFields.retryReason, in: text) ?? "",
            message: fields.text(of: RecordFields.errorMessage, in: text) ?? "")
    }

    private func recordedImage(in text: Span<UInt8>) -> RecordDetails.Image? {
        guard let path = fields.value(of: RecordFields.imagePath, in: text),
            let bytes = count(of: RecordFields.imageBytes, in: text)
        else { return nil }
        return RecordDetails.Image(
            path: path, name: fields.value(of: RecordFields.imageName, in: text), bytes: bytes)
    }

    /// A count within what any job comes to, so that sums have room; nil if the record has none.
    private func count(of field: RecordField<Int>, in text: Span<UInt8>) -> Int? {
        fields.value(of: field, in: text).map { min(max($0, 0), Self.mostCounted) }
    }

    private func duration(_ field: RecordField<Int>, in text: Span<UInt8>) -> Duration? {
        count(of: field, in: text).map { .milliseconds($0) }
    }
}
