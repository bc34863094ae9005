import Testing

@testable import PictorySimulator

@Suite struct FixtureReplyTests {
    private func body(_ fixture: Fixture, status: Int = 200) -> String {
        let trial = Trial()
        let reply = trial.poll(fixture)
        #expect(reply.status == status)
        return reply.text.replacing(Trial.fixture(fixture.rawValue), with: "ID")
    }

    @Test func completedReplyHasEveryDocumentedField() throws {
        let text = body(.completed)
        let pattern = try Regex(
            #"\{"job_id":"ID","success":true,"data":\{"status":"completed","url":"http://127\.0\.0\.1:9/images/user/"#
                + #"[0-9a-f-]{36}/ID\.png","width":32,"height":24,"aiCreditsUsed":(0\.6|2|4|14)\}\}"#)
        #expect(text.wholeMatch(of: pattern) != nil, "\(text)")
    }

    @Test func inProgressReplyIsSuccessful() {
        #expect(body(.inProgressForEver) == #"{"job_id":"ID","success":true,"data":{"status":"in-progress"}}"#)
        #expect(body(.renderProgress).contains(#""data":{"status":"in-progress","renderProgress":0}"#))
    }

    @Test func failedRepliesCarryCodeAndMessage() {
        let opening = #"{"job_id":"ID","success":false,"data":{"status":"failed","error_code":"5001","error_message":""#
        #expect(body(.failed5001).hasPrefix(opening))
        #expect(body(.failedCredits).contains(#""error_code":"INSUFFICIENT_CREDITS","error_message":""#))
        #expect(body(.legacyError).contains(#""error_code":890"#))
    }

    @Test func jobsWithoutAnImageSaySoInTheirOwnWay() {
        #expect(body(.cleaned) == #"{"job_id":"ID","success":true,"data":{"status":"cleaned"}}"#)
        #expect(body(.unknownStatus).contains(#""status":"archived""#))
        #expect(!body(.storyboard).contains("status"))
        #expect(!body(.withoutURL).contains("url"))
        #expect(body(.video).contains(#"ID.mp4","duration":"8s""#))
    }

    @Test func notFoundHasSeveralShapes() {
        #expect(body(.notFound404, status: 404) == #"{"message":"Not Found"}"#)
        let error = #""error_code":"5000","error_message":"JOB_NOT_FOUND""#
        #expect(body(.notFoundInBody) == #"{"job_id":"ID","success":false,"data":{"# + error + "}}")
        #expect(body(.notFoundAs500, status: 500) == #"{"success":false,"# + error + "}")
    }

    @Test func echoMayBeMissingOrAnothers() {
        #expect(!body(.noEcho).contains("job_id"))
        #expect(body(.otherEcho).hasPrefix(#"{"job_id":"00000000-0000-4000-8000-000000000056""#))
    }

    @Test func declaredSizeMayDiffer() {
        #expect(body(.declaredSizeDiffers).contains(#""width":1280,"height":720"#))
    }

    @Test func badLinksAreGivenAsDemanded() {
        #expect(body(.metadataURL).contains("http://169.254.169.254/"))
        #expect(body(.fileURL).contains("file:///etc/passwd"))
        #expect(body(.notJSON) == "upstream connect error or disconnect\n")
    }

    @Test func refusalsHappenOnceARound() {
        let trial = Trial()
        let statuses = { (fixture: Fixture) in (0..<4).map { _ in trial.poll(fixture).status } }
        #expect(statuses(.rateLimitedOnce) == [429, 200, 429, 200])
        #expect(statuses(.forbiddenOnce) == [403, 200, 403, 200])
        #expect(statuses(.serverErrorTwice) == [500, 500, 200, 500])
        #expect(statuses(.unavailable) == [503, 503, 503, 503])
    }

    @Test func retryAfterComesAsSecondsAndAsDate() {
        let trial = Trial()
        #expect(trial.poll(.rateLimitedOnce).header(.retryAfter) == "1")
        #expect(trial.poll(.rateLimitedDateOnce).header(.retryAfter) == "Sun, 06 Nov 1994 08:49:39 GMT")
    }

    @Test func resetsAreDeliveredAsResets() {
        let trial = Trial()
        #expect(trial.poll(.pollResetOnce).delivery == .resetAtOnce)
        #expect(trial.poll(.pollResetOnce).delivery == .whole)
        #expect(trial.simulation.statistics.statuses[.poll]?[Statistics.noStatus] == 1)
    }

    @Test func everyFixtureIsReachedByItsCode() throws {
        for fixture in Fixture.allCases {
            let job = try #require(JobID(Trial.fixture(fixture.rawValue)))
            #expect(Fixture(job) == fixture)
        }
        let unlisted = try #require(JobID(Trial.fixture(0xEE)))
        #expect(Fixture(unlisted) == .completed)
    }
}
