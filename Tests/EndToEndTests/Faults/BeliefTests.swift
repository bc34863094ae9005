import Foundation
import Testing

extension EndToEnd {
    /// What is believed of the API's replies, by way of the program itself.
    @Suite(.timeLimit(.minutes(5))) struct BeliefTests {
        /// What says “not found” without being the API.
        private static let strangers: [[Act]] = [
            Act.reply(404, ["Content-Type: text/plain"], body: Array("default backend - 404".utf8)),
            Act.reply(404), Act.reply(404, json: #"{"message":"no Route matched with those values"}"#),
            Act.reply(404, ["Content-Type: text/html"], body: Array("<html><h1>Not found</h1>".utf8)),
        ]

        private static let inProgress = #""status":"in-progress""#

        @Test(arguments: strangers.indices) func foreignNotFoundAtTheStartCostsNoJob(stranger: Int) async throws {
            let server = try FaultServer { exchange in
                exchange.isPoll && exchange.count < 3 ? Self.strangers[stranger] : exchange.good
            }
            let records = try await Night(server).run((0..<20).map { line(faultID($0)) }, status: 0)
            #expect(records.values.allSatisfy { $0.status == "downloaded" && $0.polls == 3 })
        }

        @Test func jobThatOnlyAStrangerDoesNotFindIsUnknownWhileTheAPITellsOfOthers() async throws {
            let server = try FaultServer { exchange in
                guard exchange.isPoll else { return exchange.good }
                if exchange.id == faultID(0) { return Self.strangers[0] }
                return exchange.count < 9 ? exchange.data(Self.inProgress) : exchange.good
            }
            let records = try await Night(server).run((0..<4).map { line(faultID($0)) }, status: 1)
            #expect(records[1]?.code == "job_not_found")
            #expect(records[1]?.action == "resubmit")
            #expect(records[1]?.polls == 3)
        }

        @Test func jobThatWasInProgressIsNotUnknownAlsoWhenItsRecordIsReadBack() async throws {
            let server = try FaultServer { exchange in
                guard exchange.isPoll else { return exchange.good }
                if exchange.id == faultID(0) {
                    return exchange.count > 1 ? Self.strangers[1] : exchange.data(Self.inProgress)
                }
                return exchange.count < 9 ? exchange.data(Self.inProgress) : exchange.good
            }
            let night = try Night(server)
            let lines = (0..<4).map { line(faultID($0)) }
            let first = try await night.run(lines, ["--once"], status: 75)
            #expect(first[1]?.code == "still_in_progress")
            let again = try await night.run(first.sorted { $0.key < $1.key }.map(\.value.line), status: 75)
            #expect(again[1]?.code == "http_error")
            #expect(again[1]?.action == "rerun")
        }

        @Test func correctedUrlWithResumeDoesWhatAWrongOneLeft() async throws {
            let server = try FaultServer { exchange in
                exchange.target.hasPrefix("/wrong") ? Self.strangers[2] : exchange.good
            }
            let night = try Night(server)
            let manifest = try night.scratch.file("m.jsonl", (0..<20).map { line(faultID($0)) + "\n" }.joined())
            func run(_ arguments: [String]) async throws -> Ended {
                try await night.start(Night.brief + ["-r", "r.jsonl"] + arguments + [manifest]).end()
            }
            let wrong = try await run(["--api-url", "\(server.url)/wrong"])
            #expect(wrong.status == 75, "\(wrong)")
            let right = try await run(["--resume"])
            #expect(right.status == 0, "\(right)")
            let records = try String(contentsOfFile: night.scratch.path("r.jsonl"), encoding: .utf8)
                .split(separator: "\n").map { try Record(String($0)) }
            #expect(records.count == 40)
            #expect(records.prefix(20).allSatisfy { $0.code == "http_error" && $0.action == "rerun" })
            #expect(records.suffix(20).allSatisfy { $0.status == "downloaded" })
        }

        @Test(arguments: [
            #""status":"completed""#, #""status":"completed","url":null"#, #""status":"completed","url":"""#,
        ])
        func completedJobIsAskedAgainForItsUrl(early: String) async throws {
            let server = try FaultServer { exchange in
                exchange.isPoll && exchange.count < 4 ? exchange.data(early) : exchange.good
            }
            let records = try await Night(server).run((0..<4).map { line(faultID($0)) }, status: 0)
            #expect(records.values.allSatisfy { $0.status == "downloaded" && $0.polls == 4 })
        }

        @Test func jobThatStaysWithoutAUrlIsAskedFourTimesInAll() async throws {
            let server = try FaultServer { exchange in
                exchange.isHealed ? exchange.good : exchange.data(#""status":"completed""#)
            }
            let night = try Night(server)
            let records = try await night.run((0..<4).map { line(faultID($0)) }, status: 75)
            #expect(records.values.allSatisfy { $0.code == "invalid_response" && $0.polls == 4 })
            server.heal()
            try await night.expectRerunFinishes(records.values)
        }

        @Test func imagesInHandAtTheDeadlineAreFetched() async throws {
            let server = try FaultServer { exchange in
                // The image's host hesitates beyond the deadline.
                if exchange.isPoll { return exchange.good }
                return [
                    Act.head(200, ["Content-Length: \(Picture.bytes.count)"]),
                    .drip(Array(Picture.bytes.prefix(20)), pause: 0.1), .send(Array(Picture.bytes.dropFirst(20))),
                ]
            }
            let records = try await Night(server).run(
                (0..<4).map { line(faultID($0)) }, ["--deadline", "1s"], status: 0)
            #expect(records.values.allSatisfy { $0.status == "downloaded" })
        }
    }
}
