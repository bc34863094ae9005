import FetchCore
import Files
import Glibc
import HTTPTransport
import Logging
import PictoryAPI
import Records

extension Composition {
    /// Looks at everything that a run would look at before its first request, and tells all that it would refuse.
    static func check(_ options: RunOptions, online: Bool) async -> ExitStatus {
        await concluding { output in
            output.format = options.reporting.logFormat ?? .text
            if tellsUsage(of: CheckCommand.self, to: output, options) { return .usage }
            let environment = try Invocation.environment()
            let wrong = EffectiveSettings.errors(options, environment: environment)
            guard wrong.isEmpty else { return try refuse(wrong, options, output) }
            let settings = try EffectiveSettings(options, environment: environment)
            output.format = try settings(Settings.logFormat)
            let start = try StartCheck(settings)
            let report = CheckReport(output, isQuiet: start.configuration.reporting.quiet)
            var refusals = start.refusals
            refusals.forEach(report.tell)
            let lines = try readLines(of: start)
            // What cannot be read to its end ends a run when it is over.
            let torn = (start.lines?.unreadable ?? []).map { StartError(status: .manifestUnreadable, message: $0) }
            torn.forEach(report.tell)
            refusals += torn
            report.tell(lines, start.configuration.tolerance)
            report.tellNames(of: lines)
            report.tellRoom(for: lines.jobs, meanBytes: start.journal?.meanImageBytes, start.configuration)
            if online, let refusal = try await ask(lines.probe, start, report) {
                report.tell(refusal)
                refusals.append(refusal)
            }
            if let first = refusals.first { return first.status }
            return lines.isAllowed(by: start.configuration.tolerance) ? .success : .failures
        }
    }

    /// Says what is wrong with the settings, and which manifests cannot be read; what else holds follows from settings.
    private static func refuse(
        _ wrong: [StartError], _ options: RunOptions, _ output: StandardError
    ) throws(StartError) -> ExitStatus {
        // A wrong flag is told alone.
        guard let first = wrong.first, first.status != .usage else { throw wrong[0] }
        let report = CheckReport(output, isQuiet: options.reporting.quiet ?? false)
        wrong.forEach(report.tell)
        StartCheck.refusals(of: RunConfiguration.manifests(of: options)).forEach(report.tell)
        return first.status
    }

    /// Reads every line, and writes the records that the run would write for those that are no job of their own.
    private static func readLines(of start: StartCheck) throws -> ManifestCheck {
        var check = ManifestCheck(names: start.claims)
        guard let lines = start.lines else { return check }
        let shard = start.configuration.shard
        while true {
            let batch = lines.read(upTo: RunPolicy.readLimit)
            var records: [UInt8] = []
            for item in batch.items {
                guard let record = check.take(item), start.takesRecords else { continue }
                records += RecordEncoding.line(for: record, finishedAt: .now, shard: shard, words: \.sentence)
            }
            if !records.isEmpty { try StandardOutputLines().write(records) }
            if batch.ended { return check }
        }
    }

    /// Polls the job once, over the run's own transport, and says what came of that; returns what is wrong.
    private static func ask(
        _ id: JobID?, _ start: StartCheck, _ report: CheckReport
    ) async throws -> StartError? {
        guard start.canAsk else {
            report.tell(.error, "The API is not asked, for the configuration is refused.")
            return nil
        }
        guard let id else {
            report.tell(.error, "The API is not asked, for no line names a job.")
            return nil
        }
        let answer = try await HTTPTransport.withTransport(start.configuration.transport) { transport in
            let api = PictoryClient(over: transport)
            return await withTaskExecutorPreference(transport.executors.first) {
                do throws(JobFailure) {
                    return APIAnswer(.success(try await api.status(of: id)))
                } catch {
                    return APIAnswer(.failure(error))
                }
            }
        }
        switch answer {
        case .state:
            report.tell(.info, "The API has told the state of the job \(id): the way there is good.")
        case .noSuchJob:
            report.tell(.info, "The API knows no job \(id), and says so in its own words: the way there is good.")
        case .keyRejected(let failure): return refusal(.keyRejected, failure, id)
        case .misdirected(let failure): return refusal(.configuration, failure, id)
        case .unavailable(let failure): return refusal(.rerun, failure, id)
        }
        return nil
    }

    private static func refusal(_ status: ExitStatus, _ failure: JobFailure, _ id: JobID) -> StartError {
        StartError(status: status, message: "asked about the job \(id): \(failure.message)")
    }
}
