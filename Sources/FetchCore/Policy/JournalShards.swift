/// Which parts of the manifests the records of a journal are of: a run carries on with its own part alone.
///
/// Otherwise a changed or forgotten `--shard` would have jobs done again that another copy has done.
public struct JournalShards: Sendable {
    /// A part, and the first line that names it; the only part of all counts as none.
    private var first: (shard: Shard, line: Int)?
    /// The first part that is another than ``first``.
    private var second: (shard: Shard, line: Int)?
    /// A record is of a run over the whole.
    private var hasWhole = false

    public init() {}

    /// Takes in the part that the next record names.
    public mutating func note(_ shard: Shard?, line: Int) {
        guard let shard, !shard.isWhole else {
            hasWhole = true
            return
        }
        guard let known = first?.shard else {
            first = (shard, line)
            return
        }
        if second == nil, shard != known { second = (shard, line) }
    }

    /// What keeps a run from carrying on with the journal.
    public enum Mismatch: Equatable, Sendable {
        /// All records are of this part, and the run is over the whole.
        case onePart(Shard)
        /// A record, in this line, is of another part than the run.
        case otherPart(Shard, line: Int, run: Shard)
    }

    /// What keeps a run over this part, or over the whole if it is nil, from carrying on with the journal.
    ///
    /// A run over a part needs a journal in which no record names another. A run over the whole needs one whose records
    /// do not all name the same part, such as a merged one.
    public func mismatch(with shard: Shard?) -> Mismatch? {
        guard let shard, !shard.isWhole else {
            guard let first, second == nil, !hasWhole else { return nil }
            return .onePart(first.shard)
        }
        return [first, second].compactMap(\.self).first { $0.shard != shard }.map {
            .otherPart($0.shard, line: $0.line, run: shard)
        }
    }
}
