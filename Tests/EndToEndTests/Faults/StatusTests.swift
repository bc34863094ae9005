import Foundation
import Testing

extension EndToEnd {
    /// Every status of HTTP that means something, and every spelling of `Retry-After`.
    @Suite(.timeLimit(.minutes(5))) struct StatusTests {
        @Test func transientStatusOfTheAPIIsTriedAgainAndOthersAreNot() async throws {
            let transient = [408, 500, 502, 503, 504, 520, 521, 522, 523, 524].map { status in
                Fault.poll("\(status)", status == 408 ? "timeout" : "server_error", polls: 3) { _ in
                    Act.reply(status)
                }
            }
            let lasting = [
                201, 202, 204, 205, 206, 300, 304, 305, 400, 405, 406, 409, 410, 418, 422, 451, 501, 505, 599,
            ]
            .map { status in
                Fault.poll("\(status)", "http_error", polls: 1) { _ in Act.reply(status) }
            }
            let pages = [
                Fault.poll("200 with a page", "invalid_response", polls: 3) { _ in
                    Act.reply(200, ["Content-Type: text/html"], body: Array("<!doctype html><p>Sign in".utf8))
                },
                Fault.poll("404 with a page", "http_error", polls: 1) { _ in
                    Act.reply(404, ["Content-Type: text/html"], body: Array("<html><h1>Not found</h1>".utf8))
                },
                Fault.poll("404", "job_not_found", "resubmit", polls: 1) { _ in
                    Act.reply(404, json: #"{"message":"Not found"}"#)
                },
                Fault.poll("403", "forbidden", "fix", polls: 1) { _ in Act.reply(403, json: "{}") },
                Fault.poll("200 with nothing", "invalid_response", polls: 3) { _ in Act.reply(200) },
            ]
            try await expectEnds(of: transient + lasting + pages)
        }

        @Test func tooManyRequestsEndAsRateLimited() async throws {
            try await expectEnds(of: [
                Fault.poll("429", "rate_limited", polls: 3) { _ in Act.reply(429, json: #"{"message":"Slow down"}"#) }
            ])
        }

        @Test func transientStatusOfTheImageHostIsTriedAgainAndOthersAreNot() async throws {
            let transient = [500, 502, 503, 504, 520, 521, 522, 523, 524].map { status in
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
                    Fault.image("408", "timeout", polls: 1, downloads: 3) { _ in Act.reply(408) },
                    Fault.image("429", "download_http_error", polls: 1, downloads: 3) { _ in Act.reply(429) },
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
            let faults = [429, 503].flatMap { status in
                values.map { value in
                    Fault.poll("\(status) Retry-After: \(value)", "downloaded", polls: 2) { exchange in
                        exchange.count == 1 ? Act.reply(status, ["Retry-After: \(value)"]) : exchange.good
                    }
                }
            }
            // All at once, so that the pace is lowered once and not with every new refusal.
            try await expectEnds(of: faults, ["--max-wait", "300ms", "-j", "64"], status: 0)
        }

        @Test func absurdRetryAfterComesBackAsADayAtMost() async throws {
            let server = try FaultServer { _ in Act.reply(503, ["Retry-After: 99999999999999999999"]) }
            let night = try Night(server)
            let records = try await night.run([line(faultID(0))], ["--max-wait", "50ms"], status: 75)
            #expect(records[1]?.object("retry")["after_seconds"] as? Int == 86_400, "\(records)")
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
