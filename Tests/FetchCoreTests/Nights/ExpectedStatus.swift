@testable import FetchCore

/// The exit status, worked out from the contract, the records and what the world did to the run.
extension PlayedRun {
    /// Of 128 + n, 74, 66, 77, 75, 1 and 0 the first that applies.
    ///
    /// There are two answers when the manifest's end and the deadline come together: a run that stopped reading cannot
    /// tell whether it has read all.
    func expectedStatuses(of report: RunReport) -> Set<Int32> {
        if report.failure == .resultsClosed { return [141] }
        if case .signal(let number) = report.stop { return [128 + number] }
        if facts.lostRecords || facts.appended.contains(where: { $0.outcome.failure?.stopsRun == true }) { return [74] }
        if facts.isUnreadable { return [66] }
        if isKeyRejected(report) { return [77] }
        // A line that was never read is a job that a rerun helps.
        guard facts.gaveEnd else { return [75] }
        return facts.knewTheEnd ? [statusOfRecords] : [statusOfRecords, 75]
    }

    /// The status by the records that count, for all lines.
    private var statusOfRecords: Int32 {
        let after = JournalView(of: facts.disk)
        let records = plan.lines.map { after.record(of: $0) }
        if records.contains(where: { $0?.advice == .rerun }) { return 75 }
        return records.allSatisfy { [.downloaded, .duplicate].contains($0?.outcome.status) } ? 0 : 1
    }

    /// A 401 rejects the key; so do several 403 in a row, which the run counts itself.
    private func isKeyRejected(_ report: RunReport) -> Bool {
        if case .credentials = report.stop { return true }
        return facts.appended.contains { $0.outcome.failure?.code == .unauthorized }
    }
}
