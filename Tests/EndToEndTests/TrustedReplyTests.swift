import Foundation
import Testing

extension EndToEnd {
    /// Manifest lines that are the API's replies, with `--trust-replies` and without.
    @Suite(.timeLimit(.minutes(5))) struct TrustedReplyTests {
        private static let trust = ["--trust-replies"]

        /// A reply as the API posts it to a webhook.
        private static func reply(_ number: Int, _ data: String, success: Bool = true) -> String {
            #"{"job_id":"\#(faultID(number))","success":\#(success),"data":{\#(data)}}"#
        }

        private static func completed(_ number: Int, at host: String) -> String {
            reply(
                number,
                #""status":"completed","url":"\#(host)/images/\#(faultID(number)).png","width":4,"height":3,"#
                    + #""aiCreditsUsed":0.60"#)
        }

        private static let failed =
            #""status":"failed","error_code":"5001","error_message":"The image could not be generated.""#

        private static func count(_ server: FaultServer, of kind: String) -> Int {
            server.heads.count { $0.hasPrefix("GET /\(kind)/") }
        }

        @Test func withoutTheFlagAReplyIsPolledAsAnyOtherJob() async throws {
            let server = try FaultServer { $0.good }
            let night = try Night(server)
            let lines = [
                Self.reply(0, #""status":"completed","url":"https://10.0.0.1/a.png""#),
                Self.reply(1, Self.failed, success: false), Self.reply(2, #""status":"cleaned""#),
            ]
            let records = try await night.run(lines, status: 0)
            #expect(records.values.allSatisfy { $0.status == "downloaded" && $0.polls == 1 })
            for (number, record) in records {
                #expect(record.line.contains(#""input":\#(lines[number - 1])"#), "\(record.line)")
            }
        }

        @Test func finishedJobsNeedNoPoll() async throws {
            let server = try FaultServer { $0.good }
            let night = try Night(server)
            let lines = [
                Self.completed(0, at: server.url), Self.reply(1, Self.failed, success: false),
                Self.reply(2, #""status":"failed","error_code":"INSUFFICIENT_CREDITS""#, success: false),
                Self.reply(3, #""status":"cleaned""#),
            ]
            let records = try await night.run(lines, Self.trust, status: 1)
            #expect(server.heads.count == 1)
            let image = try #require(records[1])
            #expect(image.status == "downloaded")
            #expect(image.polls == 0)
            #expect(image.downloads == 1)
            #expect(!image.has("elapsed_ms"))
            #expect(image.line.contains(#""ai_credits_used":0.60,"#), "\(image.line)")
            #expect(image.warnings == [])
            #expect([2, 3, 4].map { records[$0]?.code } == ["job_failed", "job_failed", "job_cleaned"])
            #expect([2, 3, 4].map { records[$0]?.action } == ["resubmit", "fix", "resubmit"])
            let error = try #require(records[2]).object("error")
            #expect(error["stage"] as? String == "poll")
            #expect(error["api_code"] as? String == "5001")
            #expect(error["api_message"] as? String == "The image could not be generated.")
            #expect(error["http_status"] == nil)
            #expect(records[2]?.polls == 0)
        }

        @Test func anyOtherReplyIsPolled() async throws {
            let server = try FaultServer { $0.good }
            let night = try Night(server)
            let mixed = Self.completed(5, at: server.url).replacingOccurrences(
                of: #""data":{"#, with: #""data":{"job_id":"\#(faultID(6))","#)
            let lines = [
                Self.reply(0, #""status":"in-progress""#), Self.reply(1, #""status":"completed""#),
                Self.reply(2, #""status":"queued","url":"\#(server.url)/images/x.png""#),
                Self.reply(3, #""error_code":"5000","error_message":"JOB_NOT_FOUND""#), line(faultID(4)), mixed,
                Self.reply(7, #""status":"completed","url":"\#(server.url)/images/x.mp4","duration":"8s""#),
            ]
            let records = try await night.run(lines, Self.trust, status: 0)
            #expect(records.values.allSatisfy { $0.status == "downloaded" && $0.polls == 1 })
        }

        @Test func urlOfALineIsHeldToEveryRuleAndTheAPIIsAskedForABetterOne() async throws {
            let stranger = try FaultServer { _ in Picture.reply }
            let server = try FaultServer { $0.good }
            let night = try Night(server, strangers: [stranger])
            let urls = [
                "https://10.0.0.1/a.png", "http://example.org/a.png", "file:///etc/passwd",
                "https://u:p@example.org/a.png",
                stranger.url + "/a.png", "no url",
            ]
            let lines = urls.enumerated().map { Self.reply($0, #""status":"completed","url":"\#($1)""#) }
            let records = try await night.run(lines, Self.trust + ["--allow-host", "127.0.0.1"], status: 0)
            // The stranger's host is allowed, and is asked without the key.
            #expect(stranger.heads.count == 1)
            #expect(records[5]?.polls == 0)
            for number in [1, 2, 3, 4, 6] {
                #expect(records[number]?.polls == 1, "\(urls[number - 1])")
                #expect(records[number]?.downloads == 1, "\(urls[number - 1])")
            }
            let held = try await Night(server, strangers: [stranger]).run(
                [lines[4]], Self.trust + ["--allow-host", "*.cloudfront.net"], status: 1)
            #expect(held[1]?.code == "url_rejected")
            #expect(stranger.heads.count == 1)
        }

        @Test func urlThatIsExpiredOrNoPNGLeadsToAPoll() async throws {
            let server = try FaultServer { exchange in
                switch (exchange.isPoll, exchange.target) {
                case (true, _): exchange.completed(url: "\(exchange.home)/fresh/\(exchange.id).png")
                case (_, let target) where target.hasPrefix("/fresh/"): Picture.reply
                case (_, let target) where target.contains(faultID(0)): Act.reply(403)
                case (_, let target) where target.contains(faultID(1)): Act.reply(404)
                default: Act.reply(200, ["Content-Type: text/html"], body: Array("<html>".utf8))
                }
            }
            let records = try await Night(server).run(
                (0..<3).map { Self.completed($0, at: server.url) }, Self.trust, status: 0)
            #expect(records.values.allSatisfy { $0.polls == 1 && $0.downloads == 2 })
        }

        @Test func jobThatALineCallsFinishedIsNeverCondemnedByAStrangers404() async throws {
            let server = try FaultServer { exchange in
                guard exchange.isPoll else {
                    return exchange.target.contains(faultID(0)) ? Act.reply(403) : Picture.reply
                }
                if exchange.id == faultID(0) { return Act.reply(404, json: "{}") }
                return exchange.count < 9 ? exchange.data(#""status":"in-progress""#) : exchange.good
            }
            let records = try await Night(server).run(
                [Self.completed(0, at: server.url)] + (1..<4).map { line(faultID($0)) }, Self.trust, status: 75)
            #expect(records[1]?.code == "http_error")
            #expect(records[1]?.action == "rerun")
        }

        @Test func replyThatCameTwiceIsFetchedOnceAlsoByShards() async throws {
            let server = try FaultServer { $0.good }
            let night = try Night(server)
            let lines = (0..<6).flatMap { [Self.completed($0, at: server.url), Self.completed($0, at: server.url)] }
            let records = try await night.run(lines, Self.trust, status: 0)
            #expect(records.values.count { $0.status == "downloaded" } == 6)
            #expect(records.values.count { $0.status == "duplicate" } == 6)
            var numbers: [Int] = []
            for shard in 1...2 {
                let manifest = try night.scratch.file("all.jsonl", lines.joined(separator: "\n"))
                let ended = try await night.start(Night.brief + Self.trust + ["--shard", "\(shard)/2", manifest]).end()
                #expect(ended.status == 0, "\(ended)")
                numbers += try ended.records().map(\.number)
            }
            #expect(numbers.sorted() == Array(1...12))
            #expect(Self.count(server, of: "pictoryapis") == 0)
            #expect(Self.count(server, of: "images") == 12)
        }

        @Test func recordWhoseInputIsAReplyIsBelievedToo() async throws {
            let server = try FaultServer { exchange in
                if exchange.isPoll { return exchange.data(#""status":"in-progress""#) }
                return exchange.good
            }
            let night = try Night(server)
            let first = try await night.run(
                [Self.completed(0, at: server.url), Self.reply(1, Self.failed)], ["--once"], status: 75)
            let again = try await night.run(
                first.sorted { $0.key < $1.key }.map(\.value.line), Self.trust, status: 1)
            #expect(again[1]?.status == "downloaded")
            #expect(again[2]?.code == "job_failed")
            #expect(again.values.allSatisfy { $0.polls == 0 && $0.runs == 2 })
        }

        @Test func resumedRunDoesTheRestAndCheckAsksAboutWhatIsPolled() async throws {
            let server = try FaultServer { $0.good }
            let night = try Night(server)
            let lines = [
                Self.completed(0, at: server.url), Self.reply(1, Self.failed), Self.completed(2, at: server.url),
                line(faultID(3)),
            ]
            let journal = ["-r", "r.jsonl", "--resume"] + Self.trust
            let manifest = try night.scratch.file("m.jsonl", lines.prefix(2).joined(separator: "\n"))
            let first = try await night.start(Night.brief + journal + [manifest]).end()
            #expect(first.status == 1, "\(first)")
            #expect(server.heads.count == 1)
            _ = try night.scratch.file("m.jsonl", lines.joined(separator: "\n"))
            let check = try await night.start(["check", "--online"] + journal + [manifest]).end()
            #expect(check.status == 0, "\(check)")
            #expect(check.standardError.contains("2 jobs"), "\(check)")
            #expect(check.standardError.contains("the state of the job \(faultID(3))"), "\(check)")
            let second = try await night.start(Night.brief + journal + [manifest]).end()
            #expect(second.status == 1, "\(second)")
            let records = try night.scratch.text("r.jsonl").split(separator: "\n").map { try Record(String($0)) }
            #expect(records.map(\.number).sorted() == [1, 2, 3, 4])
            #expect(Self.count(server, of: "pictoryapis") == 2)
        }
    }
}
