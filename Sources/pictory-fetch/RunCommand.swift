import ArgumentParser
import FetchCore

/// `pictory-fetch run`: the options as they were typed. What they mean is settled in ``RunConfiguration``.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Read job ids from manifests, fetch their images, write one record for every line.",
        usage: "pictory-fetch [run] [<options>] [<manifest> ...]",
        discussion: """
            A manifest is JSON Lines: a line is an object with "job_id", the reply of the Generate Image request as it \
            came, a bare string, or a result record of an earlier run. Records go to standard output, one line each, \
            as jobs finish. Nothing else goes there.

            The API key is taken from --api-key-file, else from PICTORY_API_KEY, else from the file \
            pictory-api-key in $CREDENTIALS_DIRECTORY. It is never taken from an argument.

            Exit status: 0 all downloaded; 1 some job failed for good; 75 rerunning will help; 64 usage; 66 manifest \
            unreadable; 73 output refused; 74 output lost; 77 key rejected; 78 configuration; 128 + n signal n.
            """,
        version: PictoryFetch.version)

    @Argument(
        help: ArgumentHelp("Manifest files, read in this order; - or none is standard input.", valueName: "manifest"))
    var manifests: [String] = []

    @OptionGroup(title: "Input and output") var files: FileOptions
    @OptionGroup(title: "Pace") var pace: PaceOptions
    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup(title: "Reporting") var reporting: ReportingOptions
    @OptionGroup(title: "Unattended runs") var unattended: UnattendedOptions

    func validate() throws {
        try files.validateTogether()
        try pace.validateTogether()
        try unattended.validateTogether()
    }

    func run() async throws {
        let status = await Composition.run(self)
        throw ExitCode(status.code)
    }
}

/// Where images and records go.
struct FileOptions: ParsableArguments {
    @Option(
        name: [.short, .long], help: ArgumentHelp("Directory for the images, created if missing.", valueName: "dir"))
    var outputDir = "images"

    @Option(
        name: [.short, .long],
        help: ArgumentHelp("File for the result records; - is standard output.", valueName: "file"))
    var results = "-"

    @Flag(
        help: """
            Carry on with the results file of earlier runs: what they have settled is not done again, and new records \
            are appended.
            """)
    var resume = false

    @Flag(help: "Replace an existing results file.")
    var force = false

    @Option(help: "full: a downloaded record is written only after image, name and record are on stable storage.")
    var durability: Durability = .full

    @Option(help: ArgumentHelp("Largest image accepted.", valueName: "size"))
    var maxImageSize = ByteCount(bytes: 64 << 20)

    enum Durability: String, ExpressibleByArgument, CaseIterable {
        case full, none
    }
}

/// How much at once, how often, and for how long.
struct PaceOptions: ParsableArguments {
    @Option(
        name: [.customShort("j"), .long],
        help: ArgumentHelp("Requests in flight, polls and downloads together: 1 to 1024.", valueName: "n"))
    var concurrency: Int = 16

    @Option(help: ArgumentHelp("Most API requests, such as 10/s, 300/m or 5000/h.", valueName: "rate"))
    var rate: RequestRate?

    @Option(help: ArgumentHelp("Most unfinished jobs in memory; reading pauses there.", valueName: "n"))
    var window: Int = 10_000

    @Option(help: ArgumentHelp("First pause between two polls of a job (default: 10s).", valueName: "duration"))
    var pollInterval: TimeLength?

    @Option(help: ArgumentHelp("Longest pause between two polls of a job (default: 30s).", valueName: "duration"))
    var maxPollInterval: TimeLength?

    @Option(
        help: ArgumentHelp("A job in progress this long after its first poll is left pending.", valueName: "duration"))
    var maxWait = TimeLength(.seconds(900))

    @Flag(help: "Poll each job once; what is in progress is left pending at once.")
    var once = false

    @Option(help: ArgumentHelp("Nothing new starts after this long; what is left is pending.", valueName: "duration"))
    var deadline: TimeLength?

    @Option(help: ArgumentHelp("Further attempts at a poll or a download after a transient fault.", valueName: "n"))
    var retries: Int = 4

    @Option(help: ArgumentHelp("First limit of the back-off between attempts; it doubles.", valueName: "duration"))
    var retryDelay = TimeLength(.seconds(1))

    @Option(help: ArgumentHelp("Longest back-off between attempts.", valueName: "duration"))
    var maxRetryDelay = TimeLength(.seconds(60))
}

/// Whom to ask, and how long to wait for an answer.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("File whose first line is the API key.", valueName: "file"))
    var apiKeyFile: String?

    @Option(
        name: .customLong("api-url"),
        help: ArgumentHelp(
            "Base url of the API (default: PICTORY_API_BASE_URL, else \(RunConfiguration.standardURL)).",
            valueName: "url"))
    var apiURL: String?

    @Option(
        help: ArgumentHelp(
            "Host that images may come from, such as *.cloudfront.net; repeatable (default: every public host).",
            valueName: "pattern"))
    var allowHost: [String] = []

    @Flag(name: .customLong("allow-http"), help: "Allow plain http beyond loopback addresses.")
    var allowHTTP = false

    @Option(name: .customLong("ca-file"), help: ArgumentHelp("Further trusted certificates, PEM.", valueName: "file"))
    var caFile: String?

    @Option(help: ArgumentHelp("Longest wait for a connection.", valueName: "duration"))
    var connectTimeout = TimeLength(.seconds(10))

    @Option(help: ArgumentHelp("Longest API request, from first to last byte.", valueName: "duration"))
    var requestTimeout = TimeLength(.seconds(60))

    @Option(help: ArgumentHelp("Longest silence within a download.", valueName: "duration"))
    var stallTimeout = TimeLength(.seconds(30))
}

/// What is said on standard error.
struct ReportingOptions: ParsableArguments {
    @Flag(name: [.short, .long], help: "Say less on standard error: only why a run could not be done.")
    var quiet = false

    @Flag(name: [.short, .long], help: "Say more on standard error: every job's end and every retry.")
    var verbose = false

    @Option(help: "Live progress on standard error; auto is only on a terminal.")
    var progress: ProgressMode = .auto

    @Option(help: "Form of standard error; json is one object a line, and no live progress.")
    var logFormat: LogFormat = .text

    enum ProgressMode: String, ExpressibleByArgument, CaseIterable {
        case auto, always, never
    }
}

extension FileOptions {
    /// Checks that need more than one value's own spelling.
    func validateTogether() throws {
        guard !resume || results != "-" else {
            throw ValidationError("--resume needs --results (-r) with the file to carry on with.")
        }
        guard !resume || !force else {
            throw ValidationError("--resume carries on with the results file that --force would replace; give one.")
        }
    }
}

extension PaceOptions {
    /// Checks that need more than one value's own spelling.
    func validateTogether() throws {
        guard (1...1024).contains(concurrency) else {
            throw ValidationError("--concurrency (-j) is \(concurrency); it can be 1 to 1024.")
        }
        guard window >= 1 else {
            throw ValidationError("--window is \(window); it must be at least 1.")
        }
        guard retries >= 0 else {
            throw ValidationError("--retries is \(retries); it cannot be negative.")
        }
        if let pollInterval, let maxPollInterval, maxPollInterval.duration < pollInterval.duration {
            throw ValidationError("--max-poll-interval is shorter than --poll-interval.")
        }
        guard maxRetryDelay.duration >= retryDelay.duration else {
            throw ValidationError("--max-retry-delay is shorter than --retry-delay.")
        }
    }
}
