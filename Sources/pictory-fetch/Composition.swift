import ArgumentParser
import FetchCore
import Files
import Glibc
import HTTPTransport
import Images
import JSONBridge
import Logging
import Manifests
import PictoryAPI
import Records

/// Puts the parts together: the one place that names every concrete type.
enum Composition {
    /// Runs the command to its exit status; what people have to know is on standard error by then.
    static func run(_ options: RunOptions) async -> ExitStatus {
        await concluding { output in
            output.format = options.reporting.logFormat ?? .text
            if tellsUsage(of: RunCommand.self, to: output, options) { return .usage }
            return try await start(options, output: output)
        }
    }

    /// Says how the command is used where no manifest was named and a terminal is standard input.
    static func tellsUsage(
        of command: any ParsableCommand.Type, to output: StandardError, _ options: RunOptions
    ) -> Bool {
        guard options.manifests.isEmpty, isatty(STDIN_FILENO) == 1 else { return false }
        output.say(PictoryFetch.helpMessage(for: command))
        return true
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
        } catch let error as StartError {
            return refuse(error, output)
        } catch let error as ConfigurationError {
            return refuse(StartError(error), output)
        } catch RunFailure.resultsClosed {
            // A reader that went away has seen what it wanted.
            return .signal(SIGPIPE)
        } catch RunFailure.resultsNotWritten(let reason) {
            return refuse(StartError(status: .outputLost, message: reason), output)
        } catch {
            return refuse(StartError(status: .configuration, message: "\(error)"), output)
        }
    }

    /// Says why the run does not start.
    @discardableResult
    static func refuse(_ error: StartError, _ output: StandardError) -> ExitStatus {
        output.tell(.error, error.message, [("exit_status", .integer(Int(error.status.code)))])
        return error.status
    }

    /// Everything that can refuse to start does so here, before the first request: what single flags say (64) has been
    /// checked, then come the settings together (64, 78), manifests (66), the rest of the configuration (78), the lock
    /// (75), before anything is touched that another run may use, and outputs (73), the results file last, for --force
    /// empties it. ``StartCheck`` looks at all of it in this order.
    private static func start(_ options: RunOptions, output: StandardError) async throws -> ExitStatus {
        let settings = try EffectiveSettings(options, environment: Invocation.environment())
        output.format = try settings(Settings.logFormat)
        let (shard, names) = (try settings(Settings.shard), try RunConfiguration.names(settings))
        let manifest = try refusing(.manifestUnreadable) {
            try ManifestFiles.open(RunConfiguration.manifests(of: options), shard: shard, names: names)
        }
        let configuration = try RunConfiguration(settings, key: APIKey.find(settings))
        return try await HTTPTransport.withTransport(configuration.transport) { transport in
            let durability: Files.Durability = configuration.durable ? .full : .none
            try refusing(.outputRefused) { try OutputPlaces(configuration).check(manifests: configuration.manifests) }
            let lock = try takeLock(configuration.lock)
            defer { withExtendedLifetime(lock) {} }
            let files = try refusing(.outputRefused) {
                try AccountFiles.prepare(
                    summary: configuration.summary, metrics: configuration.metrics, durability: durability)
            }
            let store = try refusing(.outputRefused) {
                try ImageDirectory.open(
                    configuration.outputDirectory, durability: durability, syncsAtOnce: configuration.syncsAtOnce,
                    unsyncedFolders: configuration.unsyncedFolders,
                    reserved: configuration.filesOfTheRun)
            }
            // A long journal is read beside it, for either takes seconds where there are a million images.
            async let tidied: Void = store.removeAbandonedParts()
            let (lines, results, claims) = try refusing(.outputRefused) {
                try openResults(configuration, reading: manifest, images: store, durability: durability)
            }
            await tidied
            let startedAt = Timestamp.now
            let clock = SystemClock()
            let signals = await ProcessSignals(leave: output.clearAtOnce)
            let images = MeteredImages(transport.images)
            let recordsOnTerminal = configuration.results == "-" && isatty(STDOUT_FILENO) == 1
            let watcher = RunWatcher(
                output: output, log: logger(for: configuration.reporting, output: output), clock: clock,
                style: RunWatcher.Style(
                    configuration.reporting.progress, on: output, isQuiet: configuration.reporting.quiet,
                    recordsOnTerminal: recordsOnTerminal),
                maxDownloadRate: configuration.transport.maxDownloadRate, receivedBytes: { images.bytes })
            let ports = RunPorts(
                manifest: configuration.believing(lines),
                api: PictoryClient(over: transport),
                images: images, store: store,
                results: results, clock: clock, random: { Double.random(in: 0..<1) },
                signal: signals.next, requestExecutors: transport.executors,
                manifestExecutor: BlockingExecutor(label: "manifest"),
                // What waits for nothing takes less time than the way to another thread and back.
                resultsExecutor: configuration.durable || results.mayWait
                    ? BlockingExecutor(label: "results") : transport.executors.first,
                observe: watcher.notice)
            let report = await watcher.accompany {
                await withTaskExecutorPreference(transport.executors.first) {
                    await Runner(ports: ports, policy: configuration.policy, names: claims).run()
                }
            }
            var account = RunAccount(
                of: report, tolerating: configuration.tolerance, manifests: configuration.manifests,
                results: configuration.results, version: PictoryFetch.version, startedAt: startedAt, finishedAt: .now,
                exitStatus: { ExitStatus($0).code })
            let loss = results.loss
            if loss != nil {
                account.end = account.end.losingOutput
            }
            return conclude(
                account, losing: loss, Continuation(configuration), files, isQuiet: configuration.reporting.quiet,
                tellsSuccess: output.isTerminal || configuration.reporting.verbose, output: output)
        }
    }

    /// The lock, if one was asked for; it ends with the last reference to it.
    private static func takeLock(_ path: String?) throws(StartError) -> RunLock? {
        do {
            return try path.map { path throws(RunLockError) in try RunLock.take(path) }
        } catch {
            throw StartError(error)
        }
    }

    /// The results, the manifest as the records of earlier runs leave it, and who has which image name where two jobs may
    /// want the same.
    private static func openResults(
        _ configuration: RunConfiguration, reading manifest: ManifestFiles, images: ImageDirectory,
        durability: Files.Durability
    ) throws(OutputError) -> (lines: any ManifestSource, results: ResultFile, claims: NameClaims?) {
        switch configuration.existingResults {
        case .resumed:
            let (results, journal) = try ResultFile.resume(
                configuration.results, manifests: configuration.manifests, durability: durability,
                shard: configuration.shard, keepingNames: configuration.mayShareNames, words: \.sentence)
            let rest = ResumedManifest(manifest, after: journal) { id, name in images.imageBytes(of: id, named: name) }
            return (rest, results, journal.names.map(NameClaims.init))
        case .refused, .replaced:
            let results = try ResultFile.open(
                configuration.results, replacing: configuration.existingResults == .replaced,
                manifests: configuration.manifests, durability: durability, shard: configuration.shard,
                words: \.sentence)
            return (manifest, results, configuration.mayShareNames ? NameClaims() : nil)
        }
    }

    /// Writes the files that tell of the run, says how it went, where that has to be said, and gives its exit status.
    ///
    /// `loss` tells why the results are lost, if they are.
    static func conclude(
        _ account: RunAccount, losing loss: String? = nil, _ continuation: Continuation, _ files: AccountFiles,
        isQuiet: Bool, tellsSuccess: Bool, output: StandardError
    ) -> ExitStatus {
        let (end, errors) = files.write(account)
        let status = ExitStatus(end)
        if !isQuiet {
            ([loss].compactMap(\.self) + errors).forEach { output.tell(.error, $0) }
        }
        // A reader that went away has seen what it wanted; a run under cron that went well has nothing to say.
        let isQuietEnd = account.report.failure == .resultsClosed
        if !isQuietEnd, !isQuiet, status != .success || tellsSuccess {
            tell(account, continuation, endingWith: end, output)
        }
        return status
    }

    /// The summary: some lines for a person, or one line with what the summary file holds.
    private static func tell(
        _ account: RunAccount, _ continuation: Continuation, endingWith end: RunEnd, _ output: StandardError
    ) {
        switch output.format {
        case .text: output.say(RunText.summary(of: account.report, continuation: continuation))
        case .json:
            var account = account
            account.end = end
            output.tell(
                end == .complete ? .info : .error, "The run is over: exit status \(account.exitStatus).",
                [("summary", SummaryEncoding.object(for: account))])
        }
    }

    private static func logger(for reporting: RunConfiguration.Reporting, output: StandardError) -> Logger {
        let level: Logger.Level = reporting.verbose ? .debug : .error
        return Logger(label: "pictory-fetch") { _ in StandardErrorLogHandler(output: output, level: level) }
    }

    /// Turns any refusal of a part into the program's end with the given status.
    static func refusing<Part: ~Copyable>(
        _ status: ExitStatus, _ make: () throws -> Part
    ) throws(StartError) -> Part {
        do {
            return try make()
        } catch {
            throw StartError(status: status, message: "\(error)")
        }
    }
}

extension RunConfiguration {
    /// The manifest whose lines are believed as far as the run believes them.
    func believing(_ lines: any ManifestSource) -> any ManifestSource {
        trustsReplies ? TrustedManifest(lines) { PictoryClient.reply(on: $0, for: $1) } : lines
    }
}

extension PictoryClient {
    init(over transport: HTTPTransport) {
        self.init(get: { path throws(JobFailure) in try await transport.api.get(path) })
    }
}
