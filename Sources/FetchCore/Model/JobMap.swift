/// What is known of each job, for a million jobs in little memory.
///
/// The ids lie in the order in which they came, beside what is known of each. The table that finds them has a number of
/// 4 bytes for each, which holds some bits of the id's hash too, so that an id is looked at only where it is most likely
/// the one: with a million of them a look costs more than anything else here.
///
/// Its code is inlined where it is used, so that it is compiled for the very kind of value that is kept.
public struct JobMap<Known> {
    @usableFromInline var ids: [JobID] = []
    @usableFromInline var known: [Known] = []

    /// Each is 0, or one more than a place in `ids` in its lower bits and bits of a hash in the others.
    ///
    /// There are a power of two of them, so a place needs just as many bits as a slot's own number.
    @usableFromInline var slots: [UInt32] = [0, 0]

    @inlinable public init() {}

    /// How many jobs there are; their places are counted from 0, in the order in which they came.
    @inlinable public var count: Int { ids.count }

    /// The job at a place, and what is known of it.
    @inlinable public subscript(place place: Int) -> (id: JobID, kept: Known) { (ids[place], known[place]) }

    /// What is known of the job.
    @inlinable public subscript(id: JobID) -> Known? {
        switch slot(of: id) {
        case .taken(let place): known[place]
        case .free: nil
        }
    }

    /// The place of a job; nil when nothing is known of it.
    @inlinable public func place(of id: JobID) -> Int? {
        switch slot(of: id) {
        case .taken(let place): place
        case .free: nil
        }
    }

    /// Notes what is known of the job now, in the light of what was known before, if anything was; nil changes nothing.
    @inlinable public mutating func update(_ id: JobID, _ value: (_ before: Known?) -> Known?) {
        switch slot(of: id) {
        case .taken(let place):
            if let value = value(known[place]) { known[place] = value }
        case .free(let slot, let hashBits):
            if let value = value(nil) { add(id, value, at: slot, hashBits) }
        }
    }

    /// Notes a job that is not known yet; one that is stays as it is, and that is returned.
    @inlinable public mutating func insert(_ id: JobID, _ value: Known) -> Known? {
        switch slot(of: id) {
        case .taken(let place):
            return known[place]
        case .free(let slot, let hashBits):
            add(id, value, at: slot, hashBits)
            return nil
        }
    }

    @usableFromInline enum Slot {
        case taken(place: Int)
        case free(slot: Int, hashBits: UInt32)
    }

    /// The bits of a slot that hold a place.
    @usableFromInline var placeBits: UInt32 { UInt32(truncatingIfNeeded: slots.count - 1) }

    @inlinable func slot(of id: JobID) -> Slot {
        let hash = UInt(bitPattern: id.hashValue)
        let placeBits = placeBits
        let hashBits = UInt32(truncatingIfNeeded: hash >> 32) & ~placeBits
        var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[slot] != 0 {
            let entry = slots[slot]
            let place = Int(entry & placeBits) - 1
            if entry & ~placeBits == hashBits, ids[place] == id { return .taken(place: place) }
            slot = (slot + 1) & (slots.count - 1)
        }
        return .free(slot: slot, hashBits: hashBits)
    }

    @inlinable mutating func add(_ id: JobID, _ value: Known, at slot: Int, _ hashBits: UInt32) {
        ids.append(id)
        known.append(value)
        slots[slot] = UInt32(ids.count) | hashBits
        // Beyond three quarters the searches become long; and a slot always stays free, which ends them.
        guard 4 * ids.count > 3 * slots.count else { return }
        let count = 2 * slots.count
        precondition(count <= 1 << 31, "there are fewer than 1.6 thousand million jobs")
        // Two tables at once would be the run's peak of memory.
        slots = []
        slots = [UInt32](repeating: 0, count: count)
        for place in ids.indices {
            guard case .free(let slot, let hashBits) = self.slot(of: ids[place]) else { continue }
            slots[slot] = UInt32(place + 1) | hashBits
        }
    }
}

extension JobMap: Sendable where Known: Sendable {}
