/// Everything that can be set, once each.
///
/// To add a setting: an entry here and its name in ``all``, and a property of the same name in ``RunOptions``.
enum Settings {
    /// In the order of the help text, in which `pictory-fetch config` prints them.
    static let all: [any AnySetting] = [
        outputDir, name, results, resume, force, shard, trustReplies, durability, maxImageSize,
        concurrency, rate, limitRate, window, pollInterval, maxPollInterval, maxWait, once, deadline, retries,
        retryDelay,
        maxRetryDelay, tolerate,
        apiKeyFile, apiURL, allowHost, allowHTTP, http1Only, caFile, connectTimeout, requestTimeout, stallTimeout,
        quiet, verbose, progress, logFormat,
        lock, summary, metrics,
    ]

    // Input and output.

    static let outputDir = Setting(
        "output-dir", short: "o", "Directory for the images, created if missing.", valueName: "dir",
        default: "images", typed: { $0.files.outputDir })

    static let name = Setting(
        "name",
        """
        What the images are called below the output directory, such as {customer}/{job_id:2}/{job_id}.png: {job_id}, its \
        first characters {job_id:2}, {line}, and {field} or {field.inner} of the manifest line.
        """, valueName: "template", default: ImageNames.standard, typed: { $0.files.name })

    static let results = Setting(
        "results", short: "r", "File for the result records; - is standard output.", valueName: "file",
        default: "-", typed: { $0.files.results })

    static let resume = Setting(
        "resume",
        """
        Carry on with the results file of earlier runs: what they have settled is not done again, and new records are \
        appended.
        """,
        default: false, typed: { $0.files.resume })

    static let force = Setting(
        "force", "Replace an existing results file.", default: false, typed: { $0.files.force })

    static let shard = Setting(
        "shard",
        """
        Only the jobs of this part of the manifests, the K-th of N: 1/8 to 8/8, or 0/8 to 7/8. A part has its own \
        --results, --summary, --metrics and --lock.
        """, valueName: "k/n", typed: { $0.files.shard })

    static let trustReplies = Setting(
        "trust-replies",
        """
        Believe a manifest line that is the API's reply to a finished job, as a webhook gets it: there is no poll before \
        the image is downloaded or the failure recorded.
        """,
        default: false, typed: { $0.files.trustReplies })

    static let durability = Setting(
        "durability", "full: a downloaded record is written only after image, name and record are on stable storage.",
        default: RunOptions.Durability.full, typed: { $0.files.durability })

    static let maxImageSize = Setting(
        "max-image-size", "Largest image accepted.", valueName: "size", default: ByteCount(bytes: 64 << 20),
        typed: { $0.files.maxImageSize })

    // Pace.

    static let concurrency = Setting(
        "concurrency", short: "j",
        """
        Requests in flight, polls and downloads together: 1 to 1024; fewer where the limit of open files (ulimit -n) \
        leaves no room.
        """,
        default: 16, in: 1...1024, typed: { $0.pace.concurrency })

    static let rate = Setting(
        "rate", "Most API requests, such as 10/s, 300/m or 5000/h.", valueName: "rate", typed: { $0.pace.rate })

    static let limitRate: Setting<ByteCount?> = Setting(
        "limit-rate", "Most bytes a second of all downloads together, such as 10MB.", valueName: "size",
        typed: { $0.pace.limitRate })

    static let window = Setting(
        "window", "Most unfinished jobs in memory; reading pauses there.", default: 10_000, in: 1 ... .max,
        typed: { $0.pace.window })

    /// Given alone, the longest pause moves the first one along where it has to; and the other way round.
    static let pollInterval: Setting<TimeLength> = Setting(
        "poll-interval", "First pause between two polls of a job.", valueName: "duration",
        default: TimeLength(.seconds(10)),
        adapted: { settings throws(StartError) in
            guard let longest = try settings.given(maxPollInterval)?.value else { return pollInterval.standard }
            return longest.duration < pollInterval.standard.duration ? longest : pollInterval.standard
        },
        typed: { $0.pace.pollInterval })

    static let maxPollInterval: Setting<TimeLength> = Setting(
        "max-poll-interval", "Longest pause between two polls of a job.", valueName: "duration",
        default: TimeLength(.seconds(30)),
        adapted: { settings throws(StartError) in
            guard let first = try settings.given(pollInterval)?.value else { return maxPollInterval.standard }
            return first.duration > maxPollInterval.standard.duration ? first : maxPollInterval.standard
        },
        typed: { $0.pace.maxPollInterval })

    static let maxWait = Setting(
        "max-wait", "A job in progress this long after its first poll is left pending.", valueName: "duration",
        default: TimeLength(.seconds(900)), typed: { $0.pace.maxWait })

    static let once = Setting(
        "once", "Poll each job once; what is in progress is left pending at once.", default: false,
        typed: { $0.pace.once })

    static let deadline = Setting(
        "deadline", "After this long no poll starts; images in hand get a minute more, the rest is pending.",
        valueName: "duration",
        typed: { $0.pace.deadline })

    static let retries = Setting(
        "retries", "Further attempts at a poll or a download after a transient fault.", default: 4, in: 0 ... .max,
        typed: { $0.pace.retries })

    static let retryDelay = Setting(
        "retry-delay", "First limit of the back-off between attempts; it doubles.", valueName: "duration",
        default: TimeLength(.seconds(1)), typed: { $0.pace.retryDelay })

    static let maxRetryDelay = Setting(
        "max-retry-delay", "Longest back-off between attempts.", valueName: "duration",
        default: TimeLength(.seconds(60)), typed: { $0.pace.maxRetryDelay })

    static let tolerate = Setting(
        "tolerate",
        "So many lines without an image are no failure of the run: a number, or a percentage such as 0.5%.",
        valueName: "n|p%", default: TolerableLines.none, typed: { $0.pace.tolerate })

    // Connection.

    static let apiKeyFile = Setting(
        "api-key-file", "File whose first line is the API key.", valueName: "file",
        typed: { $0.connection.apiKeyFile })

    static let apiURL = Setting(
        "api-url", "Base url of the API; also PICTORY_API_BASE_URL.", valueName: "url",
        default: "https://api.pictory.ai/pictoryapis", otherVariable: "PICTORY_API_BASE_URL",
        typed: { $0.connection.apiURL })

    static let allowHost = Setting(
        "allow-host",
        "Host that images may come from, such as *.cloudfront.net; repeatable (default: every public host).",
        valueName: "pattern", default: [],
        typed: { $0.connection.allowHost.isEmpty ? nil : $0.connection.allowHost })

    static let allowHTTP = Setting(
        "allow-http", "Allow plain http beyond loopback addresses.", default: false,
        typed: { $0.connection.allowHTTP })

    static let http1Only = Setting(
        "http1.1", "Speak HTTP/1.1 alone, also to a server that offers HTTP/2.", default: false,
        typed: { $0.connection.http1Only })

    static let caFile = Setting(
        "ca-file", "Further trusted certificates, PEM.", valueName: "file", typed: { $0.connection.caFile })

    static let connectTimeout = Setting(
        "connect-timeout", "Longest wait for a connection.", valueName: "duration",
        default: TimeLength(.seconds(10)), typed: { $0.connection.connectTimeout })

    static let requestTimeout = Setting(
        "request-timeout", "Longest API request, from first to last byte.", valueName: "duration",
        default: TimeLength(.seconds(60)), typed: { $0.connection.requestTimeout })

    static let stallTimeout = Setting(
        "stall-timeout", "Longest silence within a download.", valueName: "duration",
        default: TimeLength(.seconds(30)), typed: { $0.connection.stallTimeout })

    // Reporting.

    static let quiet = Setting(
        "quiet", short: "q", "Say less on standard error: only why a run could not be done.", default: false,
        typed: { $0.reporting.quiet })

    static let verbose = Setting(
        "verbose", short: "v", "Say more on standard error: every job's end and every retry.", default: false,
        typed: { $0.reporting.verbose })

    static let progress = Setting(
        "progress", "Live progress on standard error; auto is only on a terminal.",
        default: RunOptions.ProgressMode.auto, typed: { $0.reporting.progress })

    static let logFormat = Setting(
        "log-format", "json: everything on standard error is one JSON object a line.", default: LogFormat.text,
        typed: { $0.reporting.logFormat })

    // Unattended runs.

    static let lock = Setting(
        "lock", "Hold this lock for the whole run; if another run holds it, exit 75 at once and touch nothing.",
        valueName: "file", typed: { $0.unattended.lock })

    static let summary = Setting(
        "summary", "JSON file for the run's totals, replaced at the end of every run.", valueName: "file",
        typed: { $0.unattended.summary })

    static let metrics = Setting(
        "metrics", "Metrics file for node_exporter's textfile collector (*.prom), replaced at the end of every run.",
        valueName: "file", typed: { $0.unattended.metrics })
}
