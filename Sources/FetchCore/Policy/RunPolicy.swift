/// The rules of one run, validated.
public struct RunPolicy: Sendable {
    /// The cap: requests in flight, polls and downloads together. 1…1024.
    public var concurrency: Int
    /// Most unfinished jobs held in memory; reading pauses there.
    public var window: Int
    /// Most API requests a second; nil for no limit of ours.
    public var rate: Double?
    public var polling: PollingInterval
    /// A job in progress this long after its first poll becomes `pending`.
    public var maxWait: Duration
    /// Each job is asked once; what is in progress becomes `pending` at once.
    public var once: Bool
    /// After this long nothing new starts.
    public var deadline: Duration?
    /// Further attempts at a poll or a download after a transient fault.
    public var retries: Int
    public var backOff: BackOff

    public init(
        concurrency: Int = 16, window: Int = 10_000, rate: Double? = nil,
        polling: PollingInterval = PollingInterval(first: .seconds(10), longest: .seconds(30)),
        maxWait: Duration = .seconds(900), once: Bool = false, deadline: Duration? = nil, retries: Int = 4,
        backOff: BackOff = BackOff(base: .seconds(1), longest: .seconds(60))
    ) {
        self.concurrency = concurrency
        // Enough for a commit to be worth its syncs while the next images arrive.
        unrecordedImagesLimit = concurrency + 128
        self.window = window
        self.rate = rate
        self.polling = polling
        self.maxWait = maxWait
        self.once = once
        self.deadline = deadline
        self.retries = retries
        self.backOff = backOff
    }

    /// Most bytes of manifest lines held in memory, so that a window full of the longest lines stays bounded too.
    static let inputBytesLimit = 64 << 20

    /// Most lines asked for in one read of the manifest: enough to make a read cheap, few enough to stay responsive.
    public static let readLimit = 1024

    /// 403 answers in a row that stop the run: one may be about one job, five are about the key.
    static let forbiddenLimit = 5

    /// What requests in flight get to finish after a signal.
    static let grace: Duration = .seconds(10)

    /// What images whose urls are in hand get after the deadline: a night's last ones are paid for.
    static let deadlineGrace: Duration = .seconds(60)

    /// Most proven images that may wait for the disk, beyond which no download starts; each holds an open file.
    public private(set) var unrecordedImagesLimit: Int

    /// Narrows cap and backlog so that the run's jobs need no more open files than these.
    ///
    /// A request in flight takes up to four: a connection to the API and one to the image host, which stay open for
    /// the next, one that is being closed, and a part file. An image that waits for the disk takes one. One of each is
    /// always allowed.
    public mutating func fit(openFiles: Int) {
        concurrency = max(1, min(concurrency, openFiles / 5))
        unrecordedImagesLimit = max(1, min(unrecordedImagesLimit, openFiles - 4 * concurrency))
    }
}
