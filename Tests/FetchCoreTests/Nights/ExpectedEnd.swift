@testable import FetchCore

/// The run's end, worked out from the contract, the records and what the world did to the run.
extension PlayedRun {
    /// The first that applies of: a stop from outside, lost output, an unreadable manifest, a rejected key, jobs left, jobs
    /// failed, complete.
    ///
    /// There are two answers when the manifest's end and the deadline come together: a run that stopped reading cannot
    /// tell whether it has read all.
    func expectedEnds(of report: RunReport) -> [RunEnd] {
        if report.failure == .resultsClosed { return [.readerGone] }
        if case .signal(let number) = report.stop { return [.stopped(signal: number)] }
        if facts.lostRecords || facts.appended.contains(where: { $0.outcome.failure?.stopsRun == true }) {
            return [.outputLost]
        }
        if facts.isUnreadable { return [.manifestUnreadable] }
        if isKeyRejected(report) { return [.keyRejected] }
        // A line that was never read is a job that a rerun helps.
        guard facts.gaveEnd else { return [.jobsLeft] }
        return facts.knewTheEnd ? [endOfRecords] : [endOfRecords, .jobsLeft]
    }

    /// The end by the records that count, for all lines.
    private var endOfRecords: RunEnd {
        let after = JournalView(of: facts.disk)
        let records = plan.lines.map { after.record(of: $0) }
        if records.contains(where: { $0?.advice == .rerun }) { return .jobsLeft }
        return records.allSatisfy { [.downloaded, .duplicate].contains($0?.outcome.status) } ? .complete : .jobsFailed
    }

    /// A 401 rejects the key; so do several 403 in a row, which the run counts itself.
    private func isKeyRejected(_ report: RunReport) -> Bool {
        if case .credentials = report.stop { return true }
        return facts.appended.contains { $0.outcome.failure?.code == .unauthorized }
    }
}
