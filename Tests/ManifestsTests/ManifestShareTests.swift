import FetchCore
import Files
import Testing
import TestSupport

@testable import Manifests

/// Which lines of a manifest a part of it has. The numbers are those of `printf %s TEXT | sha256sum | cut -c1-8`.
@Suite(.timeLimit(.minutes(1))) struct ManifestShareTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func lines(of text: String, shard: String?, upTo limit: Int = 10) throws -> [Int] {
        let path = try folder.write(text, to: "jobs")
        let manifest = try ManifestFiles.open([path], shard: shard.flatMap { Shard($0) }, clock: { Sample.now })
        var lines: [Int] = []
        while true {
            let batch = manifest.read(upTo: limit)
            lines += batch.items.map(\.entry.line)
            if batch.ended { return lines }
            #expect(!batch.items.isEmpty, "a read that has not ended has a line")
        }
    }

    /// The part of 100,000 that has the only line of a manifest.
    private func shard(of text: String) throws -> [String] {
        // Too many to try each: the sum is known, and so is where it leads; its neighbours must not have the line.
        try [Self.partOfID, Self.partOfNonsense, Self.partOfLongLine].filter {
            try lines(of: text, shard: "\($0)/100000") == [1]
        }.map(String.init)
    }

    /// Of `0b7e6f6c-52e0-4a51-9d3c-1f2a3b4c5d6e`.
    private static let partOfID = 38925
    /// Of `{"job_id":"x"} `, with its space.
    private static let partOfNonsense = 20176
    /// Of 3,000,000 times `a`.
    private static let partOfLongLine = 30729

    @Test(arguments: [
        "\"\(Sample.idText)\"", "\"\(Sample.idText.uppercased())\"", #" {"n":1,"jobId":"\#(Sample.idText)"} "#,
        #"{"success":true,"data":{"job_id":"\#(Sample.idText)"}}"#,
        #"{"job_id":"\#(Sample.idText)","job\u005fid2":1,"v":1}"#,
    ]) func jobGoesByItsIDHoweverItIsSpelled(line: String) throws {
        #expect(try shard(of: line) == ["\(Self.partOfID)"])
    }

    @Test(arguments: ["", "\n", "\r\n"]) func lineWithoutAnIDGoesByItsBytes(end: String) throws {
        let line = #"{"job_id":"x"} "#
        #expect(try shard(of: line + end) == ["\(Self.partOfNonsense)"])
        #expect(try shard(of: "\u{FEFF}" + line + end) == ["\(Self.partOfNonsense)"])
    }

    @Test(arguments: ["", "\n", "\r\n"]) func lineThatIsTooLongGoesByAllItsBytes(end: String) throws {
        let line = String(repeating: "a", count: 3_000_000)
        #expect(try shard(of: line + end) == ["\(Self.partOfLongLine)"])
        #expect(try shard(of: "\u{FEFF}" + line + end) == ["\(Self.partOfLongLine)"])
        // A long blank line before it leaves nothing behind.
        let blank = String(repeating: " ", count: 3_000_000) + "\n"
        #expect(try lines(of: blank + line + end, shard: "\(Self.partOfLongLine)/100000") == [2])
    }

    @Test(arguments: [1, 2, 5, 64], [1, 3, 100]) func partsAreDisjointAndComplete(count: Int, limit: Int) throws {
        var text = "\u{FEFF}\n"
        for number in 0..<300 {
            let digits = String(number, radix: 16)
            let id = "00000000-0000-0000-0000-" + String(repeating: "0", count: 12 - digits.count) + digits
            text += number % 7 == 0 ? "no job \(number)\n\n" : "{\"job_id\":\"\(id)\",\"n\":\(number)}\r\n"
        }
        let parts = try (1...count).map { try lines(of: text, shard: "\($0)/\(count)", upTo: limit) }
        #expect(parts.flatMap(\.self).sorted() == (try lines(of: text, shard: nil)))
        #expect(parts.allSatisfy { $0 == $0.sorted() })
        #expect(count > 5 || parts.allSatisfy { $0.count > 300 / count / 2 })
    }

    @Test func linesOfOnePartMayBeFarApart() throws {
        let rare = "\"\(Sample.idText)\"\n"
        let others = String(repeating: "{\"job_id\":\"\(Sample.otherIDText)\"}\n", count: 20_000)
        let shard = "\(Self.partOfID)/100000"
        #expect(try lines(of: others + rare + others + rare + others, shard: shard) == [20_001, 40_002])
        #expect(try lines(of: others, shard: shard).isEmpty)
    }
}
