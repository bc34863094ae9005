/// Everything the runner touches of the world, put together in one place.
public struct RunPorts: Sendable {
    public var manifest: any ManifestSource
    public var api: any StatusService
    public var images: any ImageSource
    public var store: any ImageStore
    public var results: any ResultSink
    public var clock: any RunClock
    /// Drawn evenly from 0..<1, for jitter.
    public var random: @Sendable () -> Double
    /// Waits for the next signal and returns what it asks for; nil when there will be none. One task at a time asks.
    public var signal: @Sendable () async -> RunSignal?
    /// Where polls and downloads run, each slot always in the same place; none for anywhere.
    public var requestExecutors: [any TaskExecutor]
    /// Where the blocking reads of the manifest run.
    public var manifestExecutor: (any TaskExecutor)?
    /// Where images get their names, and the writes and syncs of the results run. They may block for long: for the disk, or
    /// for the reader of a pipe.
    public var resultsExecutor: (any TaskExecutor)?
    /// Told what happens; it is called often and must return fast.
    public var observe: @Sendable (Notice) -> Void

    public init(
        manifest: any ManifestSource, api: any StatusService, images: any ImageSource, store: any ImageStore,
        results: any ResultSink, clock: any RunClock, random: @escaping @Sendable () -> Double,
        signal: @escaping @Sendable () async -> RunSignal?, requestExecutors: [any TaskExecutor] = [],
        manifestExecutor: (any TaskExecutor)? = nil,
        resultsExecutor: (any TaskExecutor)? = nil, observe: @escaping @Sendable (Notice) -> Void = { _ in }
    ) {
        self.manifest = manifest
        self.api = api
        self.images = images
        self.store = store
        self.results = results
        self.clock = clock
        self.random = random
        self.signal = signal
        self.requestExecutors = requestExecutors
        self.manifestExecutor = manifestExecutor
        self.resultsExecutor = resultsExecutor
        self.observe = observe
    }
}

/// What a signal asks of a run.
public enum RunSignal: Sendable, Equatable {
    /// To stop in order; the number is the signal's.
    case stop(Int32)
    /// To tell how things stand.
    case report
}

/// Monotonic time since the run began.
public protocol RunClock: Sendable {
    func now() -> Duration

    /// Returns at or after the moment, or at once when the task is cancelled.
    func sleep(until moment: Duration) async
}
