import Testing
import TestRandom

@testable import FetchCore

/// Whatever is done to it, it knows what a dictionary would.
@Suite struct JobMapTests {
    @Test func emptyMapKnowsNothing() {
        let map = JobMap<Int>()
        #expect(map.count == 0)
        #expect(map[.sample(1)] == nil)
    }

    @Test func jobThatIsKnownStaysAsItIsOrIsReplaced() {
        var map = JobMap<Int>()
        #expect(map.insert(.sample(1), 10) == nil)
        #expect(map.insert(.sample(1), 11) == 10)
        #expect(map[.sample(1)] == 10)
        map.update(.sample(1)) { before in
            #expect(before == 10)
            return 12
        }
        #expect(map[.sample(1)] == 12)
        #expect(map.count == 1)
    }

    @Test(arguments: 0..<4 as Range<UInt64>) func mapIsADictionary(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var map = JobMap<Int>()
        var dictionary: [JobID: Int] = [:]
        // So few ids that many come again, and so many that the table grows ten times.
        for value in 0..<6000 {
            let id = JobID.sample(Int.random(in: 0..<3000, using: &random))
            if Bool.random(using: &random) {
                #expect(map.insert(id, value) == dictionary[id])
                dictionary[id] = dictionary[id] ?? value
            } else {
                map.update(id) { before in
                    #expect(before == dictionary[id])
                    return value
                }
                dictionary[id] = value
            }
            #expect(map.count == dictionary.count)
        }
        for number in 0..<3100 {
            #expect(map[.sample(number)] == dictionary[.sample(number)])
        }
    }
}
