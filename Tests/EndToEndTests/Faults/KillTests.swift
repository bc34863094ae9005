import Foundation
import TestRandom
import Testing

extension EndToEnd {
    /// A run that is ended at any moment, a few times over, and the run that finishes it.
    @Suite(.timeLimit(.minutes(60))) struct KillTests {
        /// How many times; more by `PICTORY_FETCH_TEST_KILLS`.
        private static let nights =
            ProcessInfo.processInfo.environment["PICTORY_FETCH_TEST_KILLS"].flatMap { Int($0) } ?? 30
        private static let jobs = 24

        @Test func runsEndedAtAnyMomentAreFinishedByTheNext() async throws {
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
            // The same moments every time.
            var random = SeededGenerator(seed: 0x5EED)
            var unfinished = 0
            for number in 0..<Self.nights {
                let night = try Night(server)
                let ends = (0...random.next() % 3).map { _ in
                    (signal: Self.signals[Int(random.next() % 6)], moment: whole * Double(random.next() % 1000) / 1000)
                }
                for end in ends {
                    let asked = server.heads.count
                    let settled = try downloaded(night)
                    try await interruptedRun(night, end.signal, after: end.moment)
                    try await expectTrue(night, "night \(number): \(ends)")
                    expectNotAsked(settled, server.heads[asked...], "night \(number): \(ends)")
                }
                let settled = try downloaded(night)
                if settled.count < Self.jobs { unfinished += 1 }
                let asked = server.heads.count
                try await expectLastRunFinishes(night, "night \(number): \(ends)")
                expectNotAsked(settled, server.heads[asked...], "night \(number): \(ends)")
            }
            #expect(unfinished > Self.nights / 4, "only \(unfinished) runs were ended before their time")
        }

        /// What ends a run; most often that which cannot be caught.
        private static let signals = [SIGKILL, SIGKILL, SIGKILL, SIGTERM, SIGINT, SIGHUP]

        private func arguments(_ night: Night) throws -> [String] {
            let lines = (0..<Self.jobs).map { line(faultID($0)) + "\n" }.joined()
            let manifest = try night.scratch.file("jobs.jsonl", lines)
            return Night.brief + ["-j", "4", "--resume", "-r", "results.jsonl", manifest]
        }

        /// Seconds that a run takes that is left alone.
        private func duration(of server: FaultServer) async throws -> Double {
            let night = try Night(server)
            let start = Date()
            let ended = try await night.start(arguments(night)).end()
            #expect(ended.status == 0, "\(ended)")
            return Date().timeIntervalSince(start)
        }

        /// The results so far; what is torn at the end is passed over.
        private func records(_ night: Night) throws -> [Record] {
            let bytes = (try? Data(contentsOf: URL(fileURLWithPath: night.scratch.path("results.jsonl")))) ?? Data()
            let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            return try Record.all(in: String(decoding: bytes[..<end], as: UTF8.self))
        }

        /// The jobs that a record says are downloaded.
        private func downloaded(_ night: Night) throws -> Set<String> {
            Set(try records(night).filter { $0.status == "downloaded" }.compactMap(\.jobID))
        }

        private func interruptedRun(_ night: Night, _ signal: Int32, after moment: Double) async throws {
            let program = try night.start(arguments(night))
            try await Task.sleep(for: .seconds(moment))
            program.signal(signal)
            let ended = try await program.end()
            guard signal != SIGKILL else { return }
            // Before its handlers are set, and after its work, a signal or none is the end of the program as of any.
            #expect([0, 128 + signal].contains(ended.status), "\(ended)")
            if !ended.crashed {
                let strays = night.scratch.files(in: "images").filter { $0.hasPrefix(".") }
                #expect(strays.isEmpty, "\(ended)")
            }
        }

        /// Each record of a run that was ended is as true as any other.
        private func expectTrue(_ night: Night, _ what: String) async throws {
            let images = night.scratch.files(in: "images").filter { !$0.hasPrefix(".pictory-fetch-") }
            for name in images {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: night.scratch.path("images/\(name)")))
                #expect(bytes.suffix(12) == Data(Picture.bytes.suffix(12)), "\(what): \(name) is not whole")
            }
            var done: Set<String> = []
            for record in try records(night) {
                let id = record.jobID ?? ""
                #expect(!done.contains(id), "\(what): a record after the good one: \(record.line)")
                if record.status == "downloaded" {
                    done.insert(id)
                    #expect(images.contains("\(id).png"), "\(what): \(record.line)")
                } else {
                    #expect(record.code == "interrupted", "\(what): \(record.line)")
                }
            }
        }

        /// What has been downloaded is asked for no more.
        private func expectNotAsked(_ settled: Set<String>, _ heads: ArraySlice<String>, _ what: String) {
            for id in settled where heads.contains(where: { $0.prefix { $0 != "\r\n" }.contains(id) }) {
                Issue.record("\(what): \(id) was asked for again")
            }
        }

        private func expectLastRunFinishes(_ night: Night, _ what: String) async throws {
            let ended = try await night.start(arguments(night)).end()
            let good = try records(night).filter { $0.status == "downloaded" }
            try await night.expectOrder(after: ended, lines: Self.jobs, records: good, status: 0)
            try await expectTrue(night, what)
        }
    }
}
