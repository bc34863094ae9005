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
    private func refusal(of shard: String?, after records: [String?]) -> String? {
        var shards = JournalShards()
        for (index, text) in records.enumerated() { shards.note(text.flatMap { Shard($0) }, line: index + 1) }
        return shards.refusal(of: shard.flatMap { Shard($0) })
    }

    @Test(
        arguments: [
            ("2/8", []), ("2/8", ["2/8", "2/8"]), ("2/8", ["2/8", nil]), ("2/8", [nil]), ("2/8", ["1/1"]),
            (nil, []), (nil, [nil]), (nil, ["1/1"]), (nil, ["2/8", "3/8"]), (nil, ["2/8", nil]), (nil, [nil, "2/8"]),
            (nil, ["2/8", "1/1"]), ("1/1", []), ("1/1", ["2/8", "3/8"]), (nil, ["2/8", "2/8", "2/9"]),
        ] as [(String?, [String?])]) func journalOfThisPartIsCarriedOnWith(shard: String?, records: [String?])
    {
        #expect(refusal(of: shard, after: records) == nil)
    }

    @Test(
        arguments: [
            ("2/8", ["3/8"], "3/8, in line 1,"), ("2/8", ["2/8", "2/9"], "2/9, in line 2,"),
            ("2/8", [nil, "2/8", "3/8", "4/8"], "3/8, in line 3,"), ("3/8", ["2/8", "3/8", "4/8"], "2/8, in line 1,"),
            (nil, ["2/8"], "--shard 2/8 carries on"), (nil, ["2/8", "2/8"], "--shard 2/8 carries on"),
            ("1/1", ["2/8"], "--shard 2/8 carries on"),
        ] as [(String?, [String?], String)]) func journalOfAnotherPartIsRefused(
            shard: String?, records: [String?], reason: String
        )
    {
        #expect(refusal(of: shard, after: records)?.contains(reason) == true)
    }
}
