import Synchronization
import TestRandom

@testable import FetchCore

/// Everything around one run: manifest, API, image host, disk, clock and signals, all in memory.
///
/// It plays by the weather, and notes what the run must never do.
final class NightWorld: Sendable {
    struct State {
        let lines: [NightLine]
        let fates: [Int: JobFate]
        let told: [Int: TrustedReply]
        let policy: RunPolicy
        let weather: Weather
        let isDurable: Bool
        let sharesDisk: Bool
        /// The results as the run found them.
        let before: JournalView
        var random: SeededGenerator
        var disk: SimulatedDisk
        var touches = 0
        /// What was on the disk when the crash came.
        var survivor: SimulatedDisk?

        // What the run did.
        var linesRead = 0
        /// Of the lines read, those that need a record.
        var linesDue = 0
        /// The manifest's end was handed out.
        var gaveEnd = false
        /// The run knew of the end before it stopped for anything.
        var knewTheEnd = false
        var isUnreadable = false
        var readingStopped = false
        var jobsRead: Set<Int> = []
        var jobsPolled: Set<Int> = []
        var polls = 0
        var answers: [Int: Int] = [:]
        var downloads: [Int] = []
        var inFlight = 0
        var isThrottled = false
        var notFounds = NightNotFounds()
        var apiRefusals = NightRefusals()
        var imageRefusals = NightRefusals()
        var isStopping = false
        var appended: [JobRecord] = []
        var lostRecords = false
        /// Records that the run has called written.
        var recordsTold = 0
        var signalsAwaited = 0
        var broken: [String] = []
        var trace: [String] = []
        let isTracing: Bool
    }

    let loop: NightLoop
    let state: Mutex<State>

    init(
        _ plan: NightPlan, weather: Weather, policy: RunPolicy, start: JournalView, disk: SimulatedDisk, seed: UInt64,
        isTracing: Bool
    ) {
        var disk = disk
        disk.room = weather.room
        loop = NightLoop(seed: seed)
        state = Mutex(
            State(
                lines: plan.lines, fates: plan.fates, told: plan.told, policy: policy, weather: weather,
                isDurable: plan.isDurable,
                sharesDisk: plan.sharesDisk, before: start,
                random: SeededGenerator(seed: seed ^ 0x5EED), disk: disk, isTracing: isTracing))
    }

    /// The size of a job's image, as a resumed run asks for it.
    func imageBytes(of id: JobID, named name: ImageName?) -> Int? {
        state.withLock { $0.disk.content(of: "\(id).png")?.count }
    }

    /// The machine or the program is gone: what is on the disk now is what stays.
    func crash() {
        state.withLock { $0.crash() }
    }

    func note(_ notice: Notice) {
        let now = loop.now()
        state.withLock { state in
            switch notice {
            case .retrying(let id, let failure, let pause):
                state.log { "\(now): job \(id.sampleNumber) \(failure.code.rawValue), again after \(pause)" }
            case .askingForFreshURL(let id, let failure):
                state.log { "\(now): job \(id.sampleNumber) \(failure.code.rawValue), a fresh url" }
            case .askingForTheImageAgain(let id, _):
                state.log { "\(now): job \(id.sampleNumber), the image once more" }
            case .refused(let stage, let lasted, let pause):
                state.isThrottled = true
                state.log { "\(now): \(stage) refused for \(lasted), again after \(pause)" }
            case .closed(let stage, let lasted, _):
                state.isThrottled = true
                state.log { "\(now): \(stage) refused for \(lasted), and given up" }
            case .pausing(let pause, _):
                state.isThrottled = true
                state.log { "\(now): a pause of \(pause)" }
            case .stopping(let reason):
                state.isStopping = true
                state.log { "\(now): stopping, \(reason)" }
            case .recorded(let records):
                state.recordsTold += records.count
            case .progress(let progress):
                if progress.manifestEnded, !state.isStopping { state.knewTheEnd = true }
            case .asked:
                break
            }
        }
    }

    /// Told when all tasks wait: a job that was never asked must not be held up by others that only wait.
    func checkIdleSlots() {
        state.withLock { state in
            guard state.survivor == nil, !state.isStopping, !state.lostRecords, !state.isThrottled,
                state.policy.rate == nil
            else { return }
            let kept = state.jobsRead.subtracting(state.told.keys).subtracting(state.jobsPolled).count
            if kept > 0, state.inFlight < state.policy.concurrency {
                state.broken.append("\(kept) new jobs wait while a slot is free")
            }
        }
    }
}

extension NightWorld.State {
    mutating func log(_ text: () -> String) {
        if isTracing { trace.append(text()) }
    }

    mutating func crash() {
        guard survivor == nil else { return }
        log { [weather] in "the \(weather.crash == .kill ? "program" : "machine") is gone" }
        survivor = disk
        if weather.crash == .powerLoss { survivor?.losePower(drawing: &random) }
    }

    /// Counts a touch of the disk; true if the crash comes instead of it, or has come.
    mutating func crashes(at touch: String) -> Bool {
        touches += 1
        log { [touches] in "disk \(touches): \(touch)" }
        if weather.crash != nil, weather.crashMoment == .touch(touches) { crash() }
        return survivor != nil
    }
}
