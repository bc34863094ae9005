import FetchCore
import JSONBridge
import Records

/// What a result record of an earlier run says of its line's history.
struct EarlierRecord: Sendable {
    /// When a run first read the job; nil if it does not say, or not in our form.
    let firstSeen: Timestamp?
    /// Where the line's JSON stands within the record; nil if it had none.
    let input: Range<Int>?
    /// The name of the field with the job id; nil if the line had none.
    let jobIDName: String?
    /// The record, or the API's reply that was its line, shows that the API has known the job.
    let isKnownToAPI: Bool
    private let runs: Int

    /// The fields that are read from a record, and may stand there only once.
    static let fields = [
        Field.version, Field.jobID, Field.status, Field.firstSeen, Field.finishedAt, Field.runs, Field.input,
    ]

    private enum Field {
        static let version = "v"
        static let jobID = "job_id"
        static let status = "status"
        static let firstSeen = "first_seen"
        static let finishedAt = "finished_at"
        static let runs = "runs"
        static let input = "input"
        /// Not among ``EarlierRecord/fields``: of a repeated one the last counts.
        static let error = "error"
    }

    /// Reads a record; nil if the document is none.
    ///
    /// A user's own object may have some of these fields. It has all of them, and of the right kinds, only if it is
    /// one of ours.
    init?(_ document: JSONDocument) {
        let root = document.root
        guard let jobID = root[Field.jobID], root[Field.version]?.number?.int == 1,
            let status = root[Field.status]?.string.flatMap(RecordStatus.init(rawValue:)),
            let runs = root[Field.runs]?.number?.int, root[Field.finishedAt]?.string != nil
        else { return nil }
        self.runs = runs
        firstSeen = root[Field.firstSeen]?.string.flatMap(Timestamp.init(rfc3339:))
        input = document.range(ofMember: Field.input)
        jobIDName = jobID.isNull ? nil : Field.jobID
        let error = root[Field.error]
        isKnownToAPI =
            status.showsKnownJob(
                stage: error?["stage"]?.string.flatMap(JobFailure.Stage.init(rawValue:)),
                code: error?["code"]?.string.flatMap(FailureCode.init(rawValue:)))
            || JobReply.showsKnownJob(root[Field.input])
    }

    /// The number of runs, this one included; a number that no record of ours has is taken for the nearest that one has.
    var runsWithThisOne: Int {
        min(max(runs, 0), .max - 1) + 1
    }
}
