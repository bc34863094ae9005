import Foundation
import Testing

extension EndToEnd {
    /// The whole job with the built programs: manifest in, images and records out.
    @Suite(.timeLimit(.minutes(5))) struct WholeJobTests {
        @Test func everyJobIsFetchedProvenAndRecorded() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ids = try await manifestIDs(50)
            let ended = try await fetch.run(ids.map(line), ["-j", "8"])
            #expect(ended.status == 0, "\(ended)")
            #expect(ended.standardError == "")
            let records = try ended.records()
            #expect(Set(records.compactMap(\.jobID)) == Set(ids))
            #expect(records.count == 50)
            #expect(fetch.scratch.files(in: "images") == ids.map { "\($0).png" }.sorted())
            for record in records {
                try await expectProven(record, in: fetch.scratch)
            }
            let statistics = try await fetch.simulator.statistics()
            #expect(statistics.inFlight.most <= 8)
            #expect(statistics.imageRequestsWithKey.total == 0)
            #expect(statistics.requests.image == 50)
            #expect(
                statistics.pollsPerJob
                    == Dictionary(uniqueKeysWithValues: records.map { ($0.jobID ?? "", $0.polls ?? 0) }))
        }

        @Test func waitingJobsHoldNoSlot() async throws {
            // 300 jobs of several polls each, under a cap of 4: with a slot held while waiting, the run would take
            // 300 × 2 × 100 ms / 4 at least and its polls could not overlap as they do.
            let fetch = try Fetch(try await Simulator(scenario: "waiting", timeScale: 100))
            let ended = try await fetch.run(try await manifestIDs(300).map(line), ["-j", "4", "--max-wait", "60s"])
            #expect(ended.status == 0, "\(ended)")
            let statistics = try await fetch.simulator.statistics()
            #expect(statistics.inFlight.most <= 4)
            #expect(statistics.pollsPerJob.values.contains { $0 >= 3 })
            #expect(try ended.records().count == 300)
        }

        @Test func firstImageIsThereWhileStandardInputIsOpenAndIdle() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let input = Pipe()
            let program = try fetch.start(Fetch.fast, input: input.fileHandleForReading)
            try input.fileHandleForWriting.write(contentsOf: Data("\(line(fixture(1)))\n".utf8))
            try await program.wait { !$0.standardOutput.isEmpty }
            let record = try #require(try Record.all(in: program.standardOutput).first)
            #expect(record.status == "downloaded")
            try await expectProven(record, in: fetch.scratch)
            try input.fileHandleForWriting.close()
            let ended = try await program.end()
            #expect(ended.status == 0, "\(ended)")
            #expect(try ended.records().count == 1)
        }

        @Test func userFieldsComeBackByteForByte() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let line =
                #"{"job_id":"\#(fixture(1))","n":12345678901234567890,"x":1.10,"t":"é\u00e9/","e":[ 1E-7 , {} ]}"#
            let ended = try await fetch.run([line])
            #expect(ended.standardOutput.contains(#""input":\#(line)"#), "\(ended)")
        }

        @Test func capIsHeldAtEveryWidth() async throws {
            for cap in [1, 3, 32] {
                let fetch = try Fetch(try await Simulator(scenario: "evening"))
                let ended = try await fetch.run(try await manifestIDs(120).map(line), ["-j", "\(cap)"])
                let statistics = try await fetch.simulator.statistics()
                #expect(statistics.inFlight.most <= cap)
                #expect(try ended.records().count == 120)
            }
        }

        @Test func narrowWindowStillDoesEverything() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run(try await manifestIDs(60).map(line), ["--window", "3"])
            #expect(ended.status == 0, "\(ended)")
            #expect(try ended.records().count == 60)
        }

        @Test func rateIsNotExceeded() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let ended = try await fetch.run(try await manifestIDs(40).map(line), ["--rate", "10/s", "--once"])
            #expect(try ended.records().count == 40)
            let statistics = try await fetch.simulator.statistics()
            #expect(statistics.mostPollsInASecond <= 11)
        }

        @Test func rateLimitedAPIIsFoundOutAndEveryJobIsDone() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "rate-limited"))
            let ended = try await fetch.run(try await manifestIDs(150).map(line), ["-j", "16"])
            let records = try ended.records()
            #expect(records.count == 150)
            #expect(!records.contains { $0.code == "rate_limited" }, "\(ended)")
        }

        @Test func stormLeavesNoWrongImageAndHardlyAnyFailure() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "storm"))
            let ids = try await manifestIDs(50)
            // The simulator names waits of up to three seconds, and what goes beyond the longest wait is not waited for.
            let ended = try await fetch.run(ids.map(line), ["-j", "16", "--retries", "8", "--max-wait", "30s"])
            let records = try ended.records()
            #expect(records.count == 50)
            let good = records.filter { $0.status == "downloaded" }
            #expect(good.count >= 46, "\(ended)")
            for record in good {
                try await expectProven(record, in: fetch.scratch)
            }
            #expect(fetch.scratch.files(in: "images") == good.compactMap(\.jobID).map { "\($0).png" }.sorted())
            for record in records where record.status != "downloaded" {
                #expect(record.status == "failed" && record.action == "rerun", "\(record.line)")
            }
            #expect(ended.status == (good.count == 50 ? 0 : 75))
        }

        @Test func manifestsAreReadInTheOrderGiven() async throws {
            let fetch = try Fetch(try await Simulator(scenario: "calm"))
            let first = try fetch.scratch.file("first.jsonl", "\(line(fixture(1)))\n\n\(line(fixture(1, picture: 1)))")
            let second = try fetch.scratch.file(
                "second.jsonl", "\(line(fixture(1)))\n\"\(fixture(1, picture: 2))\"\r\n")
            let ended = try await fetch.start(Fetch.fast + [first, second]).end()
            let records = try ended.records()
            #expect(ended.status == 0, "\(ended)")
            #expect(records.filter { $0.text("manifest") == first }.map(\.number).sorted() == [1, 3])
            #expect(records.filter { $0.text("manifest") == second }.map(\.number).sorted() == [1, 2])
            #expect(records.first { $0.status == "duplicate" }?.text("manifest") == second)
        }
    }
}

/// Ids of a manifest that the simulator itself made.
func manifestIDs(_ count: Int) async throws -> [String] {
    let ended = try await RunningProgram(
        Programs.url("pictory-simulator"), ["manifest", "--jobs", "\(count)"], environment: [:],
        in: try Scratch()
    ).end()
    try #require(ended.status == 0, "\(ended)")
    return try ended.standardOutput.split(separator: "\n").map { line in
        let value = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        return try #require(value?["job_id"] as? String)
    }
}

/// The image of a record is there, is what the record says, and is a sound PNG by the word of another program.
func expectProven(_ record: Record, in scratch: Scratch, _ location: SourceLocation = #_sourceLocation) async throws {
    let path = try #require(record.image["path"] as? String, "no image in \(record.line)", sourceLocation: location)
    let bytes = try FileManager.default.attributesOfItem(atPath: scratch.path(path))[.size] as? Int
    #expect(bytes == record.image["bytes"] as? Int, sourceLocation: location)
    let sum = try await tool("/usr/bin/sha256sum", [path], in: scratch)
    #expect(sum.standardOutput.prefix(64) == record.image["sha256"] as? String ?? "", sourceLocation: location)
    let check = try await tool("/usr/bin/pngcheck", [path], in: scratch)
    #expect(check.status == 0, "\(check)", sourceLocation: location)
    let size = "\(record.image["width"] ?? 0)x\(record.image["height"] ?? 0)"
    #expect(check.standardOutput.contains(size), "\(size): \(check)", sourceLocation: location)
}

func tool(_ path: String, _ arguments: [String], in scratch: Scratch) async throws -> Ended {
    try await RunningProgram(
        URL(fileURLWithPath: path), arguments, environment: [:], in: scratch
    ).end()
}
