import FetchCore
import HTTPTransport

/// A run's settings, validated: the only reader of the options and of the environment.
struct RunConfiguration {
    let manifests: [String]
    let outputDirectory: String
    let results: String
    let existingResults: ExistingResults
    let durable: Bool
    let lock: String?
    let summary: String?
    let metrics: String?
    let policy: RunPolicy
    let transport: TransportConfiguration

    /// What becomes of a results file that exists.
    enum ExistingResults {
        case refused, resumed, replaced
    }

    /// Where the API is unless something else is said.
    static let standardURL = "https://api.pictory.ai/pictoryapis"

    init(_ command: RunCommand, environment: [String: String]) throws(StartFault) {
        manifests = Self.manifests(of: command)
        outputDirectory = command.files.outputDir
        results = command.files.results
        existingResults = command.files.resume ? .resumed : command.files.force ? .replaced : .refused
        durable = command.files.durability == .full
        lock = command.unattended.lock
        summary = command.unattended.summary
        metrics = command.unattended.metrics
        let limit = OpenFileLimit.raise()
        let eventLoops = OpenFileLimit.eventLoops(limit: limit)
        policy = try OpenFileLimit.fit(Self.policy(of: command.pace), limit: limit, eventLoops: eventLoops)

        let connection = command.connection
        transport = TransportConfiguration(
            apiURL: connection.apiURL ?? environment["PICTORY_API_BASE_URL"].flatMap { $0.isEmpty ? nil : $0 }
                ?? Self.standardURL,
            apiKey: try APIKey.find(file: connection.apiKeyFile, environment: environment),
            userAgent: "pictory-fetch/\(PictoryFetch.version)",
            connectTimeout: connection.connectTimeout.duration,
            requestTimeout: connection.requestTimeout.duration,
            stallTimeout: connection.stallTimeout.duration,
            maxImageBytes: command.files.maxImageSize.bytes,
            caFile: connection.caFile,
            allowHTTP: connection.allowHTTP,
            allowedHosts: connection.allowHost,
            proxies: ProxySettings(environment: environment),
            concurrency: policy.concurrency,
            eventLoops: eventLoops)
    }

    /// The manifests to read; none named is standard input.
    static func manifests(of command: RunCommand) -> [String] {
        command.manifests.isEmpty ? ["-"] : command.manifests
    }

    private static func policy(of pace: PaceOptions) -> RunPolicy {
        let standard = PollingInterval(first: .seconds(10), longest: .seconds(30))
        return RunPolicy(
            concurrency: pace.concurrency,
            window: pace.window,
            rate: pace.rate?.perSecond,
            // One of the two alone moves the other along where it has to.
            polling: PollingInterval(
                first: pace.pollInterval?.duration
                    ?? min(standard.first, pace.maxPollInterval?.duration ?? standard.first),
                longest: pace.maxPollInterval?.duration ?? standard.longest),
            maxWait: pace.maxWait.duration,
            once: pace.once,
            deadline: pace.deadline?.duration,
            retries: pace.retries,
            backOff: BackOff(base: pace.retryDelay.duration, longest: pace.maxRetryDelay.duration))
    }
}

/// Why a run could not start: a sentence for a person, and the exit status.
struct StartFault: Error {
    let status: ExitStatus
    let message: String
}
