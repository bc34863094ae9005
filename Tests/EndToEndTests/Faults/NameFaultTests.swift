import Foundation
import Synchronization
import Testing

extension EndToEnd {
    /// Names of a template, while somebody else changes what is there.
    @Suite(.timeLimit(.minutes(5))) struct NameFaultTests {
        /// A sound image; each size is another one.
        private static func picture(_ comments: Int) -> [UInt8] {
            Picture.beginning + Array(repeating: Picture.comment, count: comments).flatMap(\.self)
                + Picture.bytes.dropFirst(Picture.beginning.count)
        }

        /// Each job's image is another one; before the image of a job comes, `before` is called with its number.
        private func server(_ before: @escaping @Sendable (Int) -> Void = { _ in }) throws -> FaultServer {
            try FaultServer { exchange in
                guard !exchange.isPoll else { return exchange.completed() }
                let number = (0..<20).first { faultID($0) == exchange.id } ?? 0
                before(number)
                return Act.reply(200, ["Content-Type: image/png"], body: Self.picture(number + 1))
            }
        }

        private func job(_ number: Int, _ customer: String) -> String {
            #"{"job_id":"\#(faultID(number))","customer":"\#(customer)"}"#
        }

        private func manifest(_ lines: [String], _ night: Night) throws -> String {
            try night.scratch.file("jobs.jsonl", lines.map { $0 + "\n" }.joined())
        }

        private func run(_ night: Night, _ template: String, _ lines: [String], _ more: [String] = []) async throws
            -> Ended
        {
            try await night.start(Night.brief + ["--name", template] + more + [manifest(lines, night)]).end()
        }

        @Test func linkThatIsPlantedWhileARunGoesOnLeadsNowhere() async throws {
            let folder = Mutex("")
            let server = try server { number in
                guard number == 1 else { return }
                // The first image of this customer is there. Its directory becomes a link, and another one is new.
                let images = folder.withLock(\.self)
                let first = images + "/acme/\(faultID(0)).png"
                for _ in 0..<500 where !FileManager.default.fileExists(atPath: first) { usleep(10_000) }
                try? FileManager.default.moveItem(atPath: images + "/acme", toPath: images + "/old")
                for name in ["/acme", "/new"] {
                    try? FileManager.default.createSymbolicLink(
                        atPath: images + name, withDestinationPath: "../elsewhere")
                }
            }
            let night = try Night(server)
            folder.withLock { $0 = night.scratch.path("images") }
            try FileManager.default.createDirectory(
                atPath: night.scratch.path("elsewhere"), withIntermediateDirectories: true)
            let lines = [job(0, "acme"), job(1, "acme"), job(2, "new"), job(3, "other")]
            let ended = try await run(night, "{customer}/{job_id}.png", lines, ["-j", "1"])
            #expect(ended.status == 1, "\(ended)")
            let records = try ended.records()
            for number in [2, 3] {
                let record = try #require(records.first { $0.number == number })
                #expect(record.code == "write_failed" && record.action == "fix", "\(record.line)")
                #expect(record.line.contains("is a symbolic link"), "\(record.line)")
            }
            // One customer's link does not end the run for the others.
            #expect(records.first { $0.number == 4 }?.status == "downloaded")
            #expect(night.scratch.files(in: "elsewhere") == [])
        }

        @Test func fileWhereADirectoryIsNeededFailsItsJobsAlone() async throws {
            let night = try Night(try server())
            try FileManager.default.createDirectory(
                atPath: night.scratch.path("images"), withIntermediateDirectories: true)
            _ = try night.scratch.file("images/acme", "precious")
            let ended = try await run(night, "{customer}/{job_id}.png", [job(0, "acme"), job(1, "other")])
            #expect(ended.status == 1, "\(ended)")
            let failed = try ended.records().first { $0.number == 1 }
            #expect(failed?.code == "write_failed" && failed?.action == "fix", "\(ended)")
            #expect(failed?.line.contains("images/acme has to be a directory") == true, "\(ended)")
            #expect(try ended.records().first { $0.number == 2 }?.status == "downloaded")
            #expect(try String(contentsOfFile: night.scratch.path("images/acme"), encoding: .utf8) == "precious")
        }

        /// Each holds its image back until the other has asked for its own.
        @Test func twoRunsAtOnceNeverReplaceOneAnothersImage() async throws {
            let asked = Mutex<Set<Int>>([])
            let server = try server { number in
                _ = asked.withLock { $0.insert(number) }
                for _ in 0..<500 where asked.withLock(\.count) < 2 { usleep(10_000) }
            }
            let night = try Night(server)
            let programs = try (0..<2).map { number in
                let manifest = try night.scratch.file("\(number).jsonl", job(number, "acme") + "\n")
                return try night.start(Night.brief + ["--name", "{customer}.png", manifest])
            }
            var ends: [Ended] = []
            for program in programs { ends.append(try await program.end()) }
            let records = try ends.map { try #require($0.records().first) }
            #expect(records.map(\.status).sorted() == ["downloaded", "failed"], "\(ends)")
            #expect(records.first { $0.status == "failed" }?.code == "name_taken", "\(ends)")
            let kept = try #require(records.first { $0.status == "downloaded" })
            let image = try Data(contentsOf: URL(fileURLWithPath: night.scratch.path("images/acme.png")))
            #expect(image.count == kept.image["bytes"] as? Int)
            #expect(night.scratch.files(in: "images") == ["acme.png"])
        }

        @Test func twoRunsAtOnceOverOneManifestBothHaveTheirImages() async throws {
            let night = try Night(try server())
            let manifest = try manifest((0..<12).map { job($0, "c\($0 % 3)") }, night)
            let programs = try (0..<2).map { _ in
                try night.start(Night.brief + ["--name", "{customer}/{line}.png", manifest])
            }
            for program in programs {
                let ended = try await program.end()
                #expect(ended.status == 0, "\(ended)")
            }
            let parts = night.scratch.files(in: "images").filter { $0.hasSuffix(".part") }
            #expect(parts == [])
        }

        @Test func partsOfAKilledRunAreRemovedWhateverTheTemplate() async throws {
            let night = try Night(try server { number in if number == 1 { sleep(2) } })
            let program = try night.start(
                Night.brief + ["--name", "{customer}/{job_id}.png", manifest([job(0, "a"), job(1, "a")], night)])
            try await program.wait { _ in night.scratch.files(in: "images").contains { $0.hasPrefix("a/") } }
            program.signal(SIGKILL)
            _ = try await program.end()
            let part = "images/.pictory-fetch-\(faultID(5))-0123456789abcdef.part"
            _ = try night.scratch.file(part, "half")
            let ended = try await run(night, "{customer}/{job_id}.png", [job(0, "a")])
            #expect(ended.status == 0, "\(ended)")
            #expect(night.scratch.files(in: "images") == ["a", "a/\(faultID(0)).png"])
        }

        @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/strace"), "strace is missing"))
        func recordIsWrittenOnceImageAndNewDirectoriesAreDurable() async throws {
            let night = try Night(try server())
            let manifest = try manifest([job(0, "acme")], night)
            let ended = try await night.shell(
                """
                exec strace -f -qq -y -s 300 -o trace.out -e trace=fsync,fdatasync,/mkdir,/rename,write \
                    $fetch --name '{customer}/x/{job_id}.png' -r results.jsonl \(manifest)
                """)
            #expect(ended.status == 0, "\(ended)")
            let trace = try String(contentsOfFile: night.scratch.path("trace.out"), encoding: .utf8).split(
                separator: "\n")
            func place(_ words: String...) -> Int? {
                trace.lastIndex { line in words.allSatisfy { line.contains($0) } }
            }
            let image = try #require(place("fsync(", ".part>"))
            let first = try #require(place("mkdirat(", "\"acme\""))
            let second = try #require(place("mkdirat(", "\"x\""))
            let rename = try #require(place("rename", ".part", "\(faultID(0)).png"))
            let directories = try ["/images>", "/images/acme>", "/images/acme/x>"].map { path in
                try #require(place("fsync(", path))
            }
            let record = try #require(place("write(", "results.jsonl>", "downloaded"))
            #expect(image < first && first < second && second < rename)
            #expect(directories.allSatisfy { rename < $0 && $0 < record }, "\(trace.joined(separator: "\n"))")
        }
    }
}
