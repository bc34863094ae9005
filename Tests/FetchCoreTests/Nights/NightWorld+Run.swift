import Synchronization

@testable import FetchCore

extension NightWorld {
    /// Runs the product's runner on the night's one thread until nothing is left to happen.
    func run(_ policy: RunPolicy) -> (RunReport?, NightLoop.Ending) {
        let (weather, journal, told) = state.withLock { ($0.weather, $0.before.index, $0.told) }
        let manifestThread = BlockingThread(loop) { [self] in nextReadReturns() }
        let resultsThread = BlockingThread(loop) { [self] in loop.now() + diskLatency() }
        let ports = RunPorts(
            manifest: TrustedManifest(
                ResumedManifest(
                    ReleasedManifest(world: self, thread: manifestThread), after: journal, imageBytes: imageBytes)
            ) { _, id in told[id.sampleNumber]?.asAReply },
            api: self, images: self, store: self, results: self, clock: loop,
            random: { [self] in state.withLock { $0.random.unit() } }, signal: nextSignal,
            manifestExecutor: manifestThread, resultsExecutor: resultsThread, observe: note)
        let end = Mutex<RunReport?>(nil)
        Task(executorPreference: loop) {
            let report = await Runner(ports: ports, policy: policy).run()
            end.withLock { $0 = report }
        }
        let ending = loop.drive(
            atStep: { step in
                if step == weather.freezesAt { loop.freeze(for: .seconds(60)) }
                if weather.crash != nil, weather.crashMoment == .step(step) {
                    crash()
                    manifestThread.release()
                }
            }, atRest: checkIdleSlots)
        return (end.withLock(\.self), ending)
    }

    private func diskLatency() -> Duration {
        state.withLock { .milliseconds($0.random.chance(0.05) ? 2000 : $0.random.number(in: 0...30)) }
    }

    private func nextSignal() async -> RunSignal? {
        let isFirst = state.withLock { state in
            state.signalsAwaited += 1
            return state.signalsAwaited == 1
        }
        guard isFirst, let signal = state.withLock(\.weather.signal) else { return nil }
        await loop.sleep(until: signal.at)
        return Task.isCancelled ? nil : .stop(signal.number)
    }
}

extension TrustedReply {
    /// The reply that is believed to be this.
    fileprivate var asAReply: Result<PollReply, JobFailure> {
        switch self {
        case .completed(let image, let warnings): .success(PollReply(.completed(image), warnings: warnings))
        case .failed(let failure): .failure(failure)
        }
    }
}

/// The manifest as the runner holds it: to stop it also frees the thread that waits for its next line.
private struct ReleasedManifest: ManifestSource {
    let world: NightWorld
    let thread: BlockingThread

    func read(upTo limit: Int) -> ManifestBatch { world.read(upTo: limit) }

    func stop() {
        world.stop()
        thread.release()
    }

    var unreadable: [String] { world.unreadable }
}
