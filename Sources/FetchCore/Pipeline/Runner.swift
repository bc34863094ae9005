/// Does what the scheduler decides: one task group, one loop.
///
/// The group's children are a poll, a download, a read of the manifest, a commit of finished records, a wait for the
/// next due moment, and a wait for a signal. Each returns an event; the loop hands it to the scheduler and performs the
/// commands that come back. All state that changes is local to that loop.
public struct Runner: Sendable {
    private let ports: RunPorts
    private let policy: RunPolicy
    private let names: NameClaims?

    /// A run by this policy. `names` keeps apart the jobs that want the same image name; nil where no two of them can.
    public init(ports: RunPorts, policy: RunPolicy, names: NameClaims? = nil) {
        self.ports = ports
        self.policy = policy
        self.names = names
    }

    /// What a child of the group came back with.
    private enum Arrival: Sendable {
        case event(Scheduler.Event)
        /// A request is over, and its slot is free.
        case answer(Scheduler.Event, slot: Int)
        /// There will be no signal any more.
        case noSignal
    }

    /// Runs to the end of the manifest, or to a stop. Never throws: what went wrong is in the report.
    public func run() async -> RunReport {
        await withTaskGroup(of: Arrival.self) { group in
            var scheduler = Scheduler(policy: policy, names: names)
            var slots = RequestSlots(on: ports.requestExecutors)
            awaitSignal(in: &group)
            var event: Scheduler.Event? = .started
            while let happened = event {
                var next: Scheduler.Event?
                var isFinished = false
                for command in scheduler.handle(happened, at: ports.clock.now(), jitter: ports.random()) {
                    switch command {
                    case .read(let limit): read(upTo: limit, in: &group)
                    case .giveBack(let batch): next = .lines(batch)
                    case .poll(let key, let id): poll(key, id, on: slots.take(), of: slots, in: &group)
                    case .download(let key, let id, let url, let place):
                        download(key, id, from: url, to: place, on: slots.take(), of: slots, in: &group)
                    case .discard(let part): part.discard()
                    case .record(let records): commit(records, in: &group)
                    case .wake(let moment): wake(at: moment, in: &group)
                    case .stopReading: ports.manifest.stop()
                    case .cancelRequests: group.cancelAll()
                    case .tell(let notice): ports.observe(notice)
                    case .finish: isFinished = true
                    }
                }
                ports.observe(.progress(scheduler.progress))
                if isFinished { break }
                event = if let next { next } else { await nextEvent(of: &group, freeing: &slots) }
            }
            ports.manifest.stop()
            group.cancelAll()
            return RunReport(
                summary: scheduler.totals, stop: scheduler.stop, failure: scheduler.state.failure,
                manifestExhausted: scheduler.manifestExhausted, unreadable: ports.manifest.unreadable,
                elapsed: ports.clock.now())
        }
    }

    /// What happens next; nil when nothing is under way.
    private func nextEvent(
        of group: inout TaskGroup<Arrival>, freeing slots: inout RequestSlots
    ) async -> Scheduler.Event? {
        while let arrival = await group.next() {
            switch arrival {
            case .event(let event):
                if case .signal = event { awaitSignal(in: &group) }
                return event
            case .answer(let event, let slot):
                slots.release(slot)
                return event
            case .noSignal:
                continue
            }
        }
        return nil
    }

    private func awaitSignal(in group: inout TaskGroup<Arrival>) {
        group.addTask { [signal = ports.signal] in await signal().map { .event(.signal($0)) } ?? .noSignal }
    }

    private func read(upTo limit: Int, in group: inout TaskGroup<Arrival>) {
        group.addTask(executorPreference: ports.manifestExecutor) { [manifest = ports.manifest] in
            .event(.manifest(manifest.read(upTo: limit)))
        }
    }

    private func wake(at moment: Duration, in group: inout TaskGroup<Arrival>) {
        group.addTask { [clock = ports.clock] in
            await clock.sleep(until: moment)
            return .event(.woke(at: moment))
        }
    }

    private func poll(
        _ key: Scheduler.Key, _ id: JobID, on slot: Int, of slots: RequestSlots, in group: inout TaskGroup<Arrival>
    ) {
        group.addTask(executorPreference: slots.executor(of: slot)) { [api = ports.api] in
            do throws(JobFailure) {
                return .answer(.polled(key, .success(try await api.status(of: id))), slot: slot)
            } catch {
                return .answer(.polled(key, .failure(error)), slot: slot)
            }
        }
    }

    private func download(
        _ key: Scheduler.Key, _ id: JobID, from url: String, to place: ImagePlace, on slot: Int,
        of slots: RequestSlots, in group: inout TaskGroup<Arrival>
    ) {
        group.addTask(executorPreference: slots.executor(of: slot)) {
            [images = ports.images, store = ports.store, clock = ports.clock] in
            // The part file is not published yet, and is gone if this fails.
            let part = store.makePart(for: id, at: place)
            do throws(JobFailure) {
                let start = clock.now()
                try await images.download(url) { (bytes) throws(JobFailure) in try part.write(bytes) }
                let time = clock.now() - start
                return .answer(.downloaded(key, try part.prove(), part, took: time), slot: slot)
            } catch {
                part.discard()
                return .answer(.downloadFailed(key, error), slot: slot)
            }
        }
    }

    private func commit(_ records: [PendingRecord], in group: inout TaskGroup<Arrival>) {
        let committer = Committer(store: ports.store, sink: ports.results)
        group.addTask(executorPreference: ports.resultsExecutor) {
            do throws(RunFailure) {
                let written = try committer.commit(records)
                return .event(.recorded(written))
            } catch {
                return .event(.lost(error))
            }
        }
    }
}
