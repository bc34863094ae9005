import FetchCore
import Files
import HTTPTransport
import Manifests
import Records

/// A run's settings as its parts need them, validated.
struct RunConfiguration {
    let manifests: [String]
    let outputDirectory: String
    /// What the images are called; nil for the jobs' own names.
    let names: NameTemplate?
    let results: String
    let existingResults: ExistingResults
    let shard: Shard?
    /// A line that is a finished job's reply is believed.
    let trustsReplies: Bool
    let tolerance: Tolerance
    let durable: Bool
    /// How many images may be synced at a time.
    let syncsAtOnce: Int
    /// How many directories of images may be open until they are synced.
    let unsyncedFolders: Int
    let lock: String?
    let summary: String?
    let metrics: String?
    let policy: RunPolicy
    let transport: TransportConfiguration
    let reporting: Reporting

    /// What becomes of a results file that exists.
    enum ExistingResults {
        case refused, resumed, replaced
    }

    /// What is said on standard error.
    struct Reporting {
        let quiet: Bool
        let verbose: Bool
        let progress: RunOptions.ProgressMode
        let logFormat: LogFormat
    }

    /// The configuration of a run with this key, on a system with these limits. Without a key nothing can be asked of
    /// the API.
    init(
        _ settings: EffectiveSettings, key: APIKey?, limits: SystemLimits = .atStart
    ) throws(StartError) {
        manifests = Self.manifests(of: settings.typed)
        outputDirectory = try settings(Settings.outputDir)
        names = try Self.names(settings)
        results = try settings(Settings.results)
        existingResults = try settings(Settings.resume) ? .resumed : settings(Settings.force) ? .replaced : .refused
        shard = try settings(Settings.shard)
        trustsReplies = try settings(Settings.trustReplies)
        tolerance = try settings(Settings.tolerate).tolerance
        durable = try settings(Settings.durability) == .full
        reporting = Reporting(
            quiet: try settings(Settings.quiet), verbose: try settings(Settings.verbose),
            progress: try settings(Settings.progress), logFormat: try settings(Settings.logFormat))
        lock = try settings(Settings.lock)
        summary = try settings(Settings.summary)
        metrics = try settings(Settings.metrics)
        let threads = try limits.threadPlan()
        syncsAtOnce = threads.syncsAtOnce
        unsyncedFolders = limits.openFiles.unsyncedFolders
        policy = try limits.openFiles.fit(
            Self.policy(of: settings), eventLoops: threads.eventLoops, folders: names != nil)
        transport = TransportConfiguration(
            apiURL: try settings(Settings.apiURL),
            apiKey: key?.text ?? "",
            userAgent: "pictory-fetch/\(PictoryFetch.version)",
            connectTimeout: try settings(Settings.connectTimeout).duration,
            requestTimeout: try settings(Settings.requestTimeout).duration,
            stallTimeout: try settings(Settings.stallTimeout).duration,
            maxImageBytes: try settings(Settings.maxImageSize).bytes,
            maxDownloadRate: try settings(Settings.limitRate)?.bytes,
            caFile: try settings(Settings.caFile),
            allowHTTP: try settings(Settings.allowHTTP),
            allowedHosts: try settings(Settings.allowHost),
            proxies: ProxySettings(environment: settings.environment),
            http2: try settings(Settings.http1Only) ? .nowhere : .api,
            concurrency: policy.concurrency,
            eventLoops: threads.eventLoops,
            wallClock: { .now })
    }

    /// The manifests to read; none named is standard input.
    static func manifests(of options: RunOptions) -> [String] {
        options.manifests.isEmpty ? ["-"] : options.manifests
    }

    /// The template of the images' names; nil for the jobs' own ones.
    static func names(_ settings: EffectiveSettings) throws(StartError) -> NameTemplate? {
        let names = try settings.effective(Settings.name)
        do {
            return try names.value.template()
        } catch {
            throw StartError(status: names.source.errorStatus, message: "\(names.place) \(error)")
        }
    }

    /// Two jobs may want the same name, so that it counts which of them has it.
    var mayShareNames: Bool { names?.holdsJobID == false }

    /// The files that the run writes beside the images; standard output and standard error have no name here.
    var filesOfTheRun: [String] {
        [results == "-" ? nil : results, lock, summary, metrics].compactMap(\.self)
    }

    private static func policy(of settings: EffectiveSettings) throws(StartError) -> RunPolicy {
        RunPolicy(
            concurrency: try settings(Settings.concurrency),
            window: try settings(Settings.window),
            rate: try settings(Settings.rate)?.perSecond,
            polling: PollingInterval(
                first: try settings(Settings.pollInterval).duration,
                longest: try settings(Settings.maxPollInterval).duration),
            maxWait: try settings(Settings.maxWait).duration,
            once: try settings(Settings.once),
            deadline: try settings(Settings.deadline)?.duration,
            retries: try settings(Settings.retries),
            backOff: BackOff(
                base: try settings(Settings.retryDelay).duration,
                longest: try settings(Settings.maxRetryDelay).duration))
    }
}

extension OutputPlaces {
    /// The files that a run with this configuration writes.
    init(_ configuration: RunConfiguration) {
        self.init(
            results: configuration.results, lock: configuration.lock, summary: configuration.summary,
            metrics: configuration.metrics)
    }
}

/// Why a run could not start: a sentence for a person, and the exit status.
struct StartError: Error {
    let status: ExitStatus
    let message: String
}

extension StartError {
    init(_ error: ConfigurationError) {
        self.init(status: .configuration, message: error.message)
    }

    init(_ error: OutputError) {
        self.init(status: .outputRefused, message: "\(error)")
    }

    init(_ error: RunLockError) {
        switch error {
        case .held: self.init(status: .rerun, message: "\(error)")
        case .unusable: self.init(status: .outputRefused, message: "\(error)")
        }
    }
}
