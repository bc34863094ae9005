import Foundation
import Testing

extension EndToEnd {
    /// Disks that are full, read-only or forbidden, and names that are taken.
    @Suite(.timeLimit(.minutes(5))) struct DiskTests {
        /// An API that is in order, with images of about the given size; small ones can be had too.
        private func server(imageBytes: Int) throws -> FaultServer {
            let comments = Array(repeating: Picture.comment, count: imageBytes / Picture.comment.count).flatMap(\.self)
            let image = Picture.beginning + comments + Picture.bytes.dropFirst(Picture.beginning.count)
            return try FaultServer { exchange in
                exchange.isPoll ? exchange.completed() : Act.reply(200, body: image)
            }
        }

        private func manifest(_ night: Night, _ count: Int) throws -> String {
            try night.scratch.file("jobs.jsonl", (0..<count).map { line(faultID($0)) + "\n" }.joined())
        }

        private func results(_ night: Night, _ name: String = "results.jsonl") throws -> [Record] {
            let text = try String(contentsOfFile: night.scratch.path(name), encoding: .utf8)
            // A disk that is full may cut the last line; whoever reads the file sees that it has no end.
            return try Record.all(
                in: String(text[..<(text.lastIndex(of: "\n").map(text.index(after:)) ?? text.startIndex)]))
        }

        @Test(.enabled(if: geteuid() == 0, "only root may mount"))
        func fullDiskEndsTheRunWith74AndKeepsWhatIsWhole() async throws {
            let server = try server(imageBytes: 100_000)
            let night = try Night(server)
            let manifest = try manifest(night, 40)
            let disk = night.scratch.path("images")
            let ended = try await night.shell(
                """
                mkdir \(disk) && mount -t tmpfs -o size=1m none \(disk) || exit 99
                $fetch -j 4 -r results.jsonl \(manifest); status=$?
                mkdir kept && cp -a \(disk)/. kept/; umount \(disk); rmdir \(disk); mv kept images; exit $status
                """)
            let records = try results(night)
            try await night.expectOrder(
                after: ended, lines: nil, records: records, status: 74, made: ["results.jsonl"])
            #expect(records.count { $0.code == "disk_full" && $0.action == "fix" } >= 1, "\(ended)")
            #expect(records.count { $0.status == "downloaded" } >= 5, "\(ended)")
            #expect(night.scratch.files(in: "images").count == records.count { $0.status == "downloaded" })
        }

        /// Without syncs, records are written and images get their names where requests run.
        private static let durabilities = ["full", "none"]

        @Test(.enabled(if: geteuid() == 0, "only root may mount"), arguments: durabilities)
        func fullDiskForTheRecordsEndsTheRunWith74(durability: String) async throws {
            let server = try server(imageBytes: 0)
            let night = try Night(server)
            let manifest = try manifest(night, 100)
            let disk = night.scratch.path("records")
            let ended = try await night.shell(
                """
                mkdir \(disk) && mount -t tmpfs -o size=8k none \(disk) || exit 99
                $fetch --durability \(durability) -r \(disk)/results.jsonl \(manifest); status=$?
                cp \(disk)/results.jsonl .; umount \(disk); rmdir \(disk); exit $status
                """)
            let records = try results(night)
            try await night.expectOrder(after: ended, lines: nil, records: records, status: 74)
            #expect(records.count >= 4, "\(ended)")
            #expect(ended.standardError.contains("No space left"), "\(ended)")
        }

        /// The file system has promised room that its own disk does not have, and only a sync finds out.
        @Test(.enabled(if: geteuid() == 0, "only root may mount"))
        func fullDiskFoundBySyncIsNoDownload() async throws {
            let server = try server(imageBytes: 300_000)
            let night = try Night(server)
            let manifest = try manifest(night, 40)
            let (under, disk) = (night.scratch.path("under"), night.scratch.path("images"))
            let ended = try await night.shell(
                """
                mkdir \(under) \(disk) && mount -t tmpfs -o size=3m none \(under) || exit 99
                truncate -s 64M \(under)/disk && mkfs.ext4 -q -O ^has_journal -E lazy_itable_init=1 \(under)/disk || exit 98
                mount -o loop \(under)/disk \(disk) || exit 97
                $fetch -j 4 -r results.jsonl \(manifest); status=$?
                mkdir kept; cp -a \(disk)/*.png kept/ 2>/dev/null
                ls -A \(disk) | grep -c part > parts.out
                umount \(disk); umount \(under); rmdir \(disk) \(under); mv kept images; exit $status
                """)
            guard ![97, 98].contains(ended.status) else {
                print("Not tested: no ext4 on a loop device here. \(ended.standardError)")
                return
            }
            #expect(ended.status == 74, "\(ended)")
            let records = try results(night)
            #expect(records.count { $0.status == "downloaded" } >= 1, "\(ended)")
            #expect(records.contains { ["disk_full", "write_failed"].contains($0.code) }, "\(ended)")
            // An image may be there without its record, when only the sync of the directory failed; it is whole all the same.
            try await night.expectNoKey(in: ended)
            try await night.expectImages(of: records, in: "images")
            #expect(try String(contentsOfFile: night.scratch.path("parts.out"), encoding: .utf8) == "0\n")
        }

        @Test(.enabled(if: geteuid() == 0, "only root may mount and become another user"))
        func unwritableDirectoryIsRefusedBeforeAnyRequest() async throws {
            let server = try server(imageBytes: 0)
            let night = try Night(server)
            let manifest = try manifest(night, 1)
            let directory = night.scratch.path("images")
            for (prepare, run, undo) in [
                ("mount -t tmpfs -o ro none images", "$fetch", "umount images"),
                ("chmod 755 .", "setpriv --reuid=65534 --regid=65534 --clear-groups $fetch", "true"),
                ("rmdir images; touch images", "$fetch", "rm images"),
                ("rmdir images; mkfifo images", "$fetch", "rm images"),
                ("rmdir images; ln -s images images", "$fetch", "rm images"),
                ("rmdir images; ln -s /proc/1/fdinfo images", "$fetch", "rm images"),
            ] {
                let ended = try await night.shell(
                    "mkdir \(directory); \(prepare) || exit 99; \(run) -r results.jsonl \(manifest); status=$?; \(undo)\n"
                        + "rmdir images 2>/dev/null; test -e results.jsonl && exit 98; exit $status")
                #expect(ended.status == 73, "\(prepare): \(ended)")
                #expect(!ended.crashed)
                try await night.expectNoKey(in: ended)
            }
            #expect(server.heads == [])
        }

        @Test func fileSizeLimitFailsTheImageAndNotTheRun() async throws {
            let server = try FaultServer { exchange in
                guard !exchange.isPoll, exchange.id == faultID(1) else { return exchange.good }
                let comments = Array(repeating: Picture.comment, count: 2000).flatMap(\.self)
                return Act.reply(
                    200, body: Picture.beginning + comments + Picture.bytes.dropFirst(Picture.beginning.count))
            }
            let night = try Night(server)
            let manifest = try manifest(night, 4)
            let ended = try await night.shell("ulimit -f 256; exec $fetch \(manifest)")
            let records = try ended.records()
            try await night.expectOrder(after: ended, lines: 4, records: records, status: 1)
            #expect(records.first { $0.number == 2 }?.code == "write_failed", "\(ended)")
            #expect(records.count { $0.status == "downloaded" } == 3)
        }

        @Test(arguments: durabilities) func takenNamesAreNeitherFollowedNorWaitedFor(durability: String) async throws {
            let server = try server(imageBytes: 0)
            let night = try Night(server)
            let manifest = try manifest(night, 7)
            let ended = try await night.shell(
                """
                mkdir images && echo precious > victim.out && cd images
                ln -s ../victim.out \(faultID(0)).png
                ln -s nowhere \(faultID(1)).png
                mkfifo \(faultID(2)).png
                mkdir \(faultID(3)).png
                ln ../victim.out \(faultID(4)).png
                ln -s ../victim.out .pictory-fetch-\(faultID(0))-0123456789abcdef.part
                mkfifo .pictory-fetch-\(faultID(1))-0123456789abcdef.part
                mkdir .pictory-fetch-\(faultID(2))-0123456789abcdef.part
                ln ../victim.out .pictory-fetch-\(faultID(3))-fedcba9876543210.part
                echo torn > .pictory-fetch-\(faultID(4))-0123456789abcdef.part
                cd ..; $fetch --durability \(durability) -r results.jsonl \(manifest); status=$?
                mkdir foreign.out; mv images/.p* images/\(faultID(3)).png foreign.out/; exit $status
                """)
            let records = try results(night)
            try await night.expectOrder(
                after: ended, lines: 7, records: records, status: 1, made: ["results.jsonl"])
            #expect(records.first { $0.number == 4 }?.code == "write_failed", "\(ended)")
            #expect(records.count { $0.status == "downloaded" } == 6, "\(ended)")
            #expect(try String(contentsOfFile: night.scratch.path("victim.out"), encoding: .utf8) == "precious\n")
            let foreign = night.scratch.files(in: "foreign.out")
            #expect(!foreign.contains { $0.contains("\(faultID(4))-") }, "an abandoned part file stayed")
        }
    }
}
