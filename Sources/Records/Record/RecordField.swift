public import FetchCore
import JSONBridge

/// One field of a result record: its name, the records that have it, its form, and where its value comes from.
struct RecordField<Value>: Sendable {
    let name: StaticString
    /// The object that the field is a member of; nil for a field of the record itself.
    let object: RecordObject?
    let presence: RecordPresence
    let form: JSONForm<Value>
    /// The JSON of the value, of a record whose status may have the field; nil where the field does not apply.
    ///
    /// Made here, where the kind of value is known, for it is called for each record.
    let json: @Sendable (FinishedRecord) -> JSONOutput?

    /// - Parameter value: the field's value in a record that is to be written; nil where the field does not apply.
    init(
        _ name: StaticString, in object: RecordObject? = nil, _ presence: RecordPresence, _ form: JSONForm<Value>,
        value: @escaping @Sendable (FinishedRecord) -> Value?
    ) {
        self.name = name
        self.object = object
        self.presence = presence
        self.form = form
        json = { [write = form.write] record in value(record).flatMap(write) }
    }
}

/// The objects within a record.
enum RecordObject: String {
    case image, error, retry

    var name: StaticString {
        switch self {
        case .image: "image"
        case .error: "error"
        case .retry: "retry"
        }
    }
}

/// Which records have a field, by their status.
struct RecordPresence: Sendable {
    /// The statuses of records that may have the field.
    let statuses: [RecordStatus]
    /// Those whose records always have it.
    let always: [RecordStatus]

    private init(_ statuses: [RecordStatus], always: [RecordStatus]) {
        self.statuses = statuses
        self.always = always
    }

    static let everywhere = RecordPresence(RecordStatus.allCases, always: RecordStatus.allCases)
    static let optional = RecordPresence(RecordStatus.allCases, always: [])
    static let ofImages = RecordPresence([.downloaded], always: [.downloaded])
    /// Not in every record of an image: those of earlier versions lack it.
    static let optionalOfImages = RecordPresence([.downloaded], always: [])
    static let ofFailures = RecordPresence(failures, always: failures)
    static let optionalOfFailures = RecordPresence(failures, always: [])
    /// Lines that are a job of their own, whose requests are counted even if there were none.
    static let ofJobs = RecordPresence(jobs, always: jobs)
    static let optionalOfJobs = RecordPresence(jobs, always: [])
    static let ofDuplicates = RecordPresence([.duplicate], always: [.duplicate])

    private static let failures: [RecordStatus] = [.pending, .failed, .invalid, .duplicate]
    private static let jobs: [RecordStatus] = [.downloaded, .pending, .failed]
}

/// A field whose kind of value does not matter.
protocol AnyRecordField: Sendable {
    var name: StaticString { get }
    var object: RecordObject? { get }
    var presence: RecordPresence { get }
    /// What the JSON Schema says of the field's value.
    var schema: JSONOutput { get }

    /// The JSON for the field in a record whose status may have it; nil where the record has no such field.
    var json: @Sendable (FinishedRecord) -> JSONOutput? { get }
}

extension RecordField: AnyRecordField {
    var schema: JSONOutput { form.schema }
}

/// The sentence that a person is told for a piece of advice; it names settings, so the program has it.
public typealias AdviceWords = @Sendable (RetryAdvice.Reason) -> String

/// A record at the moment at which it is written: what the values of its fields are taken from.
struct FinishedRecord {
    let record: JobRecord
    let finishedAt: Timestamp
    /// The part of the manifests that the run had.
    let shard: Shard?
    let advice: RetryAdvice?
    private let words: AdviceWords

    init(_ record: JobRecord, finishedAt: Timestamp, shard: Shard?, words: @escaping AdviceWords) {
        self.record = record
        self.finishedAt = finishedAt
        self.shard = shard
        self.words = words
        advice = RetryAdvice(for: record.outcome)
    }

    var status: RecordStatus { record.outcome.status }
    var entry: ManifestEntry { record.entry }
    var failure: JobFailure? { record.outcome.failure }

    var image: ProvenImage? {
        if case .downloaded(let image, _) = record.outcome { image } else { nil }
    }

    /// Where the image came from.
    var imageURL: String? {
        if case .downloaded(_, let url) = record.outcome { url } else { nil }
    }

    var duplicateOfLine: Int? {
        if case .duplicate(let line, _) = record.outcome { line } else { nil }
    }

    /// The advice in a sentence.
    var reason: String? { (advice?.reason).map(words) }

    /// How long to wait before the job is run again, if that is the advice.
    var wait: Duration? {
        advice?.action == .rerun ? advice?.after : nil
    }
}
