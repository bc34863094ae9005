import Foundation
import Testing

extension EndToEnd {
    /// What the system beneath does to a run: calls that fail or are interrupted, a clock that jumps, a network that
    /// swallows what is sent. All of it is done to the program as it is, from outside.
    @Suite(.timeLimit(.minutes(5))) struct SystemTests {
        private static let count = 12

        private func manifest(_ night: Night) throws -> String {
            try night.scratch.file("jobs.jsonl", (0..<Self.count).map { line(faultID($0)) + "\n" }.joined())
        }

        private func records(_ night: Night) throws -> [Record] {
            try Record.all(in: String(contentsOfFile: night.scratch.path("results.jsonl"), encoding: .utf8))
        }

        /// The calls that `strace` has seen, a line each.
        private func trace(_ night: Night) throws -> [Substring] {
            try String(contentsOfFile: night.scratch.path("trace.out"), encoding: .utf8).split(separator: "\n")
        }

        @Test func failedSyncOfAnImageIsNeverRepeatedOnItsFile() async throws {
            let night = try Night(try FaultServer { $0.good })
            let manifest = try manifest(night)
            // The first sync of each thread fails: of several images, and perhaps of the directory.
            let ended = try await night.shell(
                """
                mkdir images
                exec strace -f -qq -y -o trace.out -e trace=fsync -e inject=fsync:error=EIO:when=1 $fetch -j 2 \(manifest)
                """)
            let records = try ended.records()
            try await night.expectOrder(after: ended, lines: nil, records: records, status: 74)
            let failed = records.filter {
                $0.code == "write_failed" && $0.action == "fix" && $0.line.contains("The image could not be synced")
            }
            #expect(!failed.isEmpty, "\(ended)")
            let calls = try trace(night)
            for record in failed {
                let id = try #require(record.jobID)
                #expect(!night.scratch.files(in: "images").contains("\(id).png"))
                #expect(calls.count { $0.contains(id) } == 1, "\(calls.filter { $0.contains(id) })")
            }
            #expect(calls.contains { $0.contains("INJECTED") })
            let again = try await night.start(Night.brief + [manifest]).end()
            try await night.expectOrder(after: again, lines: Self.count, records: again.records(), status: 0)
        }

        @Test func failedSyncOfTheRecordsEndsTheRunWith74AndResumeFinishes() async throws {
            let night = try Night(try FaultServer { $0.good })
            let arguments = "-j 2 --resume -r results.jsonl \(try manifest(night))"
            let ended = try await night.shell(
                "exec strace -f -qq -o trace.out -e trace=fdatasync -e inject=fdatasync:error=EIO:when=1 $fetch \(arguments)"
            )
            let first = try records(night)
            try await night.expectOrder(after: ended, lines: nil, records: first, status: 74)
            #expect(try trace(night).count == 1, "a failed sync was repeated")
            let again = try await night.shell("exec $fetch \(arguments)")
            let good = try records(night).filter { $0.status == "downloaded" }
            try await night.expectOrder(after: again, lines: Self.count, records: good, status: 0)
        }

        @Test func interruptedCallsAreMadeAgain() async throws {
            let night = try Night(try FaultServer { $0.good })
            let calls = "fsync,fdatasync,renameat,renameat2,write,writev,flock"
            let ended = try await night.shell(
                """
                exec strace -f -qq -o trace.out -e trace=\(calls) -e inject=\(calls):error=EINTR:when=2+2 \
                $fetch -j 4 -r results.jsonl \(try manifest(night))
                """)
            try await night.expectOrder(after: ended, lines: Self.count, records: try records(night), status: 0)
            for call in ["fsync", "fdatasync", "rename", "write"] {
                let hit = try trace(night).contains { $0.contains(call) && $0.contains("EINTR") }
                #expect(hit, "no \(call) was interrupted")
            }
        }

        @Test func nothingIsMadeBesidesTheImagesAndTheResults() async throws {
            let night = try Night(try FaultServer { $0.good })
            let ended = try await night.shell(
                """
                exec strace -f -qq -o trace.out -e trace=/open,/mkdir,/mknod,/rename,/link,/symlink,/unlink,/trunc \
                $fetch -r results.jsonl \(try manifest(night))
                """)
            try await night.expectOrder(after: ended, lines: Self.count, records: try records(night), status: 0)
            let changes = try trace(night).filter { call in
                ["O_CREAT", "O_WRONLY", "O_RDWR", "mkdir", "mknod", "rename", "link", "trunc"].contains {
                    call.contains($0)
                }
                    && !call.contains("readlink")
            }
            #expect(changes.count >= 2 * Self.count)
            for call in changes {
                // A name in quotes without a slash is one in the output directory, which is held open.
                let names = call.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }.map {
                    String($0.element)
                }
                let isOurs = names.allSatisfy { name in
                    name == "images" || name == "results.jsonl" || name.hasPrefix(".pictory-fetch-")
                        || (name.hasSuffix(".png") && UUID(uuidString: String(name.dropLast(4))) != nil)
                }
                #expect(isOurs || names == ["/dev/null"], "\(call)")
            }
        }

        @Test func jumpsOfTheWallClockDecideNothing() async throws {
            let scratch = try Scratch()
            let stamp = try scratch.file("offset", "+0\n")
            let server = try FaultServer { exchange in
                guard exchange.isPoll, exchange.count < 6 else { return exchange.good }
                // An hour ahead, and then an hour behind, in the middle of the waits of all jobs.
                let offset = exchange.count < 4 ? "+3600\n" : "-3600\n"
                try? Data(offset.utf8).write(to: URL(fileURLWithPath: stamp), options: .atomic)
                return exchange.data(#""status":"in-progress""#)
            }
            let night = try Night(server)
            let source = try night.scratch.file("clock.sh", Self.movedClock)
            let ended = try await night.shell(
                """
                clang -shared -fPIC -x c -o clock.out \(source) || exit 99
                CLOCK_OFFSET=\(stamp) LD_PRELOAD=./clock.out \
                $fetch --max-wait 5m --deadline 5m --rate 1000/s \(try manifest(night))
                """,
                environment: night.environment.merging(["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]) {
                    $1
                })
            let records = try ended.records()
            try await night.expectOrder(after: ended, lines: Self.count, records: records, status: 0)
            let dates = ISO8601DateFormatter()
            dates.formatOptions.insert(.withFractionalSeconds)
            var jumps = 0
            for record in records {
                #expect((0..<300_000).contains(record.elapsed ?? -1), "\(record.line)")
                let first = try #require(record.text("first_seen").flatMap(dates.date), "\(record.line)")
                let last = try #require(record.text("finished_at").flatMap(dates.date), "\(record.line)")
                if abs(last.timeIntervalSince(first)) > 1800 { jumps += 1 }
            }
            #expect(jumps > 0, "the clock did not jump")
        }

        /// The wall clock, and no other, moved by the seconds in the file that `CLOCK_OFFSET` names.
        private static let movedClock = """
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <stdlib.h>
            #include <sys/syscall.h>
            #include <time.h>
            #include <unistd.h>
            int clock_gettime(clockid_t clock, struct timespec *now) {
                char text[32] = "";
                long result = syscall(SYS_clock_gettime, clock, now);
                int file = clock == CLOCK_REALTIME ? open(getenv("CLOCK_OFFSET"), O_RDONLY | O_CLOEXEC) : -1;
                if (file < 0) return result;
                if (read(file, text, sizeof text - 1) > 0) now->tv_sec += atol(text);
                close(file);
                return result;
            }
            """

        /// A resolver that never answers, and a host that never accepts.
        @Test(.enabled(if: geteuid() == 0, "only root may replace the resolver and take its port"))
        func silenceOfResolverAndHostIsBoundedAndOthersGoOn() async throws {
            let hole = try Listening.full()
            let resolver = try Listening.silentResolver("127.9.9.53")
            defer { ([resolver] + hole.sockets).forEach { close($0) } }
            let server = try FaultServer { exchange in
                switch (exchange.isPoll, exchange.id) {
                case (true, faultID(0)): exchange.completed(url: "http://127.0.0.1:\(hole.port)/x.png")
                case (true, faultID(1)): exchange.completed(url: "https://silent.example/x.png")
                case (true, faultID(2)): exchange.completed(url: "https://mute.example/x.png")
                default: exchange.good
                }
            }
            let night = try Night(server)
            let manifest = try manifest(night)
            let ended = try await night.shell(
                """
                echo 'nameserver 127.9.9.53' >resolver.out
                exec unshare -m sh -c \
                "mount --bind resolver.out /etc/resolv.conf && exec $fetch -j 3 --connect-timeout 1s --retries 1 \(manifest)"
                """)
            let records = try ended.records()
            try await night.expectOrder(after: ended, lines: Self.count, records: records, status: 75)
            for record in records {
                let code: String? =
                    switch record.number {
                    case 1: "timeout"
                    case 2, 3: "dns_failed"
                    default: nil
                    }
                #expect(record.code == code, "\(record.line)")
                #expect(record.elapsed ?? .max < 30_000, "\(record.line)")
            }
        }
    }
}

extension Listening {
    /// A port that takes no more connections: its queue is full, and what comes then is not answered.
    fileprivate static func full() throws -> (sockets: [Int32], port: UInt16) {
        let (listener, port) = try on(backlog: 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let waiting = (0..<4).map { _ in
            let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
            let waiting = socket(AF_INET, type, 0)
            _ = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(waiting, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            return waiting
        }
        return ([listener] + waiting, port)
    }

    /// A socket where a resolver would be, which takes questions and never answers.
    fileprivate static func silentResolver(_ text: String) throws -> Int32 {
        let resolver = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(53).bigEndian
        inet_pton(AF_INET, text, &address.sin_addr)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(resolver, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard resolver >= 0, isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        return resolver
    }
}
