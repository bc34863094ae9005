import Foundation
import Testing

extension EndToEnd {
    /// `check --online`: the API is asked once.
    @Suite(.timeLimit(.minutes(5))) struct CheckOnlineTests {
        private func check(_ night: Night, _ arguments: [String] = []) async throws -> Ended {
            let manifest = try night.scratch.file("jobs.jsonl", [0, 1, 2].map { line(faultID($0)) + "\n" }.joined())
            return try await night.start(
                ["check", "--online", "--request-timeout", "1s", "--connect-timeout", "1s"] + arguments + [manifest]
            ).end()
        }

        @Test func firstJobThatTheRunWouldAskAboutIsPolledOnce() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let journal = ["--resume", "-r", "results.jsonl"]
            _ = try await fetch.run([line(fixture(1))], journal)
            let manifest = try fetch.scratch.file(
                "jobs.jsonl", "nonsense\n\(line(fixture(1)))\n\(line(fixture(1, picture: 1)))\n")
            let before = try await fetch.simulator.statistics().requests
            let ended = try await fetch.run(arguments: ["check", "--online", "--tolerate", "1"] + journal + [manifest])
            #expect(ended.status == 0, "\(ended)")
            #expect(
                ended.standardError.contains("The API has told the state of the job \(fixture(1, picture: 1))"),
                "\(ended)")
            let after = try await fetch.simulator.statistics().requests
            #expect(after.poll == before.poll + 1)
            #expect(after.image == before.image)
            // With nothing left to do the first job of all serves.
            _ = try fetch.scratch.file("jobs.jsonl", line(fixture(1)))
            let settled = try await fetch.run(arguments: ["check", "--online"] + journal + [manifest])
            #expect(settled.status == 0, "\(settled)")
            #expect(settled.standardError.contains("the state of the job \(fixture(1)):"), "\(settled)")
            _ = try fetch.scratch.file("jobs.jsonl", "")
            let empty = try await fetch.run(arguments: ["check", "--online", manifest])
            #expect(empty.status == 0, "\(empty)")
            #expect(empty.standardError.contains("no line names a job"), "\(empty)")
        }

        @Test func unknownJobIsAsGoodAsAState() async throws {
            let server = try FaultServer { _ in
                Act.reply(404, json: #"{"success":false,"data":{"error_code":"5000","error_message":"JOB_NOT_FOUND"}}"#)
            }
            let ended = try await check(try Night(server))
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardError.contains("knows no job \(faultID(0))"), "\(ended)")
            #expect(server.heads.count == 1)
        }

        @Test(
            arguments: [
                (401, 77), (403, 77), (404, 78), (302, 78), (400, 78), (429, 75), (500, 75), (503, 75), (501, 75),
                (200, 78),
            ] as [(Int, Int32)]) func answerHasItsStatus(http: Int, status: Int32) async throws
        {
            let server = try FaultServer { _ in Act.reply(http, json: "{}") }
            let ended = try await check(try Night(server))
            #expect(ended.status == status, "\(http): \(ended)")
            #expect(ended.standardError.contains("asked about the job \(faultID(0)): The "), "\(ended)")
            #expect(!ended.standardError.contains(Night.canary))
            #expect(server.heads.count == 1)
            #expect(ended.standardOutput == "")
        }

        @Test func noAnswerIsForLater() async throws {
            let silent = try FaultServer { _ in [.hold] }
            #expect(try await check(try Night(silent)).status == 75)
            let closed = try Night(api: "http://127.0.0.1:1/pictoryapis")
            #expect(try await check(closed).status == 75)
        }

        @Test func refusalGoesBeforeTheAnswer() async throws {
            let server = try FaultServer { _ in Act.reply(401, json: "{}") }
            let night = try Night(server)
            let output = try await check(night, ["-o", "/dev/null"])
            #expect(output.status == 73, "\(output)")
            #expect(output.standardError.contains("The API rejects the key"), "\(output)")
            // A configuration that cannot be asked with is not tried.
            let configuration = try await check(night, ["--ca-file", "nowhere.pem"])
            #expect(configuration.status == 78, "\(configuration)")
            #expect(configuration.standardError.contains("is not asked"), "\(configuration)")
            #expect(server.heads.count == 1)
        }
    }
}
