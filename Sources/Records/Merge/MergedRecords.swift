import FetchCore

/// Of each job, and of each line that was no job of its own, the record that counts out of many results files: the one
/// that was finished last, wherever it stands.
///
/// There may be many millions, so only where a record stands and what is counted of it is kept.
struct MergedRecords {
    /// A record in one of the results files.
    struct Recorded {
        /// Of its line's bytes, without the line's end.
        let offset: Int
        let length: UInt32
        /// Which of the results files.
        let file: UInt32
        /// Among ``manifests``.
        let manifest: UInt32
        let line: UInt32
        /// Among the counted ends.
        fileprivate let end: UInt32
        /// Written by a merge that found nothing, it says nothing of the job.
        fileprivate let isPlaceholder: Bool
        fileprivate let finishedAt: Timestamp
        let creditsUsed: Double
        fileprivate let waited: ShortDuration
        fileprivate let downloadTime: ShortDuration

        /// Whether this record, which was read later, counts in place of the other.
        fileprivate func replaces(_ other: Recorded) -> Bool {
            if isPlaceholder != other.isPlaceholder { return other.isPlaceholder }
            return finishedAt >= other.finishedAt
        }

        /// Where the line stands, as a number to sort by.
        fileprivate var place: UInt64 { UInt64(manifest) << 32 | UInt64(line) }
    }

    /// A record of a line that was no job of its own.
    struct RecordedLine {
        let end: PastLineEnd
        var record: Recorded
    }

    /// What is counted of a record; most are alike.
    private struct End: Hashable {
        let status: RecordStatus
        let advice: RetryAdvice.Action?
        let failure: RunSummary.Group?
    }

    private var records = LastRecords<Recorded, RecordedLine>()
    private var ends = NumberedValues<End>()
    private var manifestNumbers = NumberedValues<ExactText>()
    /// The requests of all records, those included that do not count.
    private(set) var requests = RunSummary()
    /// From the beginning of the first job to the end of the last, of all records that a run wrote; nil without any.
    private(set) var span: ClosedRange<Timestamp>?

    var isEmpty: Bool { manifestNumbers.values.isEmpty }

    /// The manifests that the records name, in the order in which they first appear.
    var manifests: [String] { manifestNumbers.values.map(\.text) }

    /// Takes in the next record, which stands at these bytes of a file. `reasonOf` tells which reason a sentence is of.
    mutating func note(
        _ record: PastRecord, _ account: RecordedAccount, bytes: Range<Int>, file: Int,
        reasonOf: (String, FailureCode) -> RetryAdvice.Reason
    ) {
        let isPlaceholder = account.code == .noRecord
        if !isPlaceholder {
            let end = account.finishedAt
            let start = Timestamp(milliseconds: end.milliseconds - account.elapsed.wholeMilliseconds)
            span = min(span?.lowerBound ?? start, start)...max(span?.upperBound ?? end, end)
        }
        requests.addRequests(polls: account.polls, downloads: account.downloads, bytes: account.bytes)
        var failure: RunSummary.Group?
        if let code = account.code, let action = account.action, let reason = account.reason {
            failure = RunSummary.Group(code: code, action: action, reason: reasonOf(reason, code))
        }
        let recorded = Recorded(
            offset: bytes.lowerBound, length: UInt32(clamping: bytes.count), file: UInt32(clamping: file),
            manifest: manifestNumbers.number(of: ExactText(record.manifest)), line: UInt32(clamping: record.line),
            end: ends.number(of: End(status: account.status, advice: account.action, failure: failure)),
            isPlaceholder: isPlaceholder, finishedAt: account.finishedAt,
            creditsUsed: account.creditsUsed, waited: ShortDuration(account.waited),
            downloadTime: ShortDuration(account.downloadTime))
        records.note(
            record, job: { _, before in before.map(recorded.replaces) == false ? nil : recorded },
            line: { end, before in
                before.map { recorded.replaces($0.record) } == false ? nil : RecordedLine(end: end, record: recorded)
            },
            keepingLines: true)
    }

    /// Counts a record in the totals of those that count.
    func count(_ record: Recorded, in summary: inout RunSummary) {
        let end = ends.values[Int(record.end)]
        summary.add(
            end.status, advice: end.advice, failure: end.failure, creditsUsed: record.creditsUsed,
            waited: record.waited.duration, downloadTime: record.downloadTime.duration)
    }

    /// Counts a record of a line too, of which `end` says what it was if it was no job of its own.
    func count(_ record: Recorded, endingAs end: PastLineEnd?, in summary: inout RunSummary) {
        count(record, in: &summary)
        if case .duplicate(let id) = end, !hasImage(id) { summary.duplicatesWithoutImage += 1 }
    }

    /// What others may know of a record.
    func counted(_ record: Recorded) -> CountedRecord {
        CountedRecord(
            status: ends.values[Int(record.end)].status, finishedAt: record.finishedAt, bytes: Int(record.length),
            isPlaceholder: record.isPlaceholder)
    }

    /// The records of all jobs and lines, in no order; among them are lines that have become a job later.
    var all: some Sequence<Recorded> {
        let jobs = (0..<records.jobCount).lazy.map { records[place: $0].kept }
        return [AnySequence(jobs), AnySequence(records.allLines.lazy.map(\.record))].joined()
    }

    func hasImage(_ record: Recorded) -> Bool { ends.values[Int(record.end)].status == .downloaded }

    /// Whether the record that counts of a job has an image.
    func hasImage(_ id: JobID) -> Bool { records[id].map(hasImage) == true }

    /// The record of a line that was no job of its own.
    func line(_ number: Int, of manifest: String) -> RecordedLine? { records.line(number, of: manifest) }

    /// How many jobs have a record; their places are counted from 0.
    var jobCount: Int { records.jobCount }

    func place(of id: JobID) -> Int? { records.place(of: id) }

    /// The job at a place, and the record that counts of it.
    subscript(place place: Int) -> (id: JobID, record: Recorded) {
        let (id, record) = records[place: place]
        return (id, record)
    }

    /// Passes on the records that count, by manifest in the order in which these first appear, then by line. Of a line
    /// that was no job of its own, `end` says what it was.
    func visitInOrder<Failure: Error>(
        _ visit: (_ record: Recorded, _ end: PastLineEnd?) throws(Failure) -> Void
    ) throws(Failure) {
        let lines = records.allLines
        // Of a million records a sort moves their numbers and not the records themselves.
        var order = Array(0..<UInt32(clamping: records.jobCount + lines.count))
        let place = { (number: UInt32) in
            Int(number) < records.jobCount
                ? records[place: Int(number)].kept.place : lines[Int(number) - records.jobCount].record.place
        }
        order.sort { (place($0), $0) < (place($1), $1) }
        // The last of the jobs at one place.
        var job: Recorded?
        for number in order {
            if Int(number) < records.jobCount {
                let record = records[place: Int(number)].kept
                if let other = job, other.place == record.place, !record.replaces(other) {
                    job = other
                } else {
                    job = record
                }
                try visit(record, nil)
            } else {
                let line = lines[Int(number) - records.jobCount]
                if let job, becameAJob(line.record, job) { continue }
                try visit(line.record, line.end)
            }
        }
    }

    /// Whether a line that was no job of its own has become this one later. Lines of standard input are others in each
    /// run, so there nothing follows from the same number.
    private func becameAJob(_ line: Recorded, _ job: Recorded) -> Bool {
        job.place == line.place && job.replaces(line) && manifestNumbers.values[Int(line.manifest)].text != "-"
    }
}

/// A duration or none, in 4 bytes: in whole milliseconds up to 49 days, and a longer one counts as that.
private struct ShortDuration {
    private let milliseconds: UInt32
    private static let none = UInt32.max

    init(_ duration: Duration?) {
        milliseconds = duration.map { min(UInt32(clamping: $0.wholeMilliseconds), Self.none - 1) } ?? Self.none
    }

    var duration: Duration? { milliseconds == Self.none ? nil : .milliseconds(Int64(milliseconds)) }
}

/// Values that come again and again, each with a number.
private struct NumberedValues<Value: Hashable> {
    /// In the order of their numbers.
    private(set) var values: [Value] = []
    private var numbers: [Value: UInt32] = [:]
    private var last: UInt32?

    mutating func number(of value: Value) -> UInt32 {
        // Most are the same as the one before.
        if let last, values[Int(last)] == value { return last }
        let number = numbers[value] ?? UInt32(clamping: values.count)
        if numbers[value] == nil {
            numbers[value] = number
            values.append(value)
        }
        last = number
        return number
    }
}
