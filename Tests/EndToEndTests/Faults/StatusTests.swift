import Foundation
import Testing

extension EndToEnd {
    /// Every status of HTTP that means something, and every spelling of `Retry-After`.
    @Suite(.timeLimit(.minutes(5))) struct StatusTests {
        @Test func transientStatusOfTheAPIIsTriedAgainAndOthersAreNot() async throws {
            let transient = [408, 500, 502, 503, 504, 507, 520, 521, 522, 523, 524, 529, 530, 598, 599].map { status in
                Fault.poll("\(status)", status == 408 ? "timeout" : "server_error", polls: 3) { _ in
                    Act.reply(status)
                }
            }
            let lasting = [
                201, 202, 204, 205, 206, 300, 304, 305, 400, 405, 406, 409, 410, 418, 422, 451, 501, 505, 506, 508, 510,
                511,
            ]
            .map { status in
                Fault.poll("\(status)", "http_error", polls: 1) { _ in Act.reply(status) }
            }
            let pages = [
                Fault.poll("200 with a page", "invalid_response", polls: 3) { _ in
                    Act.reply(200, ["Content-Type: text/html"], body: Array("<!doctype html><p>Sign in".utf8))
                },
                Fault.poll("404 in the API's own words", "job_not_found", "resubmit", polls: 1) { _ in
                    Act.reply(
                        404, json: #"{"success":false,"data":{"error_code":"5000","error_message":"JOB_NOT_FOUND"}}"#)
                },
                Fault.poll("202 with a job's reply", "downloaded", polls: 2) { exchange in
                    exchange.count == 1
                        ? Act.reply(202, json: #"{"job_id":"\#(exchange.id)","data":{"status":"in-progress"}}"#)
                        : exchange.good
                },
                Fault.poll("403", "forbidden", "fix", polls: 1) { _ in Act.reply(403, json: "{}") },
                Fault.poll("200 with nothing", "invalid_response", polls: 3) { _ in Act.reply(200) },
            ]
            try await expectEnds(of: transient + lasting + pages)
        }

        @Test func refusalsUseUpNoAttemptAndEndAfterTheLongestWait() async throws {
            let server = try FaultServer { exchange in
                exchange.isHealed ? exchange.good : Act.reply(429, json: #"{"message":"Slow down"}"#)
            }
            let night = try Night(server)
            let records = try await night.run((0..<8).map { line(faultID($0)) }, ["--retries", "0"], status: 75)
            #expect(records.values.allSatisfy { $0.code == "rate_limited" && $0.action == "rerun" })
            #expect(records.values.allSatisfy { $0.object("retry")["after_seconds"] as? Int == 60 })
            server.heal()
            try await night.expectRerunFinishes(records.values)
        }

        @Test func noJobIsLostToAWindowOfRefusals() async throws {
            // Each job's first two polls and first two downloads are refused, and there is no attempt to lose.
            let server = try FaultServer { exchange in exchange.count < 3 ? Act.reply(429) : exchange.good }
            let night = try Night(server)
            let records = try await night.run(
                (0..<8).map { line(faultID($0)) }, ["--retries", "0", "--max-wait", "20s"], status: 0)
            #expect(records.values.allSatisfy { $0.status == "downloaded" })
        }

        @Test(arguments: ["3600", "3599.2"]) func timeBeyondTheLongestWaitIsHandedOn(named: String) async throws {
            let server = try FaultServer { _ in Act.reply(429, ["Retry-After: \(named)"]) }
            let night = try Night(server)
            let records = try await night.run((0..<40).map { line(faultID($0)) }, ["-j", "4"], status: 75)
            #expect(records.values.allSatisfy { $0.code == "rate_limited" })
            let waits = records.values.compactMap { $0.object("retry")["after_seconds"] as? Int }
            #expect(waits.count == 40 && waits.allSatisfy { (3590...3600).contains($0) }, "\(waits)")
            #expect(server.heads.count <= 4)
        }

        @Test func imageHostThatRefusesIsGivenUpAfterTheLongestWaitAndTheOthersAreNot() async throws {
            let good = try FaultServer { exchange in exchange.good }
            let server = try FaultServer(elsewhere: good.url) { exchange in
                guard exchange.isPoll else { return Act.reply(429) }
                let isOdd = exchange.id.last.flatMap(\.hexDigitValue).map { $0 % 2 == 1 } ?? false
                return exchange.completed(url: "\(isOdd ? exchange.elsewhere : exchange.home)/\(exchange.id).png")
            }
            let night = try Night(server, strangers: [good])
            let records = try await night.run((0..<16).map { line(faultID($0)) }, ["-j", "4"], status: 75)
            #expect(records.values.count { $0.status == "downloaded" } == 8)
            let refused = records.values.filter { $0.code == "download_http_error" }
            #expect(refused.count == 8 && refused.allSatisfy { $0.action == "rerun" })
        }

        @Test func transientStatusOfTheImageHostIsTriedAgainAndOthersAreNot() async throws {
            let transient = [500, 502, 503, 504, 507, 520, 521, 522, 523, 524, 529, 530].map { status in
                Fault.image("\(status)", "download_http_error", polls: 1, downloads: 3) { _ in Act.reply(status) }
            }
            let expired = [403, 404, 410].map { status in
                Fault.image("\(status)", "url_expired", polls: 2, downloads: 2) { _ in Act.reply(status) }
            }
            // A 401 of an image's host says nothing about the key, which it was never given.
            let lasting = [201, 204, 206, 300, 301, 304, 307, 400, 401, 405, 416, 422, 501].map { status in
                Fault.image("\(status)", "download_http_error", downloads: 1) { _ in Act.reply(status) }
            }
            try await expectEnds(
                of: transient + expired + lasting + [
                    Fault.image("408", "timeout", polls: 1, downloads: 3) { _ in Act.reply(408) }
                ])
        }

        /// Every spelling delays the job by no more than `--max-wait` and is then done with.
        @Test func everySpellingOfRetryAfterIsBounded() async throws {
            let values = [
                "0", "1", "-5", "soon", "", " 1 ", "1.5", "1e3", "0x10", "99999999999999999999999999",
                "9223372036854775807",
                "Wed, 21 Oct 2015 07:28:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994", "Thu, 32 Foo 2024 99:99:99 GMT", "1, 2", "\u{661}",
            ]
            let faults = values.map { value in
                Fault.poll("503 Retry-After: \(value)", "downloaded", polls: 2) { exchange in
                    exchange.count == 1 ? Act.reply(503, ["Retry-After: \(value)"]) : exchange.good
                }
            }
            // All at once, so that the pace is lowered once and not with every new refusal.
            try await expectEnds(of: faults, ["--max-wait", "300ms", "-j", "64"], status: 0)
        }

        @Test func absurdRetryAfterComesBackAsAMonthAtMost() async throws {
            let server = try FaultServer { _ in Act.reply(503, ["Retry-After: 99999999999999999999"]) }
            let night = try Night(server)
            let records = try await night.run([line(faultID(0))], ["--max-wait", "50ms"], status: 75)
            #expect(records[1]?.object("retry")["after_seconds"] as? Int == 2_678_400, "\(records)")
        }

        @Test func rejectedKeyEndsTheRunAndEveryLineHasItsRecord() async throws {
            let server = try FaultServer { _ in Act.reply(401, json: #"{"message":"Unauthorized"}"#) }
            let night = try Night(server)
            let records = try await night.run((0..<40).map { line(faultID($0)) }, ["-j", "4"], status: 77)
            #expect(records.values.allSatisfy { $0.code == "unauthorized" && $0.action == "fix" })
            #expect(server.heads.count <= 8)
        }

        @Test func fiveRefusalsInARowEndTheRunAndFourDoNot() async throws {
            let server = try FaultServer { exchange in
                exchange.count == 1 && exchange.id == faultID(4) ? exchange.good : Act.reply(403, json: "{}")
            }
            let night = try Night(server)
            let records = try await night.run((0..<14).map { line(faultID($0)) }, ["-j", "1"], status: 77)
            #expect(records.values.count { $0.code == "forbidden" } == 13)
            #expect(server.heads.count < 14)
        }
    }
}
