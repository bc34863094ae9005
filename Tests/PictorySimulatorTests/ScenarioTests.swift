import Testing

@testable import PictorySimulator

@Suite struct ScenarioTests {
    private func ids(_ count: Int) -> [String] {
        Manifest(jobs: count, seed: 3).map { String($0.dropFirst(#"{"job_id":""#.count).prefix(36)) }
    }

    @Test func sameSeedGivesTheSameReplies() {
        for scenario in Scenario.allCases {
            let (first, second) = (Trial(scenario, seed: 11), Trial(scenario, seed: 11))
            for job in ids(60) {
                for time in [0.0, 30, 400] {
                    #expect(first.poll(job, at: time) == second.poll(job, at: time))
                }
            }
        }
    }

    @Test func anotherSeedIsAnotherNight() throws {
        let job = try #require(JobID(ids(1)[0]))
        let planner = { JobPlanner(seed: $0, scenario: .evening, forcedSize: nil) }
        #expect(planner(1).plan(for: job).picture != planner(2).plan(for: job).picture)
    }

    @Test func threeJobsOfFiveAreFinishedAtTheFirstPollOfTheEvening() {
        let trial = Trial(.evening)
        let finished = ids(2000).count { !trial.poll($0).text.contains("in-progress") }
        #expect((1100...1300).contains(finished))
    }

    @Test func calmJobsAllEndWithAnImage() {
        let trial = Trial(.calm)
        for job in ids(200) {
            _ = trial.poll(job)
            #expect(trial.poll(job, at: 121).url != nil)
        }
    }

    @Test func waitingJobsCountOnlyPollsThatAreSpaced() throws {
        let planner = JobPlanner(seed: 7, scenario: .waiting, forcedSize: nil)
        for job in ids(40) {
            let plan = planner.plan(for: try #require(JobID(job)))
            guard case .polls(let count, spacing: 10) = plan.life else {
                Issue.record("unexpected life: \(plan.life)")
                return
            }
            #expect((1...12).contains(count))
            let trial = Trial(.waiting)
            for poll in 1...count {
                let reply = trial.poll(job, at: Double(poll) * 10)
                #expect((reply.url != nil) == (poll == count))
                #expect((trial.poll(job, at: Double(poll) * 10 + 9).url != nil) == (poll == count))
            }
        }
    }

    @Test func timeScaleStretchesTheJobsAndNothingElse() {
        let trial = Trial(.calm, timeScale: 100)
        #expect(trial.poll(.inProgress, at: 0).url == nil)
        #expect(trial.poll(.inProgress, at: 0.2).url == nil)
        #expect(trial.poll(.inProgress, at: 0.26).url != nil)
    }

    @Test func fixtureStartsAnewAfterTenQuietMinutes() {
        let trial = Trial()
        _ = trial.poll(.inProgress, at: 0)
        #expect(trial.poll(.inProgress, at: 30).url != nil)
        #expect(trial.poll(.inProgress, at: 629).url != nil)
        #expect(trial.poll(.inProgress, at: 1300).url == nil)
    }

    @Test func patienceGetsAlmostEveryImageOutOfAStorm() {
        let trial = Trial(.storm)
        let jobs = ids(300)
        var faults = 0
        let got = jobs.count { job in
            for attempt in 0..<8 {
                let reply = trial.poll(job, at: Double(attempt) * 130)
                guard reply.status == 200, reply.delivery != .cut, let url = reply.url else {
                    faults += 1
                    continue
                }
                let image = trial.download(url)
                if image.status == 200, [.whole, .slow(0)].contains(image.delivery),
                    case .picture(_, damage: nil) = image.body
                {
                    return true
                }
                faults += 1
            }
            return false
        }
        #expect(got >= 298)
        #expect(faults > 150)
    }

    @Test func revokedKeyIsRefusedEverywhere() {
        let trial = Trial(.unauthorized)
        #expect(trial.poll(.completed).status == 401)
        #expect(trial.poll(ids(1)[0]).text == #"{"message":"Unauthorized"}"#)
    }

    @Test func doorsOpenOnlyToANamedClientWithTheRawKey() {
        let trial = Trial()
        let job = Trial.fixture(1)
        #expect(trial.poll(job, headers: ["Authorization": ""]).status == 401)
        #expect(trial.poll(job, headers: ["Authorization": "Bearer pictai_simulator"]).status == 401)
        #expect(trial.poll(job, headers: ["User-Agent": ""]).text.contains("1010"))
        #expect(trial.poll(job, headers: ["User-Agent": "Python-urllib/3.12"]).status == 403)
        #expect(trial.poll("not-a-uuid").status == 404)
        #expect(trial.poll(job.uppercased()).status == 200)
    }

    @Test func rateLimiterRefusesTheTwentyFirstPollOfASecond() {
        let trial = Trial(.rateLimited)
        let statuses = (0..<25).map { _ in trial.poll(.completed, at: 5).status }
        #expect(statuses == Array(repeating: 200, count: 20) + Array(repeating: 429, count: 5))
        #expect(trial.poll(.completed, at: 5).header(.retryAfter) == "1")
        #expect(trial.poll(.completed, at: 5.06).status == 200)
    }
}
