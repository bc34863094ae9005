import FetchCore
import Records
import Testing

@testable import Report

@Suite struct ToDoTextTests {
    @Test func failuresAreGroupedWithTheirReasonAndCommand() throws {
        let lines =
            (1...25).map { PageSample.failed($0) }
            + [
                PageSample.failed(30, code: "url_rejected", action: "fix", reason: "Name the host."),
                PageSample.failed(31, code: "url_rejected", action: "fix", reason: "Permit http."),
                PageSample.failed(32, "duplicate", code: "duplicate_job_id", action: "none", reason: "Fetched once."),
            ]
        let page = try PageMaker().page(of: lines)
        #expect(page.contains("25 jobs"))
        #expect(page.contains("and 5 more"))
        #expect(page.contains("pictory-fetch jobs.jsonl # failed-timeout-rerun.jsonl"))
        #expect(page.contains("Name the host.") && page.contains("Permit http."))
        #expect(!page.contains("Fetched once."))
    }

    @Test func commandThatDoesAllStandsOnceAboveTheGroups() throws {
        let lines =
            (1...3).map { PageSample.failed($0) } + [
                PageSample.failed(4, "pending", code: "still_in_progress"),
                PageSample.failed(5, code: "job_failed", action: "resubmit"),
            ]
        var maker = try PageMaker()
        maker.doesAll = true
        let page = try maker.page(of: lines)
        #expect(page.split(separator: "pictory-fetch jobs.jsonl #").count == 2)
        #expect(page.contains("One run tries 4 jobs again, those of all groups that say rerun:"))
        let (fix, all, first) = (
            page.firstRange(of: "data-code=\"job_failed\""), page.firstRange(of: "One run tries"),
            page.firstRange(of: "data-code=\"timeout\"")
        )
        #expect(try #require(fix).lowerBound < #require(all).lowerBound)
        #expect(try #require(all).lowerBound < #require(first).lowerBound)
        maker.doesAll = false
        #expect(try maker.page(of: lines).split(separator: "pictory-fetch jobs.jsonl #").count == 3)
    }

    /// Of texts that look alike each is a group, for the script compares them byte by byte.
    @Test func reasonsThatLookAlikeAreTwoGroups() throws {
        let page = try PageMaker().page(of: [
            PageSample.failed(1, reason: "\u{e9}"), PageSample.failed(2, reason: "e\u{301}"),
        ])
        #expect(page.split(separator: "<article").count == 3)
    }

    @Test func manifestsThatLookAlikeAreTwo() throws {
        let page = try PageMaker().page(of: [
            PageSample.failed(1, manifest: "\u{e9}"), PageSample.failed(2, manifest: "e\u{301}"),
        ])
        #expect(page.contains("pictory-fetch \u{e9} e\u{301} #"))
        let shared = RerunFacts.Shared.one(ExactText("\u{e9}"))
        #expect(shared != .one(ExactText("e\u{301}")))
    }

    @Test func groupsAreBoundedAndTheRestIsCountedByAction() throws {
        let kinds =
            (1...130).map { PageSample.failed($0, reason: "Reason \($0).") }
            + (131...150).map { PageSample.failed($0, action: "none", reason: "Reason \($0).") }
        // A kind of many jobs is listed, however late it comes.
        let many = (200...219).map { PageSample.failed($0, code: "unauthorized", action: "fix") }
        let page = try PageMaker().page(of: kinds + many)
        #expect(page.contains("31 further failures of other kinds, with the action rerun, are not listed here."))
        #expect(page.contains("20 further failures of other kinds, with the action none, are not listed here."))
        #expect(page.contains("20 jobs") && page.contains("data-code=\"unauthorized\""))
        #expect(page.split(separator: "<article").count == 101)
    }

    @Test func kindWithManyJobsIsListedAfterVeryManyOthers() throws {
        let others = FailureGroups.mostCounted + 10
        let lines =
            (1...others).map { PageSample.failed($0, action: "none", reason: "Reason \($0).") }
            + (1...25).map { PageSample.failed(others + $0, code: "unauthorized", action: "fix") }
        let page = try PageMaker().page(of: lines)
        #expect(page.contains("25 jobs") && page.contains("data-code=\"unauthorized\""))
        let unlisted = Quantity.count(others - 99)
        #expect(
            page.contains("\(unlisted) further failures of other kinds, with the action none, are not listed here."))
    }
}
