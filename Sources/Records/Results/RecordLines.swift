public import FetchCore
public import Files
import Glibc

/// Reads the lines of a results file, from its position to its end.
///
/// A record is written with one call. So a run that was killed, or a full disk, leaves at most the beginning of one
/// record, and at the end of the file. After a crash of the machine some file systems leave zero bytes there.
public enum RecordLines {
    /// How the file ends.
    public enum Ending: Equatable {
        case whole
        /// The last record is whole, but has no newline.
        case withoutNewline
        /// A torn record begins at this byte.
        case torn(at: Int)
    }

    /// Room for the longest manifest line, and three times as much for what the API said, which is less.
    private static let lineLimit = 4 * LineBuffer.standardLimit

    /// How every record begins, a torn one too.
    private static let opening = Array(#"{"v":\#(RecordFields.versionNumber),"job_id":"#.utf8)

    /// One line that is not blank.
    enum Line {
        case record(PastRecord)
        /// It is no record, but may be the beginning of one.
        case torn
        case other
    }

    /// Where a line stands.
    struct Place {
        /// From 1, blank lines counted.
        let line: Int
        /// Where its bytes are in the file, without the newline; empty if the line is longer than any record.
        let bytes: Range<Int>
        /// The line has no newline: the file ends there.
        let isUnterminated: Bool
    }

    /// Reads to the end of the file, and passes each record to `note` with the number of its line.
    ///
    /// `note` gets the reader too, to read more of the line. It returns false if the line is no record after all. A line
    /// that is no record is an error, unless it is the last one and may be torn.
    public static func read(
        _ file: Descriptor,
        note: (_ record: PastRecord, _ line: Int, _ reader: RecordReader, _ text: Span<UInt8>) -> Bool
    ) throws(RecordLinesError) -> Ending {
        var ending = Ending.whole
        var tornLine: Int?
        try scan(file) { (line, place, reader, text) throws(RecordLinesError) in
            // Only the last line can be torn.
            if let tornLine { throw .notARecord(line: tornLine) }
            switch line {
            case .record(let record):
                guard note(record, place.line, reader, text) else { throw .notARecord(line: place.line) }
                if place.isUnterminated { ending = .withoutNewline }
            case .torn:
                (tornLine, ending) = (place.line, .torn(at: place.bytes.lowerBound))
            case .other:
                throw .notARecord(line: place.line)
            }
        }
        return ending
    }

    /// Reads to the end of the file, and passes on every line that is not blank.
    static func scan(
        _ file: Descriptor,
        visit: (_ line: Line, _ place: Place, _ reader: RecordReader, _ text: Span<UInt8>) throws(RecordLinesError)
            -> Void
    ) throws(RecordLinesError) {
        var lines = LineBuffer(limit: lineLimit)
        var reader = RecordReader()
        var ended = false
        while !ended {
            do {
                let count = try lines.fill { (space) throws(SystemError) in try file.read(into: space) }
                if count == nil { try file.waitForBytes() }
                ended = count == 0
            } catch {
                throw .notReadable(error)
            }
            while let line = lines.nextLine(inputEnded: ended) {
                let range =
                    switch line {
                    case .whole(let range): range
                    case .tooLong: 0..<0
                    }
                let start = lines.offset(of: range.lowerBound)
                let place = Place(
                    line: lines.number, bytes: start..<start + range.count, isUnterminated: ended)
                let text = lines.bytes.span.extracting(range)
                try visit(range.isEmpty ? .other : self.line(text, &reader), place, reader, text)
            }
        }
    }

    private static func line(_ text: Span<UInt8>, _ reader: inout RecordReader) -> Line {
        switch reader.line(text) {
        case .record(let record): .record(record)
        case .notJSON where mayBeTorn(text): .torn
        case .notJSON, .otherJSON: .other
        }
    }

    /// Whether a line begins like a record, up to its end or to the first zero byte.
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
