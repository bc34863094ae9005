public import FetchCore
public import Files
import Glibc

/// The lines of a results file, read once from where it stands.
///
/// A record is written with one call, so a run that was killed, or a disk that filled up, leaves at most the beginning
/// of one at the very end. After a crash of the machine some file systems leave zero bytes there.
public enum RecordLines {
    /// How the file ends.
    public enum Ending: Equatable {
        case whole
        /// The last record is whole and only its newline is missing.
        case withoutNewline
        /// From this byte on there is a torn record.
        case torn(at: Int)
    }

    /// The longest manifest line, and three times as much for all that the API may have said, which is less.
    private static let lineLimit = 4 * LineBuffer.standardLimit

    /// How every record begins, and so how what is left of one does.
    private static let opening = Array(#"{"v":\#(RecordFields.versionNumber),"job_id":"#.utf8)

    /// Reads to the end of the file, and passes on every record with the number of its line.
    ///
    /// `note` is given the reader too, for what else it wants of the line; false says that the line is no record after
    /// all. What is no record is an error, unless it is the last line and may be torn.
    public static func read(
        _ file: Descriptor,
        note: (_ record: PastRecord, _ line: Int, _ reader: RecordReader, _ text: Span<UInt8>) -> Bool
    ) throws(RecordLinesError) -> Ending {
        var lines = LineBuffer(limit: lineLimit)
        var reader = RecordReader()
        var torn: (line: Int, place: Int)?
        var ended = false
        var ending = Ending.whole
        while true {
            while let line = lines.nextLine(inputEnded: ended) {
                // Only the last line can be torn.
                if let torn { throw .notARecord(line: torn.line) }
                guard case .whole(let range) = line else { throw .notARecord(line: lines.number) }
                let text = lines.bytes.span.extracting(range)
                switch reader.line(text) {
                case .record(let record):
                    guard note(record, lines.number, reader, text) else { throw .notARecord(line: lines.number) }
                    if ended { ending = .withoutNewline }
                case .notJSON where mayBeTorn(text):
                    torn = (lines.number, lines.offset(of: range.lowerBound))
                case .notJSON, .otherJSON:
                    throw .notARecord(line: lines.number)
                }
            }
            guard !ended else { return torn.map { .torn(at: $0.place) } ?? ending }
            do {
                let count = try lines.fill { (space) throws(SystemError) in try file.read(into: space) }
                if count == nil { try file.waitForBytes() }
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

/// Why the lines of a results file cannot be read.
public enum RecordLinesError: Error, Equatable, CustomStringConvertible {
    case notReadable(SystemError)
    /// The line, counted from 1, is no record.
    case notARecord(line: Int)

    public var description: String {
        switch self {
        case .notReadable(let error): "\(error)"
        case .notARecord(let line): "its line \(line) is no result record"
        }
    }
}
