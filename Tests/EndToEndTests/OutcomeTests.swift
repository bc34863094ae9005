import Foundation
import Testing

extension EndToEnd {
    /// What each kind of job, line and refusal ends as.
    @Suite(.timeLimit(.minutes(5))) struct OutcomeTests {
        /// Fixture, status, code, action, warning.
        struct Expected: Sendable {
            let fixture: Int
            let status: String
            var code: String?
            var action: String?
            var warning: String?
        }

        static let outcomes = [
            Expected(fixture: 0x01, status: "downloaded"),
            Expected(fixture: 0x02, status: "downloaded"),
            Expected(fixture: 0x03, status: "pending", code: "still_in_progress", action: "rerun"),
            Expected(fixture: 0x04, status: "failed", code: "job_failed", action: "resubmit"),
            Expected(fixture: 0x05, status: "failed", code: "job_failed", action: "fix"),
            Expected(fixture: 0x06, status: "failed", code: "job_cleaned", action: "resubmit"),
            Expected(fixture: 0x07, status: "failed", code: "job_not_found", action: "resubmit"),
            Expected(fixture: 0x08, status: "failed", code: "job_not_found", action: "resubmit"),
            Expected(fixture: 0x09, status: "failed", code: "not_an_image_job", action: "none"),
            Expected(fixture: 0x0A, status: "failed", code: "invalid_response", action: "rerun"),
            Expected(fixture: 0x0B, status: "downloaded", warning: "job_id_not_echoed"),
            Expected(fixture: 0x0C, status: "failed", code: "job_id_mismatch", action: "rerun"),
            Expected(fixture: 0x0D, status: "failed", code: "unknown_status", action: "rerun"),
            Expected(fixture: 0x0E, status: "downloaded", warning: "dimension_mismatch"),
            Expected(fixture: 0x0F, status: "failed", code: "corrupt_png", action: "rerun"),
            Expected(fixture: 0x10, status: "failed", code: "truncated", action: "rerun"),
            Expected(fixture: 0x11, status: "downloaded"),
            Expected(fixture: 0x12, status: "failed", code: "url_expired", action: "rerun"),
            Expected(fixture: 0x13, status: "failed", code: "not_png", action: "rerun"),
            Expected(fixture: 0x14, status: "downloaded"),
            Expected(fixture: 0x15, status: "downloaded"),
            Expected(fixture: 0x16, status: "failed", code: "invalid_response", action: "rerun"),
            Expected(fixture: 0x18, status: "failed", code: "image_too_large", action: "fix"),
            Expected(fixture: 0x19, status: "failed", code: "forbidden", action: "fix"),
            Expected(fixture: 0x1A, status: "failed", code: "not_an_image_job", action: "none"),
            Expected(fixture: 0x1B, status: "downloaded"),
            Expected(fixture: 0x1C, status: "failed", code: "download_http_error", action: "rerun"),
            Expected(fixture: 0x1D, status: "failed", code: "job_not_found", action: "resubmit"),
            Expected(fixture: 0x1E, status: "downloaded"),
            Expected(fixture: 0x1F, status: "downloaded"),
            Expected(fixture: 0x20, status: "downloaded"),
            Expected(fixture: 0x21, status: "downloaded"),
            Expected(fixture: 0x23, status: "failed", code: "image_too_large", action: "fix"),
            Expected(fixture: 0x26, status: "failed", code: "server_error", action: "rerun"),
            Expected(fixture: 0x27, status: "failed", code: "url_rejected", action: "fix"),
            Expected(fixture: 0x28, status: "downloaded"),
        ]

        @Test func everyKindOfJobEndsAsTheContractSays() async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await fetch.run(
                Self.outcomes.map { line(fixture($0.fixture)) }, ["--max-image-size", "4MiB"])
            #expect(ended.status == 75, "\(ended)")
            let records = try ended.records()
            #expect(records.count == Self.outcomes.count)
            for expected in Self.outcomes {
                let id = fixture(expected.fixture)
                let record = try #require(records.first { $0.jobID == id })
                #expect(record.status == expected.status, "\(record.line)")
                #expect(record.code == expected.code, "\(record.line)")
                #expect(record.action == expected.action, "\(record.line)")
                #expect(record.warnings == [expected.warning].compactMap { $0 }, "\(record.line)")
                expectWellFormed(record)
            }
            let images = records.filter { $0.status == "downloaded" }.compactMap(\.jobID).map { "\($0).png" }
            #expect(fetch.scratch.files(in: "images") == images.sorted())
            #expect(ended.standardError.contains("job_failed"))
        }

        @Test(arguments: [
            ("{\"job_id\":\"x\"}", "invalid_job_id"), ("{}", "missing_job_id"), ("[]", "missing_job_id"),
            ("17", "missing_job_id"), ("{\"job_id\":null}", "missing_job_id"), ("{\"job_id\":7}", "invalid_job_id"),
            ("nonsense", "invalid_json"), ("{\"job_id\":", "invalid_json"), ("{'job_id':1}", "invalid_json"),
            ("\"../../etc/passwd\"", "invalid_job_id"), ("NaN", "invalid_json"),
        ]) func wrongLineIsOneInvalidRecordAndTheRunGoesOn(line wrong: String, code: String) async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run([wrong, line(fixture(1))])
            #expect(ended.status == 1, "\(ended)")
            let records = try ended.records()
            #expect(records.count == 2)
            let record = try #require(records.first { $0.number == 1 })
            #expect(record.status == "invalid")
            #expect(record.code == code, "\(record.line)")
            #expect(record.action == "fix")
            #expect(record.line.contains("\"job_id\":null"))
            expectWellFormed(record)
            #expect(records.first { $0.number == 2 }?.status == "downloaded")
        }

        @Test func lineBeyondAMebibyteIsRefusedAndTheRunGoesOn() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let long = "{\"job_id\":\"\(fixture(1))\",\"x\":\"" + String(repeating: "x", count: 2 << 20) + "\"}"
            let ended = try await fetch.run([long, line(fixture(1, picture: 1))])
            let records = try ended.records()
            #expect(records.first { $0.number == 1 }?.code == "line_too_long")
            #expect(records.first { $0.number == 2 }?.status == "downloaded")
        }

        @Test func failuresPipedBackInCarryTheirHistory() async throws {
            let fetch = try Fetch(try await Simulator())
            let first = try await fetch.run([#"{"job_id":"\#(fixture(3))","note":1.10}"#], ["--once"])
            #expect(first.status == 75)
            let record = try #require(try first.records().first)
            let again = try await fetch.run([record.line], ["--once"])
            let next = try #require(try again.records().first)
            #expect(next.runs == 2)
            #expect(next.text("first_seen") == record.text("first_seen"))
            #expect(next.line.contains(#""input":{"job_id":"\#(fixture(3))","note":1.10}"#), "\(next.line)")
        }

        @Test func silentImageEndsAsATimeoutAndFreesItsSlot() async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await fetch.run(
                [line(fixture(0x22)), line(fixture(1))], ["-j", "1", "--stall-timeout", "500ms", "--retries", "1"])
            let records = try ended.records()
            let silent = records.first { $0.jobID == fixture(0x22) }
            #expect(silent?.code == "timeout", "\(ended)")
            #expect(silent?.downloads == 2)
            #expect(records.first { $0.jobID == fixture(1) }?.status == "downloaded", "\(ended)")
            #expect(fetch.scratch.files(in: "images") == ["\(fixture(1)).png"])
        }

        @Test func rejectedKeyStopsTheRunWith77() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "unauthorized"))
            let ended = try await fetch.run(try await manifestIDs(200).map(line), ["-j", "4"])
            #expect(ended.status == 77, "\(ended)")
            let records = try ended.records()
            #expect(!records.isEmpty)
            #expect(records.allSatisfy { $0.code == "unauthorized" && $0.action == "fix" })
            #expect(try await fetch.simulator.statistics().requests.poll <= 8)
        }

        @Test func deadlineLeavesTheRestPending() async throws {
            let fetch = try Fetch(try await Simulator())
            let ended = try await fetch.run(
                [line(fixture(1)), line(fixture(3))], ["--deadline", "2s", "--max-wait", "60s"])
            #expect(ended.status == 75, "\(ended)")
            let records = try ended.records()
            #expect(records.first { $0.jobID == fixture(1) }?.status == "downloaded")
            #expect(records.first { $0.jobID == fixture(3) }?.code == "deadline")
        }

        /// Fields in the contract's order, and present just when they apply.
        private func expectWellFormed(_ record: Record) {
            let order = [
                "v", "job_id", "status", "manifest", "line", "image", "ai_credits_used", "error", "retry", "warnings",
                "duplicate_of_line", "polls", "downloads", "first_seen", "finished_at", "elapsed_ms", "waited_ms",
                "download_ms", "runs", "input",
            ]
            let top = order.filter { record.has($0) }
            #expect(record.names.filter { order.contains($0) } == top, "\(record.line)")
            #expect(record.has("image") == (record.status == "downloaded"), "\(record.line)")
            #expect(record.has("error") == (record.status != "downloaded"), "\(record.line)")
            #expect(record.has("retry") == (record.status != "downloaded"), "\(record.line)")
            #expect(record.has("download_ms") == (record.status == "downloaded"), "\(record.line)")
            #expect(record.has("waited_ms") || record.status != "downloaded", "\(record.line)")
            let (elapsed, times) = (record.elapsed ?? 0, (record.waited ?? 0, record.downloadTime ?? 0))
            #expect(times.0 + times.1 <= elapsed, "\(record.line)")
            #expect((record.object("retry")["not_before"] != nil) == (record.action == "rerun"), "\(record.line)")
            #expect((record.object("error")["message"] as? String)?.isEmpty != true, "\(record.line)")
        }
    }
}
