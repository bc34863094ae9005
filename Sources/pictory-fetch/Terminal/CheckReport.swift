import FetchCore
import Files
import JSONBridge
import Logging
import Records

/// What `check` says on standard error: everything, or nothing at all.
struct CheckReport {
    private let output: StandardError
    private let isQuiet: Bool

    init(_ output: StandardError, isQuiet: Bool) {
        self.output = output
        self.isQuiet = isQuiet
    }

    /// Says why the run would not start.
    func tell(_ refusal: StartError) {
        guard !isQuiet else { return }
        Composition.refuse(refusal, output)
    }

    func tell(_ level: Logger.Level, _ message: String, _ fields: [LogField] = []) {
        guard !isQuiet else { return }
        output.tell(level, message, fields)
    }

    /// Says what the lines are, and whether too many are invalid.
    func tell(_ lines: ManifestCheck, _ tolerance: Tolerance) {
        let isAllowed = lines.isAllowed(by: tolerance)
        tell(
            .info, Self.counts(of: lines),
            [
                ("lines", .integer(lines.lines)), ("jobs", .integer(lines.jobs)), ("settled", .integer(lines.settled)),
                ("invalid", .integer(lines.recordedInvalid)), ("duplicate", .integer(lines.recordedDuplicate)),
            ])
        if !isAllowed {
            let earlier = lines.settled(as: .invalid)
            let known = earlier > 0 ? " (\(Quantity.count(earlier)) known from earlier runs)" : ""
            let more = tolerance == .none ? "" : ", more than --tolerate allows"
            tell(
                .error,
                "of \(Quantity.counted(lines.lines, "line")) \(Quantity.count(lines.allInvalid)) "
                    + "\(lines.allInvalid == 1 ? "is" : "are") invalid\(known)\(more)")
        }
    }

    /// `12 jobs, 3 settled (2 downloaded, 1 invalid), 0 invalid, 1 duplicate`.
    static func counts(of lines: ManifestCheck) -> String {
        let settled = lines.settled > 0 ? " (\(RunText.list(lines.settled(as:))))" : ""
        return "\(Quantity.counted(lines.jobs, "job")), \(Quantity.count(lines.settled)) settled\(settled), "
            + "\(Quantity.count(lines.recordedInvalid)) invalid, \(Quantity.count(lines.recordedDuplicate)) duplicate"
    }

    /// Warns of what the template of the images' names makes of the lines. It is no refusal: a job may yet fail.
    func tellNames(of lines: ManifestCheck) {
        tell(lines.withTakenName, "names_taken", "--name gives no name of their own to")
        tell(lines.withoutValue, "names_without_value", "--name finds no value for a placeholder, and puts _, for")
    }

    private func tell(_ jobs: ManifestCheck.NamedJobs, _ field: String, _ fault: String) {
        guard let first = jobs.first else { return }
        let other = first.otherJob.map { ", which job \($0) has or wants" } ?? ""
        tell(
            .warning,
            "\(fault) \(Quantity.counted(jobs.count, "job")); the first is that of line \(first.line) of "
                + "\(first.manifest), \(first.name.shown)\(other)",
            [(field, .integer(jobs.count))])
    }

    /// Warns if the images may not fit on the file system of the output directory. It is no refusal: images vary.
    func tellRoom(for jobs: Int, meanBytes: Int?, _ configuration: RunConfiguration) {
        let mean = Int64(clamping: meanBytes ?? Self.usualImageBytes)
        let (product, overflow) = mean.multipliedReportingOverflow(by: Int64(clamping: jobs))
        let needed = overflow ? Int64.max : product
        // What the system does not tell is no reason to warn.
        guard let free = FreeSpace.bytes(at: configuration.outputDirectory), free < needed else { return }
        tell(
            .warning,
            "the output directory \(configuration.outputDirectory) has \(Quantity.bytes(free)) of free space, and "
                + "\(Quantity.counted(jobs, "image")) of \(Quantity.bytes(mean)) may take \(Quantity.bytes(needed))",
            [("free_bytes", .integer(Int(free))), ("needed_bytes", .integer(Int(needed)))])
    }

    /// The size of an image where no earlier one tells.
    private static let usualImageBytes = 2_000_000
}
