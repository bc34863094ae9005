import FetchCore
import Files

/// The results file of earlier runs, read back line by line.
///
/// The torn last record of a killed run is to be cut off. Any other line that is no record shows that something else has
/// written to the file, and then nothing is changed in it.
struct Journal {
    /// What the records say.
    private(set) var index = JournalIndex()
    /// Whose records they are.
    private(set) var shards = JournalShards()
    /// How the file has to be put in order before a record can follow.
    private(set) var repair = Repair.nothing

    enum Repair: Equatable {
        case nothing
        /// The last record is whole and only its newline is missing.
        case endLine
        /// From this byte on there is a torn record.
        case cut(at: Int)
    }

    /// Reads the whole file from where it stands, and keeps the images' names if that is asked.
    init(_ file: Descriptor, keepingNames: Bool = false) throws(RecordLinesError) {
        // Locals, so that the two are not copied for each record.
        var (index, shards) = (JournalIndex(keepingNames: keepingNames), JournalShards())
        let ending = try RecordLines.read(file) { record, line, reader, text in
            index.note(record)
            if keepingNames, case .job(let id, .downloaded) = record.end, let (name, mark) = reader.namedImage(in: text)
            {
                index.note(name, mark, of: id)
            }
            shards.note(record.shard, line: line)
            return true
        }
        (self.index, self.shards) = (index, shards)
        repair =
            switch ending {
            case .whole: .nothing
            case .withoutNewline: .endLine
            case .torn(let place): .cut(at: place)
            }
    }
}
