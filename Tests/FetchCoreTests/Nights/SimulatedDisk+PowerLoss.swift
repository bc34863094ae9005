import TestRandom

extension SimulatedDisk {
    /// What is left after a loss of power: of all that was not synced, any part may be lost.
    ///
    /// Names: the changes up to a moment, or any of them. Bytes: none, some of the first, or as many zeros. Records:
    /// those up to a moment, and perhaps a piece of the next.
    mutating func losePower(drawing random: inout SeededGenerator) {
        let isOrdered = Bool.random(using: &random)
        let kept = Int.random(in: 0...changes.count, using: &random)
        // A rename that is kept takes its file along, even if the file's creation was not kept as such.
        var seen = durableNames
        var survivors = durableNames
        for (index, change) in changes.enumerated() {
            let isKept = isOrdered ? index < kept : Bool.random(using: &random)
            if isKept, case .rename(let name, let other) = change {
                survivors[name] = nil
                survivors[other] = seen[name] ?? survivors[other]
            } else if isKept {
                Self.apply(change, to: &survivors)
            }
            Self.apply(change, to: &seen)
        }
        names = survivors
        durableNames = survivors
        changes = []
        for index in files.indices {
            files[index].bytes = Self.remains(of: files[index], drawing: &random)
            files[index].durable = files[index].bytes
            files[index].isSpoilt = false
        }
        let keptLines = Int.random(in: durableLines...lines.count, using: &random)
        isTorn = keptLines < lines.count ? Bool.random(using: &random) : isTorn && Bool.random(using: &random)
        lines.removeLast(lines.count - keptLines)
        durableLines = keptLines
    }

    private static func remains(of file: File, drawing random: inout SeededGenerator) -> [UInt8] {
        let durable = file.durable ?? []
        guard file.durable != file.bytes else { return durable }
        // A spoilt file's bytes are not on their way to the disk any more.
        let most = file.isSpoilt ? durable.count : file.bytes.count
        let kept = Int.random(in: min(durable.count, most)...most, using: &random)
        let start = file.bytes.prefix(kept)
        return Bool.random(using: &random) ? Array(start) : start + file.bytes.dropFirst(kept).map { _ in 0 }
    }
}
