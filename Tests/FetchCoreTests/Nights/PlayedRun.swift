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
