import FetchCore
import Files
import Glibc
import JSONBridge

@testable import Records

/// A results file is read back as what stands in it, torn or whole; what is no results file is refused.
enum JournalProperties {
    /// The input is a place to tear the last line at, and the file up to there.
    static func check(_ input: [UInt8]) throws(Violation) {
        var choices = Choices(input)
        let tear = Int(choices.number(bytes: 2))
        let file = Array(choices.rest)
        var reader = RecordReader()
        var isSound = true
        for line in file.split(separator: UInt8(ascii: "\n")) where !isBlank(line) {
            let text = Array(line.last == UInt8(ascii: "\r") ? line.dropLast() : line)
            var freshReader = RecordReader()
            let read = reader.line(text.span)
            // Readers keep what records have in common, which must not show.
            try require(read == freshReader.line(text.span), "a line is read otherwise after other lines")
            try check(read, text)
            if case .record = read { continue }
            isSound = false
        }
        guard isSound else { return }
        let end = file.reversed().prefix { $0 != UInt8(ascii: "\n") }
        let repair = try repair(of: file)
        try require(repair == (isBlank(end) ? .nothing : .endLine), "a sound journal is in need of \(repair)")
        try checkTorn(file, tear)
    }

    private static func check(_ read: RecordReader.Line, _ text: [UInt8]) throws(Violation) {
        // A record is one level around the line that it holds.
        let root = ReferenceJSON.value(of: text, depth: JSONLimits.standard.depth + 1)
        guard case .record(let record) = read else {
            try require((root == nil) == (read == .notJSON), "JSON is taken for none, or what is none for JSON")
            return
        }
        let fields = try require(root, "what is not JSON is a record")
        try require(fields["v"]?.number?.int == 1, "another version")
        try require(fields["line"]?.number?.int == record.line && record.line > 0, "another line")
        try require(fields["manifest"]?.string == record.manifest, "another manifest")
        try require(fields["runs"]?.number?.int == record.runs && record.runs > 0, "another number of runs")
        try require(fields["first_seen"]?.string == record.firstSeen.rfc3339, "another moment")
        let id = fields["job_id"]?.string.flatMap { JobID($0) }
        let status = fields["status"]?.string.flatMap(RecordStatus.init(rawValue:))
        let action = fields["retry"]?["action"]?.string
        let holds =
            switch record.end {
            case .job(let job, .downloaded(let bytes)):
                job == id && status == .downloaded && fields["image"]?["bytes"]?.number?.int == bytes
            case .job(let job, .closed):
                job == id && [.pending, .failed].contains(status) && ["resubmit", "none"].contains(action)
            case .job(let job, .open):
                job == id && [.pending, .failed].contains(status) && ["rerun", "fix"].contains(action)
            case .line(.invalid(let code)):
                id == nil && status == .invalid && fields["error"]?["code"]?.string == code.rawValue
            case .line(.duplicate(let job)):
                job == id && status == .duplicate
            }
        try require(holds, "\(record.end) is not what the record says")
        let error = (fields["error"]?["stage"]?.string, fields["error"]?["code"]?.string)
        let shows = status?.showsKnownJob(
            stage: error.0.flatMap(JobFailure.Stage.init(rawValue:)),
            code: error.1.flatMap(FailureCode.init(rawValue:)), polls: fields["polls"]?.number?.int)
        // A name that is spelled with escapes is none of this program's.
        try require(
            record.isKnownToAPI == shows || text.contains(UInt8(ascii: "\\")), "whether the job is known was changed")
    }

    /// Of a record that was torn while it was written, all is cut off, and nothing else.
    private static func checkTorn(_ file: [UInt8], _ tear: Int) throws(Violation) {
        let record = JobRecord(
            entry: ManifestEntry(manifest: "é", line: 1, input: nil, firstSeen: Timestamp(milliseconds: 0)), jobID: nil,
            outcome: .invalid(JobFailure(.invalidJSON, at: .manifest, "None.")))
        let whole = RecordEncoding.line(for: record, finishedAt: Timestamp(milliseconds: 0), words: { "\($0)" })
            .dropLast()
        let torn = whole.prefix(1 + tear % (whole.count - 1))
        let before = file.last == UInt8(ascii: "\n") || file.isEmpty ? file : file + [UInt8(ascii: "\n")]
        try require(
            repair(of: before + torn) == .cut(at: before.count), "\(torn.count) bytes of a record are not cut off")
    }

    /// How a file is to be put in order; it must be one that can be.
    private static func repair(of file: [UInt8]) throws(Violation) -> Journal.Repair {
        // A journal is read from its start to its end and no further, so a pipe serves; it holds 64 KiB.
        try require(file.count < 64 << 10, "an input too long for a pipe")
        var ends: [CInt] = [-1, -1]
        try require(pipe(&ends) == 0, "there is no pipe")
        do {
            try Descriptor(owning: ends[1]).writeAll(file.span.bytes)
            return try Journal(Descriptor(owning: ends[0])).repair
        } catch {
            throw Violation("a sound journal is refused: \(error)")
        }
    }

    private static func isBlank(_ bytes: some Sequence<UInt8>) -> Bool {
        bytes.allSatisfy { " \t\r".utf8.contains($0) }
    }
}
