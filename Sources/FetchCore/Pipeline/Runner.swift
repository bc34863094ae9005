/// Does what the scheduler decides: one task group, one loop.
///
/// The group's children are a poll, a download, a read of the manifest, a commit of finished records, a wait for the
/// next due moment, and a wait for a signal. Each returns an event; the loop hands it to the scheduler and performs the
/// commands that come back. All state that changes is local to that loop.
public struct Runner: Sendable {
    private let ports: RunPorts
    private let policy: RunPolicy

    public init(ports: RunPorts, policy: RunPolicy) {
        self.ports = ports
        self.policy = policy
    }

    /// What a child of the group came back with.
    private enum Arrival: Sendable {
        case event(Scheduler.Event)
        /// A request is over, and its slot is free.
        case answer(Scheduler.Event, slot: Int)
        case lost(RunFailure)
        case signal(RunSignal?)
    }

    /// Runs to the end of the manifest, or to a stop. Never throws: what went wrong is in the report.
    public func run() async -> RunReport {
        await withTaskGroup(of: Arrival.self) { group in
            var scheduler = Scheduler(policy: policy)
            var slots = RequestSlots(on: ports.requestExecutors)
            var records: [PendingRecord] = []
            var committing = false
            var failure: RunFailure?
            var running = true

            awaitSignal(in: &group)
            var arrival: Arrival? = .event(.started)
            while running, let arrived = arrival {
                switch arrived {
                case .answer(let event, let slot):
                    slots.giveBack(slot)
                    arrival = .event(event)
                    continue
                case .event(let event):
                    if case .manifest(let batch) = event, let limit = scheduler.readAhead(of: batch) {
                        start(.read(upTo: limit), in: &group, slots: &slots)
                    }
                    if case .recorded(let written, _) = event {
                        committing = false
                        ports.observe(.recorded(written))
                    }
                    for command in scheduler.handle(event, at: ports.clock.now(), jitter: ports.random()) {
                        switch command {
                        case .record(let record): records.append(record)
                        case .cancelRequests: group.cancelAll()
                        case .stopReading: ports.manifest.stop()
                        case .tell(let notice): ports.observe(notice)
                        case .discard(let part): part.discard()
                        case .finish: running = false
                        case .read, .poll, .download, .wake: start(command, in: &group, slots: &slots)
                        }
                    }
                    ports.observe(.progress(scheduler.progress))
                case .lost(let reason):
                    failure = reason
                    running = false
                case .signal(let signal):
                    guard let signal else { break }
                    awaitSignal(in: &group)
                    switch signal {
                    case .stop(let number):
                        arrival = .event(.stop(.signal(number)))
                        continue
                    case .report:
                        ports.observe(.asked(scheduler.progress))
                    }
                }
                if running, !committing, !records.isEmpty {
                    committing = true
                    commit(records, in: &group)
                    records = []
                }
                if running {
                    arrival = await group.next()
                }
            }
            ports.manifest.stop()
            group.cancelAll()
            return RunReport(
                summary: scheduler.summary, stop: scheduler.stop, failure: failure,
                manifestExhausted: scheduler.manifestExhausted, unreadable: ports.manifest.unreadable,
                elapsed: ports.clock.now())
        }
    }

    private func start(
        _ command: Scheduler.Command, in group: inout TaskGroup<Arrival>, slots: inout RequestSlots
    ) {
        switch command {
        case .read(let limit):
            group.addTask(executorPreference: ports.manifestExecutor) { [manifest = ports.manifest] in
                .event(.manifest(manifest.read(upTo: limit)))
            }
        case .poll(let key, let id):
            let slot = slots.take()
            group.addTask(executorPreference: slots.executor(of: slot)) { [api = ports.api] in
                do throws(JobFailure) {
                    return .answer(.polled(key, .success(try await api.status(of: id))), slot: slot)
                } catch {
                    return .answer(.polled(key, .failure(error)), slot: slot)
                }
            }
        case .download(let key, let id, let url):
            let slot = slots.take()
            group.addTask(executorPreference: slots.executor(of: slot)) {
                [images = ports.images, store = ports.store] in
                .answer(
                    .downloaded(key, await Self.receive(id, from: url, images: images, store: store)), slot: slot)
            }
        case .wake(let moment):
            group.addTask { [clock = ports.clock] in
                await clock.sleep(until: moment)
                return .event(.woke(at: moment))
            }
        case .record, .stopReading, .cancelRequests, .tell, .discard, .finish:
            break
        }
    }

    /// One download: body → proof and part file. The part is not published yet, and gone if this fails.
    private static func receive(
        _ id: JobID, from url: String, images: any ImageSource, store: any ImageStore
    ) async -> Result<ReceivedImage, JobFailure> {
        let part = store.makePart(for: id, from: url)
        do throws(JobFailure) {
            try await images.download(url) { (bytes) throws(JobFailure) in try part.write(bytes) }
            return .success(ReceivedImage(image: try part.prove(), part: part))
        } catch {
            part.discard()
            return .failure(error)
        }
    }

    private func commit(_ records: [PendingRecord], in group: inout TaskGroup<Arrival>) {
        let committer = Committer(store: ports.store, sink: ports.results)
        group.addTask(executorPreference: ports.resultsExecutor) {
            do throws(RunFailure) {
                let written = try committer.commit(records)
                return .event(.recorded(written, images: records.count { $0.part != nil }))
            } catch {
                return .lost(error)
            }
        }
    }

    private func awaitSignal(in group: inout TaskGroup<Arrival>) {
        group.addTask { [signal = ports.signal] in .signal(await signal()) }
    }
}
