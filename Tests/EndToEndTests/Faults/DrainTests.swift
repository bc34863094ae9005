import Foundation
import Testing

extension EndToEnd {
    /// Two things at once: a run that is told to end, or whose manifest changes, while something else goes on.
    @Suite(.timeLimit(.minutes(5))) struct DrainTests {
        private static let count = 6
        /// F_SETPIPE_SZ, which Swift does not see.
        private static let setPipeSize: Int32 = 1031

        private func manifest(_ night: Night) throws -> String {
            try night.scratch.file("jobs.jsonl", (0..<Self.count).map { line(faultID($0)) + "\n" }.joined())
        }

        @Test func signalDuringBackOffEndsTheRunAtOnce() async throws {
            let server = try FaultServer { _ in Act.reply(503) }
            let night = try Night(server)
            let program = try night.start(
                Night.brief + ["--retry-delay", "1h", "--max-retry-delay", "1h", "--max-wait", "2h", manifest(night)])
            try await program.wait { $0.standardError.components(separatedBy: "again in").count > Self.count }
            program.signal(SIGTERM)
            let ended = try await program.end()
            let records = try ended.records()
            try await night.expectOrder(after: ended, lines: Self.count, records: records, status: 143)
            #expect(records.allSatisfy { $0.status == "pending" && $0.code == "interrupted" }, "\(ended)")
            #expect(server.heads.count == Self.count)
        }

        /// The records that fit into a pipe are few; its reader comes when all images are there, and gets all of them.
        @Test func pipeThatNobodyReadsHoldsUpNoRequest() async throws {
            let count = 60
            let server = try FaultServer { $0.good }
            let night = try Night(server)
            let manifest = try night.scratch.file("jobs.jsonl", (0..<count).map { line(faultID($0)) + "\n" }.joined())
            let pipe = Pipe()
            #expect(fcntl(pipe.fileHandleForWriting.fileDescriptor, Self.setPipeSize, 4096) == 4096)
            let program = try RunningProgram(
                Programs.url("pictory-fetch"), Night.brief + ["--durability", "none", manifest],
                environment: night.environment, sending: pipe.fileHandleForWriting, in: night.scratch)
            try pipe.fileHandleForWriting.close()
            try await program.wait { _ in server.heads.count == 2 * count }
            let records = try #require(try pipe.fileHandleForReading.readToEnd())
            let ended = try await program.end()
            try await night.expectOrder(
                after: ended, lines: count, records: Record.all(in: String(decoding: records, as: UTF8.self)), status: 0
            )
        }

        @Test func pauseOfTheOriginDoesNotHoldUpTheDrain() async throws {
            // One image is on its way when the signal comes, and its end comes after it; all polls are held back.
            let server = try FaultServer { exchange in
                if exchange.isPoll {
                    return exchange.id == faultID(0) ? exchange.completed() : Act.reply(429, ["Retry-After: 3600"])
                }
                return [
                    Act.head(200, ["Content-Length: \(Picture.bytes.count)"]),
                    .drip(Array(Picture.bytes.prefix(20)), pause: 0.1), .send(Array(Picture.bytes.dropFirst(20))),
                ]
            }
            let night = try Night(server)
            let program = try night.start(Night.brief + ["-j", "6", "--max-wait", "2h", manifest(night)])
            try await program.wait { _ in
                server.heads.count > Self.count && server.heads.contains { $0.contains("/images/") }
            }
            program.signal(SIGINT)
            let ended = try await program.end()
            let records = try ended.records()
            try await night.expectOrder(after: ended, lines: Self.count, records: records, status: 130)
            for record in records {
                let isFirst = record.jobID == faultID(0)
                #expect(record.status == (isFirst ? "downloaded" : "pending"), "\(record.line)")
                #expect(record.code == (isFirst ? nil : "interrupted"), "\(record.line)")
            }
        }

        @Test func manifestThatIsCutWhileItIsReadEndsThere() async throws {
            let night = try Night(try FaultServer { $0.good })
            let all = 20_000
            let manifest = try night.scratch.file("jobs.jsonl", (0..<all).map { line(faultID($0)) + "\n" }.joined())
            let program = try night.start(
                Night.brief + ["-j", "1", "--window", "1", "--durability", "none", "-r", "results.jsonl", manifest])
            let results = URL(fileURLWithPath: night.scratch.path("results.jsonl"))
            try await program.wait { _ in ((try? Data(contentsOf: results))?.count ?? 0) > 2000 }
            #expect(truncate(manifest, 0) == 0)
            let ended = try await program.end()
            let records = try Record.all(in: String(contentsOf: results, encoding: .utf8))
            // What had been read ahead may end within a line.
            let good = records.filter { $0.status == "downloaded" }
            #expect(records.count - good.count <= 1, "\(ended)")
            try await night.expectOrder(
                after: ended, lines: nil, records: records, status: good.count == records.count ? 0 : 1)
            #expect(records.count < all)
            #expect(records.map(\.number).sorted() == Array(1...records.count))
        }

        @Test func manifestThatGrowsWhileItIsReadIsReadToItsNewEnd() async throws {
            let night = try Night(
                try FaultServer { exchange in
                    guard exchange.isPoll, exchange.count < 20 else { return exchange.good }
                    return exchange.data(#""status":"in-progress""#)
                })
            let manifest = try manifest(night)
            let program = try night.start(Night.brief + ["--window", "1", "--max-wait", "60s", manifest])
            try await program.wait { _ in FileManager.default.fileExists(atPath: night.scratch.path("images")) }
            let file = try FileHandle(forWritingTo: URL(fileURLWithPath: manifest))
            try file.seekToEnd()
            try file.write(contentsOf: Data((line(faultID(Self.count)) + "\n").utf8))
            let ended = try await program.end()
            try await night.expectOrder(after: ended, lines: Self.count + 1, records: ended.records(), status: 0)
        }
    }
}
