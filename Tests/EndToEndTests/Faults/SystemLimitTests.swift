import Foundation
import Testing

extension EndToEnd {
    /// What the system gives a program to begin with: arguments, threads, address space, files, standard output.
    @Suite(.timeLimit(.minutes(5))) struct SystemLimitTests {
        private func night(jobs: Int = 4) throws -> (Night, manifest: String, FaultServer) {
            let server = try FaultServer { $0.good }
            let night = try Night(server)
            let lines = (0..<jobs).map { line(faultID($0)) + "\n" }.joined()
            return (night, try night.scratch.file("jobs.jsonl", lines), server)
        }

        /// Works, or says in a sentence what is missing; and ends by itself.
        private func expectWorkOrSentence(_ ended: Ended, _ word: String, _ situation: String) {
            #expect(!ended.crashed && [0, 78].contains(ended.status), "\(situation): \(ended)")
            guard ended.status == 78 else { return }
            #expect(ended.standardError.contains(word), "\(situation): \(ended)")
            #expect(ended.standardError.split(separator: "\n").count == 1, "\(situation): \(ended)")
            #expect(ended.standardOutput == "")
        }

        @Test(arguments: [1_000_000, 400_000, 300_000, 200_000, 150_000])
        func smallAddressSpaceWorksOrIsNamed(kilobytes: Int) async throws {
            let (night, manifest, _) = try night()
            let ended = try await night.shell("ulimit -v \(kilobytes); timeout -s KILL 60 $fetch \(manifest)")
            expectWorkOrSentence(ended, "(ulimit -v)", "\(kilobytes) kB")
            if kilobytes == 1_000_000 { #expect(ended.status == 0) }
        }

        @Test(arguments: [4, 5, 6, 8, 10, 12, 20]) func tooFewOpenFilesAreNamed(limit: Int) async throws {
            let (night, manifest, _) = try night()
            let ended = try await night.shell("ulimit -n \(limit); exec $fetch \(manifest)")
            #expect(ended.status == 78, "\(ended)")
            #expect(ended.standardError.contains("(ulimit -n)"), "\(ended)")
        }

        @Test func addressSpaceThatIsNamedAsMissingIsEnough() async throws {
            let (night, manifest, _) = try night()
            let refused = try await night.shell("ulimit -v 200000; $fetch \(manifest)")
            let more = try #require(
                refused.standardError.split(separator: " ").compactMap { Int($0) }.last, "\(refused)")
            let ended = try await night.shell("ulimit -v \(200_000 + more); $fetch \(manifest)")
            #expect(ended.status == 0, "\(ended)")
        }

        /// The limit counts all threads of a user, so each round has a user of its own.
        @Test(
            .enabled(if: geteuid() == 0, "only root may become another user"),
            arguments: [32, 16, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1])
        func fewThreadsWorkOrAreNamed(threads: Int) async throws {
            let (night, manifest, _) = try night()
            let ended = try await night.shell(
                """
                chmod 777 .
                exec timeout -s KILL 60 setpriv --reuid \(54_700 + threads) --clear-groups \
                prlimit --nproc=\(threads) $fetch \(manifest)
                """)
            expectWorkOrSentence(ended, "(ulimit -u", "\(threads) threads")
            if threads >= 16 { #expect(ended.status == 0) }
        }

        @Test(
            .enabled(if: geteuid() == 0, "only root may hide /proc"),
            arguments: ["jobs.jsonl -r results.jsonl", "--version", "--nonsense", "verify nothing.jsonl", "config", ""])
        func withoutProcNothingRunsThatHasLostItsFlags(arguments: String) async throws {
            let (night, _, server) = try night()
            let ended = try await night.shell(
                "exec unshare -m sh -c \"mount -t tmpfs none /proc; exec $fetch \(arguments)\" <jobs.jsonl")
            #expect(ended.status == 78, "\(ended)")
            #expect(ended.standardError.contains("/proc"), "\(ended)")
            #expect(ended.standardOutput == "")
            #expect(server.heads == [])
            #expect(!night.scratch.files(in: ".").contains { $0.contains("images") || $0.contains("results") })
        }

        @Test(arguments: [
            #"$(printf 'gr\366\337e.jsonl')"#, #"jobs.jsonl -r $(printf 'r\351s.jsonl')"#,
            #"verify $(printf 'r\351s.jsonl')"#,
        ])
        func nameThatIsNotUTF8IsRefusedAndNothingIsMade(arguments: String) async throws {
            let (night, _, server) = try night()
            let ended = try await night.shell("exec \(Programs.url("pictory-fetch").path) \(arguments)")
            #expect(ended.status == 64, "\(ended)")
            #expect(ended.standardError.contains("is not UTF-8: "), "\(ended)")
            #expect(server.heads == [])
            #expect(!night.scratch.files(in: ".").contains { $0.contains("images") })
        }

        @Test func variableThatIsNotUTF8IsRefusedAndNothingIsMade() async throws {
            let (night, manifest, server) = try night()
            let ended = try await night.shell(
                #"PICTORY_FETCH_RESULTS=$(printf 'r\351s.jsonl') exec $fetch "# + manifest)
            #expect(ended.status == 78, "\(ended)")
            #expect(ended.standardError == "pictory-fetch: PICTORY_FETCH_RESULTS is not UTF-8\n")
            #expect(server.heads == [])
        }

        @Test func filesThatTheParentLeftOpenLowerTheCap() async throws {
            let (night, manifest, _) = try night(jobs: 40)
            // The shell of the tests opens no number above 9; bash does.
            let script = try night.scratch.file(
                "open.sh",
                """
                for number in $(seq 10 209); do eval "exec $number</dev/null"; done
                ulimit -n 240
                exec \(Programs.url("pictory-fetch").path) -j 16 \(manifest)
                """)
            let ended = try await night.shell("exec bash \(script)")
            try await night.expectOrder(after: ended, lines: 40, records: ended.records(), status: 0)
        }

        @Test(arguments: ["jobs.jsonl", "linked.jsonl", "symbolic.jsonl"])
        func standardOutputThatIsTheManifestIsRefused(name: String) async throws {
            let (night, manifest, server) = try night()
            let lines = try String(contentsOfFile: manifest, encoding: .utf8)
            for arguments in ["jobs.jsonl", "< jobs.jsonl", "-r - /dev/null jobs.jsonl"] {
                let ended = try await night.shell(
                    """
                    ln -f jobs.jsonl linked.jsonl; ln -sf jobs.jsonl symbolic.jsonl
                    exec $fetch \(arguments) >>\(name)
                    """)
                #expect(ended.status == 73, "\(ended)")
                #expect(ended.standardError == "pictory-fetch: standard output is a manifest of this run\n")
                #expect(try String(contentsOfFile: manifest, encoding: .utf8) == lines)
            }
            #expect(server.heads == [])
            #expect(!night.scratch.files(in: ".").contains { $0.contains("images") })
        }

        /// The results are taken away as soon as the first record is there.
        @Test(arguments: [("rm results.jsonl", Int32(74)), ("mv jobs.jsonl results.jsonl", 74), ("true", 0)])
        func resultsWithoutANameAtTheEndAreTold(act: String, status: Int32) async throws {
            let (night, _, _) = try night()
            let ended = try await night.shell(
                """
                mkfifo lines
                $fetch -r results.jsonl --summary summary.json <lines &
                { head -n 1 jobs.jsonl; until [ -s results.jsonl ]; do sleep 0.01; done; \(act); } >lines
                wait $!; status=$?; rm lines; jq .exit_status summary.json; exit $status
                """)
            #expect(ended.status == status, "\(ended)")
            #expect(ended.standardOutput == "\(status)\n")
            #expect(
                ended.standardError.contains("the results file results.jsonl was removed or replaced")
                    == (status == 74),
                "\(ended)")
        }
    }
}
