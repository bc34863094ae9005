import FetchCore
import JSONBridge
import Records

/// Whatever a line ends with, its record is one line of JSON in the contract's form, and a manifest line of the same job.
enum RecordProperties {
    static func check(_ input: [UInt8]) throws(Violation) {
        var choices = Choices(input)
        let draw = RecordDraw(&choices)
        let item = ManifestLineProperties.item(ManifestLineProperties.line(choices.rest))
        let record = draw.record(for: item, text: choices.rest)
        let finishedAt = Timestamp(milliseconds: draw.moment)

        let line = RecordEncoding.line(for: record, finishedAt: finishedAt, words: { "\($0)" })
        try require(line.last == UInt8(ascii: "\n"), "a record does not end its line")
        let text = Array(line.dropLast())
        try require(!text.contains(UInt8(ascii: "\n")), "a record is more than one line")
        // The line's own JSON stands one level deeper than it did in the manifest.
        let depth = JSONLimits.standard.depth + 1
        let root = try require(ReferenceJSON.value(of: text, depth: depth), "a record is not JSON")
        try checkFields(root, record)
        if let input = record.entry.input {
            let end = Array(#","input":"#.utf8) + input + Array("}".utf8)
            try require(text.suffix(end.count).elementsEqual(end), "the input is not kept byte for byte")
        }
        try checkMoment(finishedAt)
        try checkReadAgain(text, record)
        try checkJournal(text, record)
    }

    private static let order = [
        "v", "job_id", "status", "manifest", "line", "image", "ai_credits_used", "error", "retry", "warnings",
        "duplicate_of_line", "polls", "downloads", "first_seen", "finished_at", "elapsed_ms", "waited_ms",
        "download_ms", "runs", "input",
    ]

    private static func checkFields(_ root: JSONValue, _ record: JobRecord) throws(Violation) {
        let names = (root.object ?? []).map(\.name)
        try require(names == order.filter(names.contains), "the fields are \(names)")
        let always: Set = ["v", "job_id", "status", "manifest", "line", "first_seen", "finished_at", "runs"]
        try require(always.isSubset(of: names), "the fields are \(names)")
        let isDownloaded = record.outcome.status == .downloaded
        for (name, isExpected) in [("image", isDownloaded), ("error", !isDownloaded), ("retry", !isDownloaded)] {
            try require(names.contains(name) == isExpected, "\(name) in \(names) of \(record.outcome.status)")
        }
        let hasImage = root["image"] != nil
        try require(hasImage || root["download_ms"] == nil, "a time of a download without an image")
        try require(root["status"] == .string(record.outcome.status.rawValue), "another status")
        try require(root["job_id"] == (record.jobID.map { .string("\($0)") } ?? .null), "another job")
        if let failure = record.outcome.failure {
            try require(root["error"]?["message"] == .string(failure.message), "another message")
            try require(root["error"]?["api_message"]?.string == failure.apiMessage, "another message of the API")
        }
        let seconds = root["retry"]?["after_seconds"]?.number?.int
        try require(
            (root["retry"]?["action"]?.string == "rerun") == (seconds != nil) && (seconds ?? 0) >= 0,
            "the advice is \(String(describing: root["retry"]))")
    }

    private static func checkMoment(_ moment: Timestamp) throws(Violation) {
        let text = moment.rfc3339
        let again = try require(Timestamp(rfc3339: text), "\(text) cannot be read")
        try require(again.rfc3339 == text, "\(text) is read as \(again.rfc3339)")
        let hasItsForm = -62_167_219_200_000...253_402_300_799_999 ~= moment.milliseconds
        try require(again == moment || !hasItsForm, "\(text) is another moment")
    }

    private static func checkJournal(_ text: [UInt8], _ record: JobRecord) throws(Violation) {
        var reader = RecordReader()
        guard case .record(let past) = reader.line(text.span) else { throw Violation("a record is not read as one") }
        let entry = record.entry
        try require(
            past.manifest == entry.manifest && past.line == entry.line && past.runs == entry.runs
                && past.firstSeen.rfc3339 == entry.firstSeen.rfc3339,
            "\(entry) became \(past)")
        let end: PastRecord.End? =
            switch (record.outcome, record.jobID) {
            case (.downloaded(let image, _), let id?): .job(id, .downloaded(bytes: image.bytes))
            case (.invalid(let failure), nil): .line(.invalid(failure.code))
            case (.duplicate, let id?): .line(.duplicate(id))
            case (_, let id?): RetryAdvice(for: record.outcome).map { .job(id, PastJobEnd(advice: $0.action)) }
            case (_, nil): nil
            }
        try require(past.end == end, "\(record.outcome) became \(past.end)")
    }

    private static func checkReadAgain(_ text: [UInt8], _ record: JobRecord) throws(Violation) {
        let again = ManifestLineProperties.item(text)
        let (was, became) = (record.entry, again.entry)
        try require(became.runs == min(was.runs, .max - 1) + 1, "\(was.runs) runs became \(became.runs)")
        try require(became.firstSeen.rfc3339 == was.firstSeen.rfc3339, "it was first seen at another time")
        try require(became.input == was.input, "the input was not carried on")
        switch again {
        case .job(let id, _):
            try require(id == record.jobID, "\(String(describing: record.jobID)) became \(id)")
        case .invalid(_, let failure):
            try require(record.jobID == nil, "the record of a job is no job: \(failure)")
            try require(
                was.input == nil || failure.code == record.outcome.failure?.code, "it is now \(failure.code)")
        case .settled, .told:
            throw Violation("the parser knows of no earlier run, and believes no reply")
        }
    }
}
