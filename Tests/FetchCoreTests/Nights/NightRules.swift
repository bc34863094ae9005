@testable import FetchCore

/// What must hold after every run, whatever the weather was; a broken rule is a sentence.
extension PlayedRun {
    func brokenRules(exceptFor damaged: Set<String>) -> [String] {
        facts.broken + endsProperly + recordsEveryLineOnce + neverDownloadsTwice + keepsItsRecords(on: disk)
            + Self.check(disk, exceptFor: damaged) + leavesNoStrayFiles + endsAsItShould + condemnsNobody
            + givesUpNoOriginTooSoon
    }

    private var endsProperly: [String] {
        guard ending == .quiet else { return ["the run takes steps without end"] }
        return report == nil ? ["the run stands still"] : []
    }

    /// O1: a line that was read and is not settled has one record of this run, and the others have none.
    private var recordsEveryLineOnce: [String] {
        guard let report, !hasCrashed else { return [] }
        var written: [String: Int] = [:]
        for record in facts.appended { written[record.place, default: 0] += 1 }
        return plan.lines.enumerated().flatMap { index, line -> [String] in
            let count = written[line.place, default: 0]
            let isDue = index < facts.linesRead && !before.isSettled(line)
            if count > (isDue ? 1 : 0) { return ["O1: line \(line.place) has \(count) new records"] }
            if isDue, count == 0, report.failure == nil { return ["O1: line \(line.place) has no record"] }
            return []
        }
    }

    /// O1: a record that was called written is there, also after a crash or a loss of power.
    func keepsItsRecords(on disk: SimulatedDisk) -> [String] {
        let lost = before.records.count + facts.recordsTold - disk.lines.count
        return lost > 0 ? ["O1: \(lost) records are lost"] : []
    }

    /// O1, O7: an image that is there was recorded once, over all runs.
    private var neverDownloadsTwice: [String] {
        let fetched = facts.appended.filter { $0.outcome.status == .downloaded }.compactMap { $0.jobID?.sampleNumber }
        var seen = before.settledJobs
        return fetched.filter { !seen.insert($0).inserted }.map { "O1: job \($0) is downloaded twice" }
    }

    /// O2 and O3: what a record speaks of is there and whole, and every final name holds the whole of its own image;
    /// except for images that people have damaged.
    static func check(_ disk: SimulatedDisk, exceptFor damaged: Set<String>) -> [String] {
        var broken: [String] = []
        for name in disk.names.keys.sorted() where !name.hasPrefix(NightPart.prefix) && !damaged.contains(name) {
            let owner = disk.content(of: name).flatMap(NightImage.owner)
            if owner.map({ "\(JobID.sample($0)).png" }) != name {
                broken.append("O3: \(name) holds no whole image of its own")
            }
        }
        let last = disk.lines.map(\.record).reduce(into: [String: JobRecord]()) { $0[$1.place] = $1 }
        for place in last.keys.sorted() {
            guard let record = last[place], case .downloaded(let image, _) = record.outcome, let id = record.jobID,
                !damaged.contains("\(id).png")
            else { continue }
            let content = disk.content(of: "\(id).png")
            if content?.count != image.bytes || content.map(NightImage.digest) != image.sha256 {
                broken.append("O2: the image recorded for \(place) is not there as recorded")
            }
        }
        return broken
    }

    /// O3: a run that came to its end leaves no temporary file behind.
    private var leavesNoStrayFiles: [String] {
        guard !hasCrashed else { return [] }
        return disk.names.keys.sorted().filter { $0.hasPrefix(NightPart.prefix) }.map { "O3: \($0) is left behind" }
    }

    /// What is remembered for ever, and may be paid for again, is said only of jobs that the API will never give.
    ///
    private var condemnsNobody: [String] {
        facts.appended.compactMap { record in
            guard record.outcome.status != .duplicate, [.resubmit, .nothing].contains(record.advice),
                let job = record.jobID?.sampleNumber
            else { return nil }
            switch plan.fates[job] {
            case .dead: return nil
            case .unspoken:
                return facts.notFounds.condemn(job) ? nil : "job \(job) is condemned without a reason"
            case .ready, .neverReady, nil:
                return lostBeyondSight.contains(job)
                    ? nil : "job \(job) is condemned, and the API would still give it"
            }
        }
    }

    /// Jobs that several bursts of foreign 404s have met three times in a row, while others were told of in between.
    ///
    /// Nobody who asks can see that. All that the contract asks for has to speak against them.
    var lostBeyondSight: Set<Int> {
        guard weather.foreignNotFound.count > 1 else { return [] }
        let unknown = facts.appended.filter { $0.outcome.failure?.code == .jobNotFound }
        return Set(unknown.compactMap { $0.jobID?.sampleNumber }.filter(facts.notFounds.condemn))
    }

    /// A refusal is no end of a job unless everything was refused for the longest wait, or a time beyond it was named.
    private var givesUpNoOriginTooSoon: [String] {
        facts.appended.filter { $0.outcome.failure?.httpStatus == 429 && $0.outcome.status == .failed }.compactMap {
            let refusals = $0.outcome.failure?.stage == .poll ? facts.apiRefusals : facts.imageRefusals
            return refusals.areEnough(for: policy.maxWait) ? nil : "job \($0.place) fell to a refusal too soon"
        }
    }

    /// O5
    private var endsAsItShould: [String] {
        guard let report, !hasCrashed else { return [] }
        let end = RunEnd(of: report)
        let expected = expectedEnds(of: report)
        return expected.contains(end) ? [] : ["O5: the end is \(end) and not \(expected)"]
    }

    /// O7, for a calm run: everything has come to the end that the API has for it.
    func finishesTheRest(exceptFor lost: Set<Int>) -> [String] {
        let after = JournalView(of: disk)
        return plan.lines.compactMap { line in
            let record = after.record(of: line)
            if case .job(let job, _) = line.content, lost.contains(job) { return nil }
            let isRight =
                switch line.content {
                case .job(_, .ready): record?.outcome.status == .downloaded
                case .job(_, .neverReady): record?.outcome.failure?.code == .stillInProgress
                case .job(_, .unspoken):
                    [.jobNotFound, .httpError].contains(record?.outcome.failure?.code)
                case .job(_, .dead(let code)): record?.outcome.failure?.code == code
                case .duplicate: record?.outcome.status == .duplicate
                case .invalid: record?.outcome.status == .invalid
                }
            return isRight ? nil : "O7: line \(line.place) has not come to its end"
        }
    }

    /// O7, for a calm run after another: nothing is downloaded any more.
    var downloadsNothing: [String] {
        facts.downloads.map { "O7: job \($0) is downloaded again" }
    }
}
