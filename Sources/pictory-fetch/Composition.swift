import ArgumentParser
import FetchCore
import Glibc
import HTTPTransport
import Logging
import PictoryAPI
import RunFiles

/// Puts the parts together: the one place that names every concrete type.
enum Composition {
    /// Runs the command to its exit status; what people have to know is on standard error by then.
    static func run(_ options: RunOptions) async -> ExitStatus {
        await concluding { output in
            if options.manifests.isEmpty, isatty(STDIN_FILENO) == 1 {
                output.say(PictoryFetch.helpMessage(for: RunCommand.self))
                return .usage
            }
            return try await start(options, output: output)
        }
    }

    /// Turns whatever stops a command into a sentence on standard error and an exit status.
    static func concluding(_ command: (StandardError) async throws -> ExitStatus) async -> ExitStatus {
        // A reader that goes away, or a file that grows beyond ulimit -f, is an error of the write and not the end of
        // the program.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        let output = StandardError()
        do {
            return try await command(output)
        } catch let fault as StartFault {
            output.say("pictory-fetch: \(fault.message)")
            return fault.status
        } catch let fault as ConfigurationFault {
            output.say("pictory-fetch: \(fault.message)")
            return .configuration
        } catch RunFailure.resultsClosed {
            // A reader that went away has seen what it wanted.
            return .signal(SIGPIPE)
        } catch RunFailure.resultsNotWritten(let reason) {
            output.say("pictory-fetch: \(reason)")
            return .outputLost
        } catch {
            output.say("pictory-fetch: \(error)")
            return .configuration
        }
    }

    /// Everything that can refuse to start does so here, before the first request: what single flags say (64) has been
    /// checked, then come the settings together (64, 78), manifests (66), the rest of the configuration (78) and
    /// outputs (73), the results file last, for --force empties it.
    private static func start(_ options: RunOptions, output: StandardError) async throws -> ExitStatus {
        let settings = try EffectiveSettings(options, environment: environment())
        let manifest = try refusing(.manifestUnreadable) {
            try ManifestFiles.open(RunConfiguration.manifests(of: options))
        }
        let configuration = try RunConfiguration(settings)
        return try await HTTPTransport.withTransport(configuration.transport) { transport in
            let durability: RunFiles.Durability = configuration.durable ? .full : .none
            let store = try refusing(.outputRefused) {
                try ImageDirectory.open(configuration.outputDirectory, durability: durability)
            }
            let (lines, results) = try refusing(.outputRefused) {
                try openResults(configuration, reading: manifest, images: store, durability: durability)
            }
            let clock = SystemClock()
            let signals = await ProcessSignals()
            let watcher = RunWatcher(
                output: output, log: logger(for: configuration.reporting, output: output), clock: clock,
                mode: configuration.reporting.progress, quiet: configuration.reporting.quiet)
            let ports = RunPorts(
                manifest: lines,
                api: PictoryClient(get: { path throws(JobFailure) in try await transport.get(path) }),
                images: transport, store: store,
                results: results, clock: clock, random: { Double.random(in: 0..<1) },
                signal: signals.next, manifestExecutor: BlockingExecutor(label: "manifest"),
                resultsExecutor: BlockingExecutor(label: "results"), observe: watcher.notice)
            let report = await Runner(ports: ports, policy: configuration.policy).run()
            watcher.end()
            return conclude(report, configuration.reporting, output: output)
        }
    }

    /// The results, and the manifest as the records of earlier runs leave it.
    private static func openResults(
        _ configuration: RunConfiguration, reading manifest: ManifestFiles, images: ImageDirectory,
        durability: RunFiles.Durability
    ) throws(OutputFault) -> (lines: any ManifestSource, results: ResultFile) {
        switch configuration.existingResults {
        case .resumed:
            let (results, journal) = try ResultFile.resume(
                configuration.results, manifests: configuration.manifests, durability: durability)
            let rest = ResumedManifest(manifest, after: journal) { id in images.imageBytes(of: id) }
            return (rest, results)
        case .refused, .replaced:
            let results = try ResultFile.open(
                configuration.results, replacing: configuration.existingResults == .replaced,
                manifests: configuration.manifests, durability: durability)
            return (manifest, results)
        }
    }

    /// Says how the run went, where it has to be said, and gives its exit status.
    private static func conclude(
        _ report: RunReport, _ reporting: RunConfiguration.Reporting, output: StandardError
    ) -> ExitStatus {
        let status = ExitStatus(of: report)
        // A reader that went away has seen what it wanted; a run under cron that went well has nothing to say.
        let isQuietEnd = report.failure == .resultsClosed
        if !isQuietEnd, !reporting.quiet, status != .success || output.isTerminal || reporting.verbose {
            output.say(Report.summary(of: report))
        }
        return status
    }

    private static func logger(for reporting: RunConfiguration.Reporting, output: StandardError) -> Logger {
        let level: Logger.Level = reporting.verbose ? .debug : .error
        return Logger(label: "pictory-fetch") { _ in PlainLogHandler(output: output, level: level) }
    }

    /// Turns any refusal of a part into the program's end with the given status.
    private static func refusing<Part>(_ status: ExitStatus, _ make: () throws -> Part) throws(StartFault) -> Part {
        do {
            return try make()
        } catch {
            throw StartFault(status: status, message: "\(error)")
        }
    }

    static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let mark = text.firstIndex(of: "=") {
                variables[String(text[..<mark])] = String(text[text.index(after: mark)...])
            }
            next += 1
        }
        return variables
    }
}
