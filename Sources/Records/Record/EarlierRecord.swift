public import FetchCore
public import JSONBridge

/// A result record of an earlier run that is a manifest line now, and what it says of the line's history.
public struct EarlierRecord: Sendable {
    /// When a run first read the job; nil if the record does not say it in our form.
    public let firstSeen: Timestamp?
    /// Where the line's JSON stands within the record; nil if it had none.
    public let input: Range<Int>?
    /// The name of the field with the job id; nil if the line had none.
    public let jobIDName: String?
    /// The record, or the API's reply that was its line, shows that the API has known the job.
    public let isKnownToAPI: Bool
    private let runs: Int

    /// The fields that are read from a record, and may stand there only once. Of a repeated `error` the last counts.
    public static let fields = [
        RecordFields.version.name, RecordFields.jobID.name, RecordFields.status.name, RecordFields.firstSeen.name,
        RecordFields.finishedAt.name, RecordFields.runs.name, RecordFields.input.name,
    ].map { "\($0)" }

    /// Reads a record; nil if the document, which is that of the line, is none.
    ///
    /// A user's own object may have some of these fields. It has all of them, and of the right kinds, only if it is
    /// one of ours.
    public init?(_ document: JSONDocument, on line: Span<UInt8>) {
        guard let jobID = document.range(of: RecordFields.jobID),
            document.value(of: RecordFields.version, in: line) != nil,
            let status = document.value(of: RecordFields.status, in: line),
            let runs = document.value(of: RecordFields.runs, in: line),
            let finishedAt = document.range(of: RecordFields.finishedAt),
            line[finishedAt.lowerBound] == UInt8(ascii: "\"")
        else { return nil }
        self.runs = runs
        firstSeen = document.value(of: RecordFields.firstSeen, in: line)
        input = document.range(of: RecordFields.input)
        jobIDName = line[jobID.lowerBound] == UInt8(ascii: "n") ? nil : "\(RecordFields.jobID.name)"
        isKnownToAPI =
            status.showsKnownJob(
                stage: document.value(of: RecordFields.errorStage, in: line),
                code: document.value(of: RecordFields.errorCode, in: line),
                polls: document.value(of: RecordFields.polls, in: line))
            || JobReply.showsKnownJob(document.root["\(RecordFields.input.name)"])
    }

    /// The number of runs, this one included. A number that no record of ours has counts as the nearest one that has.
    public var runsWithThisOne: Int {
        min(max(runs, 0), .max - 1) + 1
    }
}

extension JSONDocument {
    /// Where the value of a field of the record itself is; its name may be spelled with escapes.
    fileprivate func range<Value>(of field: RecordField<Value>) -> Range<Int>? {
        range(ofMember: "\(field.name)")
    }

    /// A field of the record on a line; nil if there is no such field, or if its value has another form.
    fileprivate func value<Value>(of field: RecordField<Value>, in line: Span<UInt8>) -> Value? {
        guard let object = field.object else {
            return range(of: field).flatMap { field.form.read(line.extracting($0)) }
        }
        guard let place = range(ofMember: object.rawValue) else { return nil }
        let text = line.extracting(place)
        // The line has been checked, so this is JSON.
        guard let inner = try? JSONDocument(parsing: text.bytes, reading: .ofManifestLines) else { return nil }
        return inner.range(ofMember: "\(field.name)").flatMap { field.form.read(text.extracting($0)) }
    }
}
