import Testing

@testable import FetchCore

@Suite struct ShardTests {
    @Test(arguments: [
        ("1/8", "1/8"), ("8/8", "8/8"), ("0/8", "8/8"), ("1/1", "1/1"), ("0/1", "1/1"), ("007/008", "7/8"),
        ("100000/100000", "100000/100000"),
    ]) func countersFrom0AndFrom1AreRead(text: String, shard: String) {
        #expect(Shard(text)?.description == shard)
    }

    @Test(arguments: [
        "", "/", "1", "1/", "/8", "9/8", "1/0", "0/0", "1/100001", "-1/8", "+1/8", "1/+8", "1/8/8", " 1/8", "1/8 ",
        "1.0/8", "a/8", "1/8\n", "１/8", "99999999999999999999/8", "1/99999999999999999999",
    ]) func anythingElseIsNone(text: String) {
        #expect(Shard(text) == nil)
    }

    @Test(arguments: [1, 2, 3, 7, 100_000]) func eachSumIsHeldByOnePart(count: Int) {
        for sum: UInt32 in [0, 1, 6, 7, 99_999, 100_000, .max - 1, .max] {
            let holders = (1...count).filter { Shard(number: $0, of: count)?.holds(sum) == true }
            let rest = Int(sum) % count
            #expect(holders == [rest == 0 ? count : rest])
        }
    }
}

@Suite struct JournalShardsTests {
    private func mismatch(of shard: String?, after records: [String?]) -> JournalShards.Mismatch? {
        var shards = JournalShards()
        for (index, text) in records.enumerated() { shards.note(text.flatMap { Shard($0) }, line: index + 1) }
        return shards.mismatch(with: shard.flatMap { Shard($0) })
    }

    @Test(
        arguments: [
            ("2/8", []), ("2/8", ["2/8", "2/8"]), ("2/8", ["2/8", nil]), ("2/8", [nil]), ("2/8", ["1/1"]),
            (nil, []), (nil, [nil]), (nil, ["1/1"]), (nil, ["2/8", "3/8"]), (nil, ["2/8", nil]), (nil, [nil, "2/8"]),
            (nil, ["2/8", "1/1"]), ("1/1", []), ("1/1", ["2/8", "3/8"]), (nil, ["2/8", "2/8", "2/9"]),
        ] as [(String?, [String?])]) func journalOfThisPartIsCarriedOnWith(shard: String?, records: [String?])
    {
        #expect(mismatch(of: shard, after: records) == nil)
    }

    @Test(
        arguments: [
            ("2/8", ["3/8"], "3/8", 1), ("2/8", ["2/8", "2/9"], "2/9", 2),
            ("2/8", [nil, "2/8", "3/8", "4/8"], "3/8", 3), ("3/8", ["2/8", "3/8", "4/8"], "2/8", 1),
        ] as [(String, [String?], String, Int)]) func partCarriesOnWithNoOther(
            shard: String, records: [String?], other: String, line: Int
        ) throws
    {
        let (other, run) = (try #require(Shard(other)), try #require(Shard(shard)))
        #expect(mismatch(of: shard, after: records) == .otherPart(other, line: line, run: run))
    }

    @Test(arguments: [(nil, ["2/8"]), (nil, ["2/8", "2/8"]), ("1/1", ["2/8"])] as [(String?, [String?])])
    func wholeCarriesOnWithNoSinglePart(shard: String?, records: [String?]) throws {
        #expect(mismatch(of: shard, after: records) == .onePart(try #require(Shard("2/8"))))
    }
}
