import Synchronization
import TestRandom

@testable import FetchCore

/// The one thread of a night and its clock: which ready task goes on is drawn from the seed, and time moves on when
/// none is ready.
///
/// A run whose tasks all prefer this executor is a function of the seed: nothing else has a thread, and no real time
/// is ever read.
final class NightLoop: TaskExecutor, RunClock, Sendable {
    private struct State {
        var random: SeededGenerator
        var now: Duration = .zero
        var ready: [Piece] = []
        var alarms: [Alarm] = []
        var alarmsSet = 0
        var steps = 0

        mutating func set(_ moment: Duration, _ action: Alarm.Action) -> Int {
            alarmsSet += 1
            alarms.append(Alarm(number: alarmsSet, moment: moment, action: action))
            return alarmsSet
        }
    }

    /// A task up to its next wait.
    private struct Piece {
        let job: UnownedJob
        let executor: UnownedTaskExecutor
    }

    /// Something that happens at its moment, or earlier if it is brought forward.
    private struct Alarm {
        enum Action {
            case start(Piece)
            case resume(CheckedContinuation<Void, Never>)
        }

        let number: Int
        var moment: Duration
        let action: Action
    }

    /// How a drive came to its end.
    enum Ending: Equatable {
        /// No task is ready and no alarm is set.
        case quiet
        /// Far more steps than any night needs.
        case endless
    }

    private let state: Mutex<State>

    init(seed: UInt64) {
        state = Mutex(State(random: SeededGenerator(seed: seed)))
    }

    /// More steps than the longest night has by a factor of ten.
    private static let stepLimit = 200_000

    func enqueue(_ job: consuming ExecutorJob) {
        let piece = Piece(job: UnownedJob(job), executor: asUnownedTaskExecutor())
        state.withLock { $0.ready.append(piece) }
    }

    /// Starts a job of another executor at its moment, and returns the number to bring it forward by.
    @discardableResult
    func schedule(_ job: UnownedJob, of executor: UnownedTaskExecutor, at moment: Duration) -> Int {
        state.withLock { state in
            state.set(moment, .start(Piece(job: job, executor: executor)))
        }
    }

    /// Has an alarm go off now; nothing if it went off already.
    func bringForward(_ number: Int) {
        state.withLock { state in
            guard let index = state.alarms.firstIndex(where: { $0.number == number }) else { return }
            state.alarms[index].moment = state.now
        }
    }

    /// Lets time pass while nobody moves, as when the process is stopped for a while.
    func freeze(for pause: Duration) {
        state.withLock { $0.now += pause }
    }

    func now() -> Duration { state.withLock(\.now) }

    func sleep(until moment: Duration) async {
        let number = state.withLock { state in
            state.alarmsSet += 1
            return state.alarmsSet
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let moment = Task.isCancelled ? .zero : moment
                let alarm = Alarm(number: number, moment: moment, action: .resume(continuation))
                state.withLock { $0.alarms.append(alarm) }
            }
        } onCancel: {
            bringForward(number)
        }
    }

    /// Runs until nothing is left to happen; `atStep` is told the number of each step, and `atRest` every moment at
    /// which all wait.
    func drive(atStep: (Int) -> Void, atRest: () -> Void) -> Ending {
        while true {
            for action in dueActions() {
                perform(action)
            }
            if let (piece, step) = draw() {
                guard step < Self.stepLimit else { return .endless }
                atStep(step)
                piece.job.runSynchronously(on: piece.executor)
            } else {
                atRest()
                guard moveToNextAlarm() else { return .quiet }
            }
        }
    }

    private func perform(_ action: Alarm.Action) {
        switch action {
        case .start(let piece): state.withLock { $0.ready.append(piece) }
        case .resume(let continuation): continuation.resume()
        }
    }

    private func dueActions() -> [Alarm.Action] {
        state.withLock { state in
            guard state.alarms.contains(where: { $0.moment <= state.now }) else { return [] }
            let due = state.alarms.filter { $0.moment <= state.now }
                .sorted { ($0.moment, $0.number) < ($1.moment, $1.number) }
            state.alarms.removeAll { $0.moment <= state.now }
            return due.map(\.action)
        }
    }

    private func draw() -> (Piece, step: Int)? {
        state.withLock { state in
            guard !state.ready.isEmpty else { return nil }
            state.steps += 1
            state.now += .microseconds(Int.random(in: 0...50, using: &state.random))
            let index = Int.random(in: 0..<state.ready.count, using: &state.random)
            return (state.ready.remove(at: index), state.steps)
        }
    }

    private func moveToNextAlarm() -> Bool {
        state.withLock { state in
            guard let next = state.alarms.map(\.moment).min() else { return false }
            state.now = max(state.now, next)
            return true
        }
    }
}
