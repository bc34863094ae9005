import Foundation
import Testing

extension EndToEnd {
    /// A run that is killed at any moment, and the run after it.
    @Suite(.timeLimit(.minutes(60))) struct KillTests {
        /// How many times; more by `PICTORY_FETCH_TEST_KILLS`.
        private static let kills =
            ProcessInfo.processInfo.environment["PICTORY_FETCH_TEST_KILLS"].flatMap { Int($0) } ?? 30
        private static let jobs = 24

        @Test func killedRunLeavesNothingBrokenAndTheNextOneFinishes() async throws {
            let image =
                Picture.beginning + Array(repeating: Picture.comment, count: 400).flatMap(\.self)
                + Picture.bytes.dropFirst(Picture.beginning.count)
            // Images come in two halves, so that there is always one that is half there.
            let server = try FaultServer { exchange in
                if exchange.isPoll {
                    return exchange.count % 3 == 0 ? exchange.completed() : exchange.data(#""status":"in-progress""#)
                }
                return [
                    Act.head(200, ["Content-Length: \(image.count)"]), .drip(Array(image.prefix(4)), pause: 0.005),
                    .send(Array(image[4..<60_000])), .drip(Array(image[60_000..<60_004]), pause: 0.005),
                    .send(Array(image[60_004...])),
                ]
            }
            let whole = try await duration(of: server)
            var random = Seeded(state: 0x5EED)
            var unfinished = 0
            for kill in 0..<Self.kills {
                let night = try Night(server)
                let moment = whole * Double(random.next() % 1000) / 1000
                let records = try await killedRun(night, after: moment)
                if records.count < Self.jobs { unfinished += 1 }
                // Each record of a killed run is as true as any other.
                try await expectTrue(records, in: night, "kill \(kill) after \(moment) s")
                try await expectSecondRunFinishes(night)
            }
            #expect(unfinished > Self.kills / 4, "only \(unfinished) runs were killed before their end")
        }

        private func arguments(_ night: Night) throws -> [String] {
            let lines = (0..<Self.jobs).map { line(faultID($0)) + "\n" }.joined()
            let manifest = try night.scratch.file("jobs.jsonl", lines)
            return Night.brief + ["-j", "4", "-r", "results.jsonl", manifest]
        }

        /// Seconds that a run takes that is left alone.
        private func duration(of server: FaultServer) async throws -> Double {
            let night = try Night(server)
            let start = Date()
            let ended = try await night.start(arguments(night)).end()
            #expect(ended.status == 0, "\(ended)")
            return Date().timeIntervalSince(start)
        }

        /// The whole records that a killed run has written.
        private func killedRun(_ night: Night, after moment: Double) async throws -> [Record] {
            let program = try night.start(arguments(night))
            try await Task.sleep(for: .seconds(moment))
            program.signal(SIGKILL)
            _ = try await program.end()
            let bytes = (try? Data(contentsOf: URL(fileURLWithPath: night.scratch.path("results.jsonl")))) ?? Data()
            let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            return try Record.all(in: String(decoding: bytes[..<end], as: UTF8.self))
        }

        private func expectTrue(_ records: [Record], in night: Night, _ what: String) async throws {
            #expect(Set(records.map(\.number)).count == records.count, "\(what)")
            let names = night.scratch.files(in: "images")
            let images = names.filter { !$0.hasPrefix(".pictory-fetch-") }
            for name in images {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: night.scratch.path("images/\(name)")))
                #expect(bytes.suffix(12) == Data(Picture.bytes.suffix(12)), "\(what): \(name) is not whole")
            }
            for record in records {
                #expect(record.status == "downloaded", "\(what): \(record.line)")
                #expect(images.contains("\(record.jobID ?? "").png"), "\(what): \(record.line)")
            }
        }

        private func expectSecondRunFinishes(_ night: Night) async throws {
            // Without a journal to resume, the killed run's records are kept aside, and all is done again.
            try? FileManager.default.moveItem(
                atPath: night.scratch.path("results.jsonl"), toPath: night.scratch.path("killed.jsonl"))
            let ended = try await night.start(arguments(night)).end()
            let records = try Record.all(
                in: String(contentsOfFile: night.scratch.path("results.jsonl"), encoding: .utf8))
            try await night.expectOrder(after: ended, lines: Self.jobs, records: records, status: 0)
            #expect(records.allSatisfy { $0.status == "downloaded" })
        }
    }

    /// SplitMix64: the same moments every time.
    private struct Seeded {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}
