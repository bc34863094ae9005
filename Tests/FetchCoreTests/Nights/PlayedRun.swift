import Synchronization

@testable import FetchCore

/// A run that was played to its end or to its crash, and all that is to be judged of it.
struct PlayedRun {
    let plan: NightPlan
    let weather: Weather
    let policy: RunPolicy
    let before: JournalView
    /// Nil if the run never came to an end.
    let report: RunReport?
    let ending: NightLoop.Ending
    let facts: NightWorld.State
    /// What the next run finds.
    let disk: SimulatedDisk

    var hasCrashed: Bool { facts.survivor != nil }

    /// Plays a run over what the disk holds, as `--resume` does: a torn line and abandoned part files go first.
    static func play(
        _ plan: NightPlan, weather: Weather, policy: RunPolicy, on disk: SimulatedDisk, seed: UInt64, isTracing: Bool
    ) -> PlayedRun {
        var disk = disk
        disk.mend()
        // What a killed run has written and not synced is believed from now on, and so has to last.
        if plan.isDurable { disk.syncLines() }
        for name in disk.names.keys.sorted() where name.hasPrefix(NightPart.prefix) { disk.remove(name) }
        let before = JournalView(of: disk)
        let world = NightWorld(
            plan, weather: weather, policy: policy, start: before, disk: disk, seed: seed, isTracing: isTracing)
        let (report, ending) = world.run(policy)
        let facts = world.state.withLock(\.self)
        return PlayedRun(
            plan: plan, weather: weather, policy: policy, before: before, report: report, ending: ending,
            facts: facts, disk: facts.survivor ?? facts.disk)
    }
}

extension NightWorld {
    /// Runs the product's runner on the night's one thread until nothing is left to happen.
    fileprivate func run(_ policy: RunPolicy) -> (RunReport?, NightLoop.Ending) {
        let (weather, journal) = state.withLock { ($0.weather, $0.before.index) }
        let manifestThread = BlockingThread(loop) { [self] in nextReadReturns() }
        let resultsThread = BlockingThread(loop) { [self] in loop.now() + diskLatency() }
        let ports = RunPorts(
            manifest: ResumedManifest(
                ReleasedManifest(world: self, thread: manifestThread), after: journal, imageBytes: imageBytes),
            api: self, images: self, store: self, results: self, clock: loop,
            random: { [self] in state.withLock { $0.random.unit() } }, signal: nextSignal,
            manifestExecutor: manifestThread, resultsExecutor: resultsThread, observe: note)
        let end = Mutex<RunReport?>(nil)
        let task = Task(executorPreference: loop) {
            let report = await Runner(ports: ports, policy: policy).run()
            end.withLock { $0 = report }
        }
        defer { task.cancel() }
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
