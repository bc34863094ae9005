import ArgumentParser
import FetchCore

/// The flags of `run`, `check` and `config`, as they were typed. What holds where one was not typed is settled in
/// ``EffectiveSettings``.
struct RunOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("Manifest files, read in this order; - or none is standard input.", valueName: "manifest"))
    var manifests: [String] = []

    @Option(
        help: ArgumentHelp(
            """
            JSON file of settings, named like these flags; variables such as PICTORY_FETCH_POLL_INTERVAL go before it, \
            and flags before these. Also PICTORY_FETCH_CONFIG.
            """, valueName: "file"))
    var config: String?

    @OptionGroup(title: "Input and output") var files: FileOptions
    @OptionGroup(title: "Pace") var pace: PaceOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Reporting") var reporting: ReportingOptions
    @OptionGroup(title: "Unattended runs") var unattended: UnattendedOptions

    /// What has to be on stable storage before a record says so.
    enum Durability: String, ExpressibleByArgument, CaseIterable, SettingValue {
        case full, none
    }

    /// When progress is shown.
    enum ProgressMode: String, ExpressibleByArgument, CaseIterable, SettingValue {
        case auto, always, never
    }
}

/// Where images and records go.
struct FileOptions: ParsableArguments {
    @Option(Settings.outputDir) var outputDir: String?
    @Option(Settings.name) var name: ImageNames?
    @Option(Settings.results) var results: String?
    @Flag(Settings.resume) var resume: Bool?
    @Flag(Settings.force) var force: Bool?
    @Option(Settings.shard) var shard: Shard?
    @Flag(Settings.trustReplies) var trustReplies: Bool?
    @Option(Settings.durability) var durability: RunOptions.Durability?
    @Option(Settings.maxImageSize) var maxImageSize: ByteCount?
}

/// How much at once, how often, and for how long.
struct PaceOptions: ParsableArguments {
    @Option(Settings.concurrency) var concurrency: Int?
    @Option(Settings.rate) var rate: RequestRate?
    @Option(Settings.limitRate) var limitRate: ByteCount?
    @Option(Settings.window) var window: Int?
    @Option(Settings.pollInterval) var pollInterval: TimeLength?
    @Option(Settings.maxPollInterval) var maxPollInterval: TimeLength?
    @Option(Settings.maxWait) var maxWait: TimeLength?
    @Flag(Settings.once) var once: Bool?
    @Option(Settings.deadline) var deadline: TimeLength?
    @Option(Settings.retries) var retries: Int?
    @Option(Settings.retryDelay) var retryDelay: TimeLength?
    @Option(Settings.maxRetryDelay) var maxRetryDelay: TimeLength?
    @Option(Settings.tolerate) var tolerate: TolerableLines?
}

/// Whom to ask, and how long to wait for an answer.
struct ConnectionOptions: ParsableArguments {
    @Option(Settings.apiKeyFile) var apiKeyFile: String?
    @Option(Settings.apiURL) var apiURL: String?
    @Option(Settings.allowHost) var allowHost: [String]
    @Flag(Settings.allowHTTP) var allowHTTP: Bool?
    @Flag(Settings.http1Only) var http1Only: Bool?
    @Option(Settings.caFile) var caFile: String?
    @Option(Settings.connectTimeout) var connectTimeout: TimeLength?
    @Option(Settings.requestTimeout) var requestTimeout: TimeLength?
    @Option(Settings.stallTimeout) var stallTimeout: TimeLength?
}

/// What is said on standard error.
struct ReportingOptions: ParsableArguments {
    @Flag(Settings.quiet) var quiet: Bool?
    @Flag(Settings.verbose) var verbose: Bool?
    @Option(Settings.progress) var progress: RunOptions.ProgressMode?
    @Option(Settings.logFormat) var logFormat: LogFormat?
}

/// What a run leaves for those who were not there: the files of its end, and the lock against a second one.
struct UnattendedOptions: ParsableArguments {
    @Option(Settings.lock) var lock: String?
    @Option(Settings.summary) var summary: String?
    @Option(Settings.metrics) var metrics: String?
}
