import TestRandom

@testable import FetchCore

/// A night in a test tube: a few runs in bad weather, each after the crash or the end of the one before, and two in
/// calm weather that finish the rest.
///
/// All of it follows from the seed.
struct Night {
    let seed: UInt64
    var isTracing = false

    /// What came of a night.
    struct Result: Equatable {
        /// Rules that were broken, with the run that broke them; empty when all is well.
        var broken: [String] = []
        /// What happened, if that was asked for.
        var trace: [String] = []
        /// What was played, to see that nights are not all alike.
        var runs = 0
        var crashes = 0
        var records = 0
        var ends: [RunEnd] = []
    }

    func play() -> Result {
        let plan = NightPlan(seed: seed)
        var random = SeededGenerator(seed: seed ^ 0xDA7)
        var disk = SimulatedDisk()
        var damaged: Set<String> = []
        var lost: Set<Int> = []
        var result = Result()
        for number in 1...plan.storms {
            let weather = Weather.storm(in: plan, &random)
            let run = PlayedRun.play(
                plan, weather: weather, policy: plan.policy, on: disk, seed: random.next(), isTracing: isTracing)
            result.add(run, number: number, run.brokenRules(exceptFor: damaged))
            disk = run.disk
            lost.formUnion(run.lostBeyondSight)
            if weather.losesPowerAfterwards, !run.hasCrashed {
                disk.losePower(drawing: &random)
                let broken = PlayedRun.check(disk, exceptFor: damaged) + run.keepsItsRecords(on: disk)
                result.add(number: number, broken.map { "\($0), after a loss of power" })
            }
            if weather.damagesImage, let name = disk.names.keys.sorted().first(where: { $0.hasSuffix(".png") }) {
                // What people do to an image is no run's fault, and a run that comes to its end puts it right.
                disk.damage(name, byRemoval: random.chance(0.5))
                damaged.insert(name)
            }
        }
        for number in plan.storms + 1...plan.storms + 2 {
            let run = PlayedRun.play(
                plan, weather: .calm, policy: plan.patientPolicy, on: disk, seed: random.next(),
                isTracing: isTracing)
            let isSecond = number == plan.storms + 2
            result.add(
                run, number: number,
                run.brokenRules(exceptFor: []) + run.finishesTheRest(exceptFor: lost)
                    + (isSecond ? run.downloadsNothing : []))
            disk = run.disk
        }
        return result
    }
}

extension Night.Result {
    fileprivate mutating func add(_ run: PlayedRun, number: Int, _ rules: [String]) {
        runs += 1
        crashes += run.hasCrashed ? 1 : 0
        records += run.facts.appended.count
        if let report = run.report, !run.hasCrashed { ends.append(RunEnd(of: report)) }
        if run.facts.isTracing {
            trace.append("run \(number): \(run.weather.summary)")
            trace += run.facts.trace.map { "  \($0)" }
        }
        add(number: number, rules)
    }

    fileprivate mutating func add(number: Int, _ rules: [String]) {
        broken += rules.map { "run \(number): \($0)" }
    }

    /// All that happened, for the person who has to find out why.
    func story(of seed: UInt64) -> String {
        (["night \(seed), again with: scripts/nights 1 \(seed)"] + trace + broken).joined(separator: "\n")
    }
}
