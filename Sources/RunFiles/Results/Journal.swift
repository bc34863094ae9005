import FetchCore

/// The results file of earlier runs, read back line by line.
///
/// A record is written with one call, so a run that was killed, or a disk that filled up, leaves at most the beginning
/// of one at the very end. After a crash of the machine some file systems leave zero bytes there. That much is cut off;
/// anything else that is no record shows that the file is not, or not only, of this program's making, and then nothing
/// is changed in it.
struct Journal {
    /// What the records say.
    private(set) var index = JournalIndex()
    /// How the file has to be put in order before a record can follow.
    private(set) var repair = Repair.nothing

    enum Repair: Equatable {
        case nothing
        /// The last record is whole and only its newline is missing.
        case endLine
        /// From this byte on there is a torn record.
        case cut(at: Int)
    }

    enum Fault: Error, Equatable, CustomStringConvertible {
        case notReadable(SystemError)
        /// The line, counted from 1, is no record.
        case notARecord(line: Int)

        var description: String {
            switch self {
            case .notReadable(let error): "\(error)"
            case .notARecord(let line): "its line \(line) is no result record"
            }
        }
    }

    /// The longest manifest line, and three times as much for all that the API may have said, which is less.
    private static let lineLimit = 4 * LineBuffer.standardLimit

    /// How every record begins, and so how what is left of one does.
    private static let opening = Array(#"{"v":\#(RecordEncoding.version),"job_id":"#.utf8)

    /// Reads the whole file from where it stands.
    init(_ file: Descriptor) throws(Fault) {
        var lines = LineBuffer(limit: Self.lineLimit)
        var reader = RecordReader()
        var torn: Int?
        var ended = false
        while true {
            while let line = lines.nextLine(inputEnded: ended) {
                // Only the last line can be torn.
                if let torn { throw .notARecord(line: torn) }
                guard case .whole(let range) = line else { throw .notARecord(line: lines.number) }
                let text = lines.bytes.span.extracting(range)
                switch reader.line(text) {
                case .record(let record):
                    index.note(record)
                    if ended { repair = .endLine }
                case .notJSON where Self.mayBeTorn(text):
                    torn = lines.number
                    repair = .cut(at: lines.offset(of: range.lowerBound))
                case .notJSON, .otherJSON:
                    throw .notARecord(line: lines.number)
                }
            }
            guard !ended else { return }
            do {
                let count = try lines.fill { (space) throws(SystemError) in try file.read(into: space) }
                ended = count == 0
            } catch {
                throw .notReadable(error)
            }
        }
    }

    /// Whether a line begins as a record does, up to its end or to the first zero byte.
    private static func mayBeTorn(_ text: Span<UInt8>) -> Bool {
        for (place, expected) in zip(0..<text.count, opening) {
            if text[place] == 0 { return true }
            guard text[place] == expected else { return false }
        }
        return true
    }
}
