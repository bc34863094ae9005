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
    /// Waits for the next signal that stops a run and returns its number; nil when there will be none.
    public var stopSignal: @Sendable () async -> Int32?
    /// Where the blocking reads of the manifest run.
    public var manifestExecutor: (any TaskExecutor)?
    /// Where the blocking writes and syncs of the results run.
    public var resultsExecutor: (any TaskExecutor)?
    /// Told what happens; it is called often and must return fast.
    public var observe: @Sendable (Notice) -> Void

    public init(
        manifest: any ManifestSource, api: any StatusService, images: any ImageSource, store: any ImageStore,
        results: any ResultSink, clock: any RunClock, random: @escaping @Sendable () -> Double,
        stopSignal: @escaping @Sendable () async -> Int32?, manifestExecutor: (any TaskExecutor)? = nil,
        resultsExecutor: (any TaskExecutor)? = nil, observe: @escaping @Sendable (Notice) -> Void = { _ in }
    ) {
        self.manifest = manifest
        self.api = api
        self.images = images
        self.store = store
        self.results = results
        self.clock = clock
        self.random = random
        self.stopSignal = stopSignal
        self.manifestExecutor = manifestExecutor
        self.resultsExecutor = resultsExecutor
        self.observe = observe
    }
}

/// Monotonic time since the run began.
public protocol RunClock: Sendable {
    func now() -> Duration

    /// Returns at or after the moment, or at once when the task is cancelled.
    func sleep(until moment: Duration) async
}
