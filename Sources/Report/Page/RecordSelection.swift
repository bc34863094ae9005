import FetchCore
import Records

/// Which records the page holds, if there are more than a browser can take: first those without an image, then the newest.
struct RecordSelection {
    /// What a page holds at most.
    struct Limits {
        var records = 100_000
        /// Of the records' lines together. A browser keeps them as text, and that of a hundred thousand usual records is
        /// 70 MB.
        var bytes = 128 << 20
    }

    /// The records of one kind that are taken: all those newer than a moment, and some of that moment.
    private struct Newest {
        let after: Timestamp
        var ofThatMoment: Int

        static let all = Newest(after: Timestamp(milliseconds: .min), ofThatMoment: .max)

        mutating func takes(_ record: CountedRecord) -> Bool {
            guard record.finishedAt == after else { return record.finishedAt > after }
            guard ofThatMoment > 0 else { return false }
            ofThatMoment -= 1
            return true
        }
    }

    private var withoutImage = Newest.all
    private var others = Newest.all
    /// Of the records that were asked for.
    private(set) var taken = 0
    private(set) var leftOut = 0

    /// Of these records, in whatever order they come.
    init(from records: some Sequence<CountedRecord>, limits: Limits = Limits()) {
        var (count, bytes) = (0, 0)
        for record in records {
            count += 1
            bytes += record.bytes
        }
        guard count > limits.records || bytes > limits.bytes else { return }
        var room = limits
        withoutImage = Self.newest(of: records.lazy.filter(Self.isFirst), within: &room)
        others = Self.newest(of: records.lazy.filter { !Self.isFirst($0) }, within: &room)
    }

    /// Whether the page holds a record; asked once for each, in the order of the page.
    mutating func takes(_ record: CountedRecord) -> Bool {
        let isTaken = Self.isFirst(record) ? withoutImage.takes(record) : others.takes(record)
        if isTaken { taken += 1 } else { leftOut += 1 }
        return isTaken
    }

    private static func isFirst(_ record: CountedRecord) -> Bool {
        switch record.status {
        case .pending, .failed, .invalid: true
        case .downloaded, .duplicate: false
        }
    }

    private static func newest(of records: some Sequence<CountedRecord>, within room: inout Limits) -> Newest {
        // Of many millions there are 16 bytes each meanwhile.
        var newest: [(finishedAt: Timestamp, bytes: UInt32)] = []
        for record in records { newest.append((record.finishedAt, UInt32(clamping: record.bytes))) }
        newest.sort { $0.finishedAt > $1.finishedAt }
        for (index, record) in newest.enumerated() {
            guard room.records > 0, room.bytes >= Int(record.bytes) else {
                // Those of the same moment that were taken are the last of what was taken.
                let same = newest[..<index].reversed().prefix { $0.finishedAt == record.finishedAt }.count
                // Nothing else is taken after the first that has no room.
                room = Limits(records: 0, bytes: 0)
                return Newest(after: record.finishedAt, ofThatMoment: same)
            }
            room.records -= 1
            room.bytes -= Int(record.bytes)
        }
        return .all
    }
}
